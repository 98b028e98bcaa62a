/**
 * The proposals that a page knows, and what it has decided on them.
 *
 * A decision counts here at once. Until the kernel repeats it, an older word of
 * the kernel's does not take it back.
 */
import type { Growth, Proposal, Status, Streamed, Verdict } from '../protocol.gen';
import type { IEditView, IProposalView } from '../tokens';
import { viewEdits, type ICells } from './edits';

/** One proposal as this page knows it. */
export class Entry {
  constructor(
    public proposal: Proposal,
    public confirmed: boolean
  ) {}

  /** This page's decision that the kernel has not repeated yet. */
  decision: { readonly verdict: Verdict; sent: boolean } | null = null;
  /** When what is shown of it last changed. */
  shownAt = 0;

  get open(): boolean {
    return this.proposal.status === 'drafting' || this.proposal.status === 'pending';
  }

  /** Take the kernel's word for how it stands. */
  take(proposal: Proposal): void {
    this.confirmed = true;
    const decided = this.decision && statusAfter(this.decision.verdict);
    if (decided === null || decided === proposal.status) {
      this.decision = null;
      this.proposal = proposal;
    } else {
      this.proposal = { ...proposal, status: decided };
    }
  }

  decide(verdict: Verdict, sent: boolean): void {
    this.decision = { verdict, sent };
    this.proposal = { ...this.proposal, status: statusAfter(verdict) };
  }

  /** Add what has streamed in. */
  grow(more: Streamed): void {
    if (this.proposal.status !== 'drafting') {
      return;
    }
    this.confirmed = true;
    const { title, rationale, answer, edits } = this.proposal;
    this.proposal = {
      ...this.proposal,
      title: more.title || title,
      rationale: more.rationale || rationale,
      answer: answer + more.answer,
      edits: more.growth.reduce(grown, edits)
    };
  }

  /** The proposal against the notebook; the same object while nothing that is shown changes. */
  view(cells: ICells, now: number): IProposalView {
    const { proposal, confirmed } = this;
    const edits = viewEdits(proposal.edits, cells);
    const last = this._view;
    if (
      last &&
      last.proposal === proposal &&
      last.confirmed === confirmed &&
      sameViews(last.edits, edits)
    ) {
      return last;
    }
    const pending = proposal.status === 'pending';
    const holds = edits.every(edit => edit.applies);
    if (!last || shows(last) !== pending || !sameViews(last.edits, edits)) {
      this.shownAt = now;
    }
    this._view = {
      proposal,
      edits,
      acceptable: pending && edits.length > 0 && holds,
      stale: pending && !holds,
      confirmed
    };
    return this._view;
  }

  private _view: IProposalView | null = null;
}

function statusAfter(verdict: Verdict): Status {
  return verdict === 'reopened' ? 'pending' : verdict;
}

function shows(view: IProposalView): boolean {
  return view.proposal.status === 'pending';
}

function grown(edits: Proposal['edits'], growth: Growth): Proposal['edits'] {
  const next = [...edits];
  if (growth.edit && growth.index <= next.length) {
    next[growth.index] = growth.edit;
  }
  const edit = next[growth.index];
  if (edit && growth.text && 'source' in edit) {
    next[growth.index] = { ...edit, source: edit.source + growth.text };
  }
  return next;
}

function sameViews(a: ReadonlyArray<IEditView>, b: ReadonlyArray<IEditView>): boolean {
  return (
    a.length === b.length &&
    a.every((one, index) => {
      const other = b[index]!;
      return (
        one.applies === other.applies &&
        one.before === other.before &&
        one.anchor === other.anchor &&
        (one.edit === other.edit || JSON.stringify(one.edit) === JSON.stringify(other.edit))
      );
    })
  );
}
