/**
 * Where a person decides: what the keys act on, and what was done so far.
 *
 * The keys act on what is marked: a hunk, a cell, or, where nothing is marked,
 * all of the proposal. The mark is the person's: it moves by j and k, by going
 * to another ghost, and to the next part once one was decided about.
 */
import type { IEditView, IProposalView, IReview } from '../../tokens';
import type { IGhostActions, ITarget } from './actions';
import { Drafts } from './drafts';
import type { IDraft } from './ghost-editor';
import { nameOf, toggle } from './notes';
import { afterDecision, indexOf, keyOf, step } from './parts';
import type { IMark } from './parts';
import { ThreadDesk } from './thread-desk';
import type { IDeskStage } from './thread-desk';
import type { Unsent } from '../unsent';
import { spoken } from './words';

const NOT_NOW = 'It changed just now. Look at it, then decide.';

const desks = new WeakMap<IReview, Desk>();

/** The desk of a notebook whose ghosts are shown. */
export function deskOf(review: IReview | null): Desk | null {
  return (review && desks.get(review)) ?? null;
}

export class Desk extends ThreadDesk implements IGhostActions {
  constructor(review: IReview, stage: IDeskStage, unsent: Unsent) {
    super(review, stage, unsent);
    this.drafts = new Drafts(review, this.notes, () => stage.schedule());
    desks.set(review, this);
  }

  dispose(): void {
    this.disposed = true;
    this.drafts.dispose();
    desks.delete(this.review);
  }

  /** What the keys act on; null for all of the proposal that has them. */
  get mark(): IMark | null {
    return this.marked?.proposal === this.review.focused ? this.marked : null;
  }

  /** What the keys act on, as a target; null outside of review mode. */
  get target(): ITarget | null {
    const { focused } = this.review;
    const { mark } = this;
    return focused === null ? null : mark ? targetOf(mark) : { proposal: focused };
  }

  /** Before anything is drawn: a mark on what is no longer there goes. */
  follow(): void {
    this.drafts.follow();
    const { mark } = this;
    if (!mark) {
      this.marked = null;
      return;
    }
    const stops = this.stage.stops(mark.proposal);
    if (!this.deciding && indexOf(stops, mark) < 0) {
      const cell = stops.find(stop => stop.key === mark.key && stop.hunk === null);
      this.setMark(cell ?? null, mark.proposal);
    }
  }

  /** The keyboard came to a ghost. */
  stand(proposal: string, key: string, primary: boolean): void {
    if (this.marked?.proposal === proposal && this.marked.key === key) {
      return;
    }
    const stop = this.stage.stops(proposal).find(item => item.key === key && item.hunk === null);
    this.setMark(primary ? null : (stop ?? null), proposal);
  }

  /** To the next part (1) or the one before (-1). */
  step(by: 1 | -1): void {
    const { focused } = this.review;
    if (focused !== null) {
      const stops = this.stage.stops(focused);
      this.setMark(step(stops, this.mark, by), focused);
      this.turn(focused);
    }
  }

  /** Take the mark away; false where there was none. */
  unmark(): boolean {
    const { mark } = this;
    if (mark) {
      this.setMark(null, mark.proposal);
      this.turn(mark.proposal);
    }
    return mark !== null;
  }

  accept(target: ITarget, run: boolean, hand = this.review.hand()): void {
    void this.decide(target, async (view, edit) => {
      if (view.proposal.status === 'pending' && !this.stage.isSettled(target.proposal)) {
        return NOT_NOW;
      }
      const part = edit && partOf(view, edit, target);
      const result = await this.review.accept(
        target.proposal,
        part ? { run, part, hand } : { run, hand }
      );
      return result.outcome === 'accepted' ? '' : result.reason;
    });
  }

  reject(target: ITarget): void {
    void this.decide(target, (view, edit) => {
      if (target.key !== undefined && edit?.applies && !this.stage.isSettled(target.proposal)) {
        return Promise.resolve(NOT_NOW);
      }
      this.review.reject(target.proposal, edit && partOf(view, edit, target));
      return Promise.resolve('');
    });
  }

  cancel(proposal: string): void {
    this.review.cancel(proposal);
  }

  // -- editing --------------------------------------------------------------

  edit(target: ITarget): void {
    const edit = this.editOf(target);
    if (edit && this.drafts.begin(target.proposal, edit)) {
      this.stage.sync();
      const whole = { proposal: target.proposal, key: keyOf(edit.edit) };
      this.stage.focusEditor(whole);
      this.stage.turnTo(whole);
    }
  }

  typed(target: ITarget, draft: IDraft): void {
    this.drafts.typed(target, draft);
  }

  leaveEditor(target: ITarget): void {
    this.drafts.finish(target);
    this.stage.sync();
    this.stage.turnTo(target);
  }

  acceptEdited({ proposal, key }: ITarget): void {
    const target = { proposal, key: key ?? keyAtFocus() };
    const hand = this.review.hand();
    const text = this.drafts.finish(target);
    this.stage.sync();
    this.stage.turnTo(target);
    // Their own text has stood still for them; the rest of the page has to see it first.
    void this.settled(target.proposal).then(() => {
      const now = this.editOf(target)?.edit;
      if (now && 'source' in now && now.source === text) {
        this.accept(target, false, hand);
      }
    });
  }

  // -- stale edits and moves --------------------------------------------------

  seeBoth(target: ITarget): void {
    const edit = this.editOf(target);
    if (edit && !edit.applies && edit.edit.op === 'replace') {
      toggle(this.notes.both, nameOf(target.proposal, keyOf(edit.edit)));
      this.stage.sync();
    }
  }

  rebase(target: ITarget): void {
    const edit = this.editOf(target);
    if (edit) {
      this.notes.both.delete(nameOf(target.proposal, keyOf(edit.edit)));
      this.review.rebase(target.proposal, edit.index);
      this.stage.sync();
      this.stage.turnTo({ proposal: target.proposal, key: keyOf(edit.edit) });
    }
  }

  otherEnd(target: ITarget): void {
    const edit = this.editOf(target);
    if (edit?.edit.op === 'move') {
      const end = { proposal: target.proposal, key: keyOf(edit.edit) };
      if (document.activeElement?.closest('.llm-Landing')) {
        this.stage.turnTo(end);
      } else {
        this.stage.turnToLanding(end);
      }
    }
  }

  // ---------------------------------------------------------------------------

  private async decide(
    target: ITarget,
    act: (view: IProposalView, edit: IEditView | undefined) => Promise<string>
  ): Promise<void> {
    const { proposal } = target;
    const view = this.view(proposal);
    const edit = target.key === undefined ? undefined : this.editOf(target);
    if (!view || (target.key !== undefined && !edit)) {
      return;
    }
    const before = this.stage.stops(proposal);
    this.deciding = true;
    const problem = await act(view, edit).finally(() => (this.deciding = false));
    if (this.disposed) {
      return;
    }
    this.remark(proposal, problem);
    const now = this.view(proposal);
    if (!problem && target.key !== undefined && now?.proposal.status === 'pending') {
      const decided = { proposal, key: target.key, hunk: target.hunk ?? null };
      this.setMark(afterDecision(before, decided, this.stage.stops(proposal)), proposal);
      this.turn(proposal);
    }
  }

  private setMark(mark: IMark | null, proposal: string): void {
    this.marked = mark && { proposal, key: mark.key, hunk: mark.hunk };
    const view = this.view(proposal);
    if (view) {
      this.stage.announce(spoken(view, this.marked, command => this.stage.key(command)));
    }
    this.stage.schedule();
  }

  protected unmarkHunk(proposal: string): void {
    const { mark } = this;
    if (mark && mark.hunk !== null) {
      const cell = this.stage.stops(proposal).find(stop => stop.key === mark.key);
      this.setMark(cell && cell.hunk === null ? cell : null, proposal);
    }
  }

  protected turn(proposal: string): void {
    this.stage.turnTo(this.marked ? targetOf(this.marked) : { proposal });
  }

  /** The edit that is meant; of a whole proposal its only one, or the first that has a place. */
  private editOf({ proposal, key }: ITarget): IEditView | undefined {
    const edits = this.view(proposal)?.edits ?? [];
    const wanted = key ?? this.stage.stops(proposal)[0]?.key;
    return wanted === undefined ? edits[0] : edits.find(({ edit }) => keyOf(edit) === wanted);
  }

  private async settled(proposal: string): Promise<void> {
    for (let i = 0; i < 40 && !this.disposed && !this.stage.isSettled(proposal); i++) {
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  private readonly drafts: Drafts;
  private marked: IMark | null = null;
  private deciding = false;
  private disposed = false;
}

/** The edit whose ghost has the keyboard. */
function keyAtFocus(): string {
  return document.activeElement?.closest<HTMLElement>('.llm-Ghost')?.dataset.llmKey ?? '';
}

function targetOf({ proposal, key, hunk }: IMark): ITarget {
  return hunk === null ? { proposal, key } : { proposal, key, hunk };
}

/** A proposal's only edit is the proposal. */
function partOf(view: IProposalView, { index }: IEditView, { hunk }: ITarget) {
  return hunk !== undefined
    ? { edit: index, hunk }
    : view.edits.length > 1
      ? { edit: index }
      : undefined;
}
