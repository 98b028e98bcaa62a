/**
 * One ghost: a proposed cell, a change shown over a cell, or a bar at a cell.
 */
import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { Widget } from '@lumino/widgets';

import type { Insert, Proposal, Replace } from '../../protocol.gen';
import { remarks } from '../../remarks';
import { KEYS } from './actions';
import type { IGhostActions, IGhostState, ITarget } from './actions';
import { StaleChoices } from './choices';
import { Button, element, set, show } from './dom';
import { FollowUp } from './follow-up';
import { GhostPreview } from '../previews/ghost-preview';
import { GhostEditor } from './ghost-editor';
import { GhostHeader } from './header';
import type { Painter } from './painting';
import { hasHunks, keyOf } from './parts';
import type { IPlace, Kind } from './places';
import { DiffView, SourceView } from './text-view';
import { nameOf } from './words';

/** The class that review mode's key bindings look for. */
export const REVIEW_CLASS = 'llm-Review';

export class Ghost extends Widget {
  constructor(
    place: IPlace,
    private readonly painter: Painter,
    private readonly languages: IEditorLanguageRegistry,
    private readonly actions: IGhostActions
  ) {
    super();
    this.kind = place.kind;
    this.proposal = place.view.proposal.id;
    this.key = keyOf(place.edit.edit);
    this.primary = place.primary;
    this.lost = place.lost;
    this.target = { proposal: this.proposal, key: this.key };
    this.addClass('llm-Ghost');
    this.toggleClass('llm-mod-part', !place.primary);
    this.addClass(`llm-mod-${place.kind}`);
    this.addClass(REVIEW_CLASS);
    const { node } = this;
    node.dataset.llmProposal = this.proposal;
    node.dataset.llmKey = this.key;
    node.tabIndex = 0;
    node.setAttribute('role', 'group');
    this.header = new GhostHeader(place, this.target, actions);
    this.preview = new GhostPreview(this.target, actions);
    this.doubts.setAttribute('aria-label', 'Look closely');
    show(this.doubts, false);
    node.append(this.header.node, this.doubts, this.body, this.preview.node, this.foot);
    // The notebook would take the focus, extend its selection, or turn a
    // rendered Markdown cell into its source. Selecting and copying text are
    // the browser's own.
    for (const type of ['mousedown', 'dblclick']) {
      node.addEventListener(type, event => event.stopPropagation(), true);
    }
  }

  readonly kind: Kind;
  readonly proposal: string;
  readonly key: string;
  readonly lost: boolean;
  readonly primary: boolean;

  override dispose(): void {
    if (!this.isDisposed) {
      this.editor?.dispose();
      this.followUp?.dispose();
      this.preview.dispose();
    }
    super.dispose();
  }

  render(place: IPlace, state: IGhostState): void {
    const { view, edit } = place;
    const drafting = view.proposal.status === 'drafting';
    const stale = !drafting && (place.lost || !edit.applies);
    const marked = state.mark?.key === this.key && state.mark.hunk === null;
    this.toggleClass('llm-mod-stale', stale);
    this.toggleClass('llm-mod-drafting', drafting);
    this.toggleClass('llm-mod-marked', marked);
    this.node.dataset.edit = String(edit.index);
    this.node.setAttribute('aria-busy', String(drafting));
    this.node.setAttribute('aria-label', nameOf(place, stale));
    this.header.render(place, state, stale);
    this.renderChoices(place, state, stale);
    if (!this.renderEditor(place, state)) {
      this.renderText(place, state, drafting);
    }
    const line = this.preview.render(place, state);
    (this.source ?? this.diff)?.markLine(line);
    this.renderFollowUp(state);
  }

  /** What is to be in view for a hunk, or for the ghost as a whole. */
  part(hunk: number | null): HTMLElement {
    return (hunk === null ? null : this.diff?.hunkNode(hunk)) ?? this.node;
  }

  focusEditor(): boolean {
    this.editor?.focus();
    return this.editor !== null;
  }

  focusFollowUp(): boolean {
    this.followUp?.focus();
    return this.followUp !== null;
  }

  private renderText(place: IPlace, state: IGhostState, drafting: boolean): void {
    const change = place.edit.edit;
    if (!('source' in change) || state.both || (place.lost && change.op === 'replace')) {
      this.use('');
      return;
    }
    this.renderRemarks(place, change);
    const before = state.since ? sourceIn(state.since, change, place.edit.before) : null;
    const base = before ?? (change.op === 'replace' ? place.edit.before : null);
    this.use(base === null ? 'source' : 'diff');
    const style = state.styleOf(change.cell_type);
    this.source?.render(change.source, style);
    const split = before === null && !drafting && hasHunks(place.edit);
    const hunks = split
      ? {
          armed: state.settled && place.view.proposal.status === 'pending',
          marked: state.mark?.key === this.key ? state.mark.hunk : null,
          accept: state.key(KEYS.accept),
          reject: state.key(KEYS.reject)
        }
      : null;
    this.diff?.render(base ?? '', change.source, drafting, style, hunks);
  }

  /** What is easily overlooked in it. It is said while the text stands there. */
  private renderRemarks(place: IPlace, change: Insert | Replace): void {
    const base = change.op === 'replace' ? place.edit.before : '';
    const key = `${change.cell_type}|${base}|${change.source}`;
    if (key !== this.remarked) {
      this.remarked = key;
      const said = remarks(change.source, base, change.cell_type === 'markdown');
      this.doubts.replaceChildren(...said.map(text => element('li', '', text)));
      show(this.doubts, said.length > 0);
    }
  }

  private use(view: '' | 'diff' | 'source'): void {
    if (view !== 'diff' && this.diff) {
      this.diff.node.remove();
      this.diff = null;
    }
    if (view !== 'source' && this.source) {
      this.source.node.remove();
      this.source = null;
    }
    if (view === 'source' && !this.source) {
      this.source = new SourceView(this.painter, 'Proposed source');
      this.body.append(this.source.node);
    } else if (view === 'diff' && !this.diff) {
      this.diff = new DiffView(this.painter, 'Proposed change', {
        acceptHunk: hunk => this.actions.accept({ ...this.target, hunk }, false),
        rejectHunk: hunk => this.actions.reject({ ...this.target, hunk })
      });
      this.body.append(this.diff.node);
    }
  }

  private renderEditor(place: IPlace, state: IGhostState): boolean {
    const { draft } = state;
    const change = place.edit.edit;
    if (!draft || !('source' in change)) {
      this.editor?.dispose();
      this.editor = null;
      this.editorBar?.remove();
      this.editorBar = null;
      return false;
    }
    this.use('');
    if (!this.editor) {
      this.editor = new GhostEditor(draft, state.styleOf(change.cell_type), this.languages, {
        changed: () => this.actions.typed(this.target, draft),
        leave: () => this.actions.leaveEditor(this.target)
      });
      const accept = new Button('Accept as edited', 'llm-mod-small llm-mod-accept', () =>
        this.actions.acceptEdited(this.target)
      );
      const done = new Button('Done', 'llm-mod-small', () => this.actions.leaveEditor(this.target));
      accept.hint('Accept with your changes', state.key(KEYS.acceptEdited));
      done.hint('Keep your changes and go on reviewing', 'Esc');
      this.editorBar = element('div', 'llm-Ghost-buttons llm-GhostEditor-bar');
      this.editorBar.append(accept.node, done.node, this.said);
      this.body.append(this.editor.node, this.editorBar);
    }
    set(this.said, draft.isUnsaved ? '' : 'kept');
    return true;
  }

  private renderChoices(place: IPlace, state: IGhostState, stale: boolean): void {
    if (stale) {
      if (!this.choices) {
        this.choices = new StaleChoices(this.target, this.painter, this.actions);
        this.body.prepend(this.choices.node);
      }
      this.choices.render(place, state);
    } else {
      this.choices?.node.remove();
      this.choices = null;
    }
  }

  private renderFollowUp({ followUp }: IGhostState): void {
    if (followUp === null || !this.primary) {
      this.followUp?.dispose();
      this.followUp = null;
    } else if (!this.followUp) {
      this.followUp = new FollowUp(followUp, {
        asked: (isAsked, isHere) => this.actions.followUpAsked(this.proposal, isAsked, isHere),
        leave: () => this.actions.leaveFollowUp(this.proposal)
      });
      this.foot.append(this.followUp.node);
    }
  }

  private readonly target: ITarget & { readonly key: string };
  private readonly header: GhostHeader;
  private readonly preview: GhostPreview;
  private readonly doubts = element('ul', 'llm-Remarks');
  private readonly body = element('div', 'llm-Ghost-body');
  private readonly foot = element('div', 'llm-Ghost-foot');
  private readonly said = element('span', 'llm-Ghost-quiet');
  private remarked = '';
  private source: SourceView | null = null;
  private diff: DiffView | null = null;
  private editor: GhostEditor | null = null;
  private editorBar: HTMLElement | null = null;
  private choices: StaleChoices | null = null;
  private followUp: FollowUp | null = null;
}

/** A cell's source as another version would leave it; null where that has no such cell. */
function sourceIn(version: Proposal, edit: Insert | Replace, now: string): string | null {
  const other = version.edits.find(
    ({ op, cell_id }) => cell_id === edit.cell_id && (op === 'insert' || op === 'replace')
  );
  return other && 'source' in other ? other.source : edit.op === 'replace' ? now : null;
}
