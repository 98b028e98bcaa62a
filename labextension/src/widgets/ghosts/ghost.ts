/**
 * One ghost: a proposed cell, a change shown over a cell, or a bar at a cell.
 */
import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { PanelLayout, Widget } from '@lumino/widgets';

import { DiffView, SourceView } from './editor';
import type { ITextStyle } from './editor';
import type { IPlace, Kind } from './places';
import { revealed } from './reveal';

/** The class that review mode's key bindings look for. */
export const REVIEW_CLASS = 'llm-Review';

/** What a ghost asks for. */
export interface IGhostActions {
  accept(proposal: string, run: boolean): void;
  reject(proposal: string): void;
  cancel(proposal: string): void;
}

/** What a ghost needs to know beyond its place. */
export interface IGhostState {
  /** The buttons work: not while it streams, nor right after what is shown changed. */
  readonly armed: boolean;
  /** What came of the last try to accept; empty if nothing is to be said. */
  readonly remark: string;
  /** The model as the picker names it, which says whether it is a language model. */
  readonly model: string;
  styleOf(cellType: string): ITextStyle;
}

const NAMES: Record<Kind, string> = {
  insert: 'Proposed new cell',
  replace: 'Proposed change',
  delete: 'Proposed deletion',
  move: 'Proposed move',
  landing: 'Proposed place'
};

const SIGNS: Record<Kind, string> = {
  insert: '+',
  replace: '±',
  delete: '−',
  move: '↕',
  landing: '→'
};

/** The line at a move's destination: no title, no buttons, no part of the way by keyboard. */
export class Landing extends Widget {
  constructor() {
    super();
    this.addClass('llm-Landing');
    this.node.append(this.text);
    this.text.className = 'llm-Landing-label';
  }

  render(place: IPlace): void {
    this.text.textContent = `Cell ${place.position} would move here`;
  }

  private readonly text = document.createElement('span');
}

export class Ghost extends Widget {
  constructor(place: IPlace, languages: IEditorLanguageRegistry, actions: IGhostActions) {
    super();
    this.kind = place.kind;
    this.proposal = place.view.proposal.id;
    this.primary = place.primary;
    this.lost = place.lost;
    this.addClass('llm-Ghost');
    this.toggleClass('llm-mod-part', !place.primary);
    this.addClass(`llm-mod-${place.kind}`);
    this.addClass(REVIEW_CLASS);
    this.node.dataset.llmProposal = this.proposal;
    this.node.dataset.edit = String(place.edit.index);
    this.node.tabIndex = 0;
    this.node.setAttribute('role', 'group');
    this.layout = new PanelLayout();

    this.header = new GhostHeader(place, actions);
    (this.layout as PanelLayout).addWidget(this.header);
    if (place.kind === 'insert') {
      this.source = new SourceView(languages, 'Proposed source');
      (this.layout as PanelLayout).addWidget(this.source);
    } else if (place.kind === 'replace' && !place.lost) {
      this.diff = new DiffView(languages, 'Proposed change');
      (this.layout as PanelLayout).addWidget(this.diff);
    }
    // The notebook would take the focus, extend its selection, or turn a
    // rendered Markdown cell into its source; the editor would drop the focus.
    // Selecting and copying text are the browser's own.
    for (const type of ['mousedown', 'dblclick']) {
      this.node.addEventListener(type, event => event.stopPropagation(), true);
    }
  }

  readonly kind: Kind;
  readonly proposal: string;
  readonly lost: boolean;
  readonly primary: boolean;

  render(place: IPlace, state: IGhostState): void {
    const { view, edit } = place;
    const drafting = view.proposal.status === 'drafting';
    const stale = !drafting && (place.lost || view.stale || !edit.applies);
    this.toggleClass('llm-mod-stale', stale);
    this.toggleClass('llm-mod-drafting', drafting);
    this.node.setAttribute('aria-busy', String(drafting));
    this.node.setAttribute('aria-label', nameOf(place, stale));
    this.header.render(place, state, stale);

    const change = edit.edit;
    if (change.op === 'insert') {
      this.source?.render(change.source, state.styleOf(change.cell_type));
    } else if (change.op === 'replace') {
      const style = state.styleOf(change.cell_type);
      this.diff?.render(edit.before, change.source, drafting, style);
    }
  }

  private readonly header: GhostHeader;
  private readonly source: SourceView | null = null;
  private readonly diff: DiffView | null = null;
}

class GhostHeader extends Widget {
  constructor(place: IPlace, actions: IGhostActions) {
    super();
    this.addClass('llm-Ghost-header');
    const { id } = place.view.proposal;
    const sign = element('span', 'llm-Ghost-sign', SIGNS[place.kind]);
    sign.setAttribute('aria-hidden', 'true');
    const words = element('div', 'llm-Ghost-words');
    words.append(this.what, this.heading, this.state, this.model);
    const row = element('div', 'llm-Ghost-row');
    row.append(words);
    this.note.setAttribute('role', 'status');
    const main = element('div', 'llm-Ghost-main');
    main.append(row, this.note);
    this.node.append(sign, main);

    if (place.primary) {
      this.accept = button('Accept', 'y', () => actions.accept(id, false));
      this.run = button('Accept & run', 'Y', () => actions.accept(id, true));
      this.reject = button('Reject', 'n', () =>
        this.drafting ? actions.cancel(id) : actions.reject(id)
      );
      this.accept.classList.add('llm-mod-accept');
      const buttons = element('div', 'llm-Ghost-buttons');
      buttons.append(this.accept, this.run, this.reject);
      row.append(buttons);
    }
  }

  render(place: IPlace, state: IGhostState, stale: boolean): void {
    const { proposal, edits } = place.view;
    this.drafting = proposal.status === 'drafting';
    const first = place.primary;
    set(this.what, whatOf(place));
    set(
      this.heading,
      first ? revealed(titleOf(place)) : `part ${place.edit.index + 1} of ${edits.length}`
    );
    this.heading.title = this.heading.textContent ?? '';
    const parts = edits.length > 1 ? `${edits.length} parts` : '';
    set(this.state, first ? (this.drafting ? 'Writing…' : parts) : '');
    set(this.model, first ? revealed(state.model) : '');
    this.model.title = this.model.textContent ?? '';
    set(this.note, noteOf(place, state, stale));
    if (!this.accept || !this.run || !this.reject) {
      return;
    }
    enable(this.accept, state.armed);
    enable(this.run, state.armed);
    this.run.hidden = !edits.some(({ edit }) => isCode(edit));
    enable(this.reject, this.drafting || stale || state.armed);
    set(this.reject.firstElementChild!, this.drafting ? 'Cancel' : 'Reject');
    (this.reject.lastElementChild as HTMLElement).hidden = this.drafting;
  }

  private readonly what = element('span', 'llm-Ghost-what');
  private readonly heading = element('span', 'llm-Ghost-title');
  private readonly state = element('span', 'llm-Ghost-state');
  private readonly model = element('span', 'llm-Ghost-model');
  private readonly note = element('div', 'llm-Ghost-note');
  private readonly accept: HTMLButtonElement | null = null;
  private readonly run: HTMLButtonElement | null = null;
  private readonly reject: HTMLButtonElement | null = null;
  private drafting = false;
}

function isCode(edit: IPlace['edit']['edit']): boolean {
  return 'cell_type' in edit && edit.cell_type === 'code';
}

function titleOf({ view }: IPlace): string {
  const { title, origin } = view.proposal;
  return title || (origin.prompt.trim().split('\n')[0] ?? '');
}

function whatOf(place: IPlace): string {
  const change = place.edit.edit;
  switch (change.op) {
    case 'insert':
      return `New ${change.cell_type} cell`;
    case 'replace':
      return 'Proposed change';
    case 'delete':
      return 'Proposed deletion';
    case 'move':
      return place.destination
        ? `Proposed move: after cell ${place.destination}`
        : 'Proposed move: to the top';
  }
}

function nameOf(place: IPlace, stale: boolean): string {
  const change = place.edit.edit;
  const name = change.op === 'insert' ? `Proposed new ${change.cell_type} cell` : NAMES[place.kind];
  const count = place.view.edits.length;
  const part = count > 1 ? `, part ${place.edit.index + 1} of ${count}` : '';
  const old = stale ? 'Out of date: ' : '';
  return `${old}${name}: ${revealed(titleOf(place))}${part}`;
}

function noteOf(place: IPlace, state: IGhostState, stale: boolean): string {
  if (place.view.proposal.status === 'drafting') {
    return '';
  }
  if (!stale) {
    return place.primary ? state.remark : '';
  }
  if (place.lost) {
    return place.kind === 'insert'
      ? 'The cell that this would stand under is gone; ask again or reject.'
      : 'The cell that this would change is gone; ask again or reject.';
  }
  return place.edit.applies
    ? 'Another part of this proposal no longer fits the notebook; ask again or reject.'
    : 'You changed this cell since it was proposed; ask again or reject.';
}

function element(tag: string, className: string, text = ''): HTMLElement {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

/** Sets a text only where it differs, so that a live region speaks once and a selection stays. */
function set(node: Element, text: string): void {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Greyed out rather than `disabled`, which would throw the focus out of the ghost. */
function enable(node: HTMLButtonElement, on: boolean): void {
  node.setAttribute('aria-disabled', String(!on));
}

function button(text: string, key: string, act: () => void): HTMLButtonElement {
  const node = document.createElement('button');
  node.type = 'button';
  node.className = 'llm-Ghost-button';
  node.setAttribute('aria-keyshortcuts', key === 'Y' ? 'Shift+Y' : key);
  const hint = element('kbd', '', key);
  hint.setAttribute('aria-hidden', 'true');
  node.append(element('span', '', text), hint);
  node.addEventListener('click', () => {
    if (node.getAttribute('aria-disabled') !== 'true') {
      act();
    }
  });
  return node;
}
