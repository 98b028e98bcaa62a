/** One line for a proposal's dry run: where it stands, what changes, what can be done. */
import type { IDryRunOptions, IPreviewView } from '../../previewing';
import { Button, element, set, show } from '../ghosts/dom';
import { offersOf, type IOffer } from './offers';
import { badgeOf, durationOf, lineOf, whyOf, type NumberOf } from './words';

export interface IBarActions {
  preview(options: IDryRunOptions): void;
  stop(): void;
  repair(): void;
  /** Take it as it is. */
  accept(): void;
}

export interface IBarState {
  readonly view: IPreviewView;
  readonly numberOf: NumberOf;
  /** The key of preview; empty where it would do something else now. */
  readonly key: string;
  /** Rows of a sample. */
  readonly sample: number;
  /** Accept works now. */
  readonly canAccept: boolean;
}

/** Making one and ending it is one button, so that the keyboard stays on it. */
const ACTS = ['preview', 'sample', 'repair', 'accept'] as const;
type Act = (typeof ACTS)[number];

function placeOf({ act }: IOffer): Act {
  return act === 'stop' ? 'preview' : act;
}

export class PreviewBar {
  constructor(private readonly actions: IBarActions) {
    const buttons = element('div', 'llm-Ghost-buttons');
    this.buttons = new Map(
      ACTS.map(act => {
        const look = act === 'accept' ? 'llm-mod-quiet' : 'llm-mod-small';
        const button = new Button('', look, () => this.act(act));
        buttons.append(button.node);
        return [act, button];
      })
    );
    this.progress.append(this.elapsed);
    this.progress.setAttribute('aria-hidden', 'true');
    const row = element('div', 'llm-PreviewBar-row');
    row.append(this.badge, this.line, buttons);
    this.node.append(row, this.why, this.progress);
    this.node.setAttribute('role', 'group');
    this.node.setAttribute('aria-label', 'Preview');
  }

  readonly node = element('div', 'llm-PreviewBar');

  render({ view, numberOf, key, sample, canAccept }: IBarState): void {
    const { preview, isGoingOn } = view;
    const { text, mood } = badgeOf(view, numberOf);
    set(this.badge, text);
    this.badge.dataset.mood = mood;
    set(this.line, lineOf(view));
    this.line.title = this.line.textContent ?? '';
    const why = whyOf(view);
    set(this.why, why);
    show(this.why, why !== '');

    this.offers = offersOf(view, sample);
    const focused = document.activeElement;
    for (const [act, button] of this.buttons) {
      const offer = this.offers.find(item => placeOf(item) === act);
      button.show(!!offer);
      if (!offer && focused === button.node) {
        this.buttons.get('preview')?.node.focus({ preventScroll: true });
      }
      if (offer) {
        button.name(offer.label);
        button.hint(offer.title, act === 'preview' ? key : '');
        button.enable(offer.isEnabled && (act !== 'accept' || canAccept));
      }
    }
    this.renderProgress(isGoingOn && preview?.status === 'running' ? preview : null);
  }

  private act(place: Act): void {
    const { actions } = this;
    const offer = this.offers.find(item => placeOf(item) === place);
    switch (offer?.act) {
      case 'preview':
      case 'sample':
        return actions.preview(offer.options);
      case 'stop':
        return actions.stop();
      case 'repair':
        return actions.repair();
      case 'accept':
        return actions.accept();
      default:
        return;
    }
  }

  /** Moves by itself between two words of the kernel. */
  private renderProgress(
    running: { readonly budget: number; readonly seconds: number } | null
  ): void {
    show(this.elapsed, running !== null);
    const key = running ? String(running.budget) : '';
    if (key !== this.budget) {
      this.budget = key;
      if (running) {
        const { style } = this.elapsed;
        style.animationDuration = `${running.budget}s`;
        style.animationDelay = `-${Math.min(running.seconds, running.budget)}s`;
        this.progress.title = `Up to ${durationOf(running.budget)}`;
      }
    }
  }

  private readonly badge = element('span', 'llm-PreviewBar-badge');
  private readonly line = element('span', 'llm-PreviewBar-line');
  private readonly why = element('div', 'llm-PreviewBar-why');
  private readonly progress = element('div', 'llm-PreviewBar-progress');
  private readonly elapsed = element('div', 'llm-PreviewBar-elapsed');
  private readonly buttons: ReadonlyMap<Act, Button>;
  private offers: ReadonlyArray<IOffer> = [];
  private budget = '';
}
