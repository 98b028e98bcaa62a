/**
 * Asking in place: a prompt at the active cell, about the selected lines or
 * cells. What is typed is kept by cell until it was asked and heard.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import type { IAskOptions, IProposalView, IReview } from '../../tokens';
import { CellBars, type IBar } from '../cell-bars';
import { button, plain, redraw } from '../dom';
import { bringIntoView } from '../ghosts/scroll';
import type { IKeys } from '../keys';
import { liveNodes, whyNot } from '../live';
import { isOpen } from '../names';
import type { Unsent } from '../unsent';
import { goBack, standOf, type IStand } from './place';
import { InPlacePrompt } from './prompt';
import { scopeOf } from './scope';

interface IOpen {
  readonly cell: string;
  readonly label: string;
  readonly about: Pick<IAskOptions, 'target' | 'scope'>;
  readonly stand: IStand;
}

/** An ask that was made at a cell, until there is something to decide or to put away. */
interface IAsked {
  readonly id: string;
  readonly cell: string;
  readonly label: string;
  readonly words: string;
}

const PROMPT = 'prompt';

export class InPlace implements IDisposable {
  constructor(
    private readonly review: IReview,
    private readonly unsent: Unsent,
    private readonly keys: IKeys
  ) {
    this.bars = new CellBars(review.panel.content);
    review.changed.connect(this.follow, this);
    review.panel.content.model?.cells.changed.connect(this.draw, this);
    review.panel.disposed.connect(this.dispose, this);
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (!this.disposed) {
      this.disposed = true;
      Signal.clearData(this);
      this.bars.dispose();
    }
  }

  /** Open the prompt at the active cell, or go on in the one that is open there. */
  open(): void {
    const notebook = this.review.panel.content;
    const stand = standOf(notebook);
    const at = scopeOf(notebook);
    if (!stand || !at) {
      return;
    }
    if (this.current?.cell === stand.cell && this.prompt()?.node.contains(document.activeElement)) {
      return;
    }
    this.current = null;
    this.draw();
    this.current = {
      cell: stand.cell,
      label: at.label,
      about: { target: stand.cell, scope: at.scope },
      stand
    };
    this.draw();
    this.prompt()?.focus();
    this.reveal();
  }

  /** Put the prompt away, and the person back where they were. */
  private leave(): void {
    const { current } = this;
    this.current = null;
    if (current) {
      const hadFocus = this.prompt()?.node.contains(document.activeElement) ?? false;
      if (hadFocus) {
        goBack(this.review.panel.content, current.stand);
      }
      this.draw();
      if (hadFocus) {
        // The prompt took room above the cell, which is given back.
        this.review.panel.content.outerNode.scrollTop = current.stand.scroll;
      }
    }
  }

  /** @returns Whether it was sent. */
  private ask(words: string): boolean {
    const { current, review } = this;
    const id = current && review.ask(words, this.aboutOf(current));
    if (!current || id === null) {
      return false;
    }
    this.asked.push({ id, cell: current.cell, label: current.label, words });
    this.leave();
    return true;
  }

  private follow(): void {
    for (const one of [...this.asked]) {
      const view = this.viewOf(one);
      if (view?.confirmed && this.wordsAt(one.cell) === one.words) {
        this.unsent.sent(placeOf(one.cell));
      }
      if (!view || isOver(view)) {
        this.asked.splice(this.asked.indexOf(one), 1);
      }
    }
    this.draw();
  }

  private viewOf({ id }: IAsked): IProposalView | undefined {
    return this.review.proposals.find(
      view => view.proposal.id === id || view.versions.includes(id)
    );
  }

  private readonly draw = (): void => {
    const bars: IBar[] = this.asked.map(one => ({
      key: one.id,
      cell: one.cell,
      at: 'top',
      make: () =>
        new AskedLine({
          review: this.review,
          keys: this.keys,
          label: one.label,
          view: () => this.viewOf(one),
          onAgain: () => this.again(one)
        })
    }));
    const { current } = this;
    if (current) {
      bars.push({
        key: PROMPT,
        cell: current.cell,
        at: 'top',
        make: () =>
          new InPlacePrompt({
            review: this.review,
            label: current.label,
            about: () => this.aboutOf(current),
            words: this.wordsAt(current.cell),
            typed: words => this.unsent.set(placeOf(current.cell), words),
            takeOut: pieces => this.unsent.takeOut(placeOf(current.cell), pieces),
            ask: words => this.ask(words),
            leave: () => this.leave()
          })
      });
    }
    this.bars.set(bars);
  };

  /** The words back into the prompt, at the same cell. */
  private again(one: IAsked): void {
    const notebook = this.review.panel.content;
    const index = notebook.widgets.findIndex(cell => cell.model.id === one.cell);
    this.unsent.set(placeOf(one.cell), one.words);
    this.unsent.takeOut(placeOf(one.cell), this.review.version(one.id)?.origin.without ?? []);
    this.asked.splice(this.asked.indexOf(one), 1);
    this.review.dismiss(one.id);
    if (index >= 0) {
      notebook.activeCellIndex = index;
      this.open();
    }
  }

  private reveal(): void {
    const notebook = this.review.panel.content;
    const cell = notebook.activeCell;
    const node = (): HTMLElement | null => this.prompt()?.node ?? null;
    if (cell) {
      void bringIntoView(notebook, cell, node, () => this.current !== null);
    }
  }

  private aboutOf({ about, cell }: IOpen): IAskOptions {
    return { ...about, without: this.unsent.takenOut(placeOf(cell)) };
  }

  private wordsAt(cell: string): string {
    return this.unsent.get(placeOf(cell));
  }

  private prompt(): InPlacePrompt | null {
    const widget = this.bars.get(PROMPT);
    return widget instanceof InPlacePrompt ? widget : null;
  }

  private readonly bars: CellBars;
  private readonly asked: IAsked[] = [];
  private current: IOpen | null = null;
  private disposed = false;
}

function placeOf(cell: string): string {
  return `cell:${cell}`;
}

/** A ghost speaks for it now, or nothing does any more. */
function isOver({ proposal: { status } }: IProposalView): boolean {
  return ['pending', 'queued', 'accepted', 'rejected', 'superseded'].includes(status);
}

interface ILineOptions {
  readonly review: IReview;
  readonly keys: IKeys;
  readonly label: string;
  readonly view: () => IProposalView | undefined;
  readonly onAgain: () => void;
}

class AskedLine extends Widget {
  constructor(private readonly options: ILineOptions) {
    super();
    this.addClass('llm-InPlace');
    this.addClass('llm-mod-asked');
    this.node.setAttribute('role', 'status');
    options.review.changed.connect(this.draw, this);
    this.draw();
  }

  private draw(): void {
    const { review, keys, label, onAgain } = this.options;
    const view = this.options.view();
    if (this.isDisposed || !view || view === this.drawn) {
      return;
    }
    this.drawn = view;
    const { id, status } = view.proposal;
    const onAway = isOpen(view) ? undefined : () => review.dismiss(id);
    const nodes: Node[] = [
      plain('span', 'llm-InPlace-label', label),
      ...liveNodes({ review, view, keys, hasTitle: false, onAway })
    ];
    if (status === 'failed' || status === 'cancelled' || status === 'declined') {
      const again = button(
        'Change the words',
        'Back to the prompt, with your words',
        onAgain
      ) as HTMLButtonElement;
      again.disabled = whyNot(review) !== '';
      nodes.push(again);
    }
    redraw(this.node, nodes);
  }

  private drawn: IProposalView | undefined;
}
