/**
 * The proposals that a page knows, and what it has decided on them.
 *
 * A decision counts here at once. Until the kernel repeats it, an older word of
 * the kernel's does not take it back.
 */
import { editsHash } from '../hash';
import type {
  Decided,
  Edit,
  ErrorInfo,
  Growth,
  Proposal,
  Revised,
  Streamed
} from '../protocol.gen';
import type { IEditView, IProposalView } from '../tokens';
import { viewEdits, type ICells } from './edits';

/** What this page did with a proposal, as it is told to the session. */
export type Deed = Decided | Revised;

/** What a view says beyond the proposal itself. */
export interface IStanding {
  readonly versions: ReadonlyArray<string>;
  readonly next: Proposal | null;
  readonly canTakeBack: boolean;
}

const OPEN = new Set(['drafting', 'queued', 'pending', 'asking']);

export function isOpen(proposal: Proposal): boolean {
  return OPEN.has(proposal.status);
}

/** One proposal as this page knows it. */
export class Entry {
  constructor(
    public proposal: Proposal,
    public confirmed: boolean
  ) {}

  /** This page's deeds that the kernel has not repeated yet, in order. */
  untold: { readonly deed: Deed; sent: boolean }[] = [];
  /** When what is shown of it last changed. */
  shownAt = 0;
  /** It was decided on or cancelled, and not by this page. */
  elsewhere = false;
  /** The error that it was asked about, where this page asked. What it says is kept nowhere. */
  error: ErrorInfo | null = null;
  /** It was kept by the page, and the session does not list it. */
  isUnknown = false;
  /** What was accepted since the notebook was saved: a reload would lose it. */
  unsaved: ReadonlyArray<Edit> = [];

  get open(): boolean {
    return isOpen(this.proposal);
  }

  /** Take the kernel's word for how it stands. */
  take(proposal: Proposal): void {
    const wasPending = this.confirmed && this.proposal.status === 'pending';
    const wasDrafting = this.confirmed && this.proposal.status === 'drafting';
    const isDecided = ['accepted', 'rejected'].includes(proposal.status);
    const isOurs = this.untold.length > 0;
    this.confirmed = true;
    this.isUnknown = false;
    if (isOurs && !standsAs(proposal, this.proposal)) {
      const isTaken = this.untold.some(({ deed }) => isReopening(deed));
      if (!isDecided || isTaken) {
        // Said before it heard of our deeds.
        const { status, edits, taken, edited } = this.proposal;
        this.proposal = { ...proposal, status, edits, taken, edited };
        return;
      }
      // Another window's decision was the first.
      this.elsewhere = true;
    } else if (wasPending && !isOurs) {
      this.elsewhere = isDecided;
    } else if (wasDrafting && proposal.status === 'cancelled') {
      // A cancel of this page's counts before the kernel repeats it.
      this.elsewhere = true;
    } else if (!isDecided) {
      this.elsewhere = false;
    }
    this.untold = [];
    this.proposal = proposal;
  }

  /** Count a deed of this page. */
  act(deed: Deed, sent: boolean): void {
    if (!this.isUnknown) {
      this.untold.push({ deed, sent });
    }
    this.elsewhere = false;
    if (deed.type === 'decided') {
      const edits = deed.edits ?? this.proposal.edits;
      if (deed.verdict === 'accepted') {
        this.unsaved = [...this.unsaved, ...edits];
      } else if (deed.verdict === 'reopened') {
        this.unsaved = minus(this.unsaved, edits);
      }
    }
    this.proposal = after(this.proposal, deed);
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
  view(cells: ICells, now: number, standing: IStanding): IProposalView {
    const { proposal, confirmed, elsewhere } = this;
    const pending = proposal.status === 'pending';
    const edits = this._edits(viewEdits(proposal.edits, cells), cells, pending);
    const last = this._view;
    if (
      last &&
      last.proposal === proposal &&
      last.confirmed === confirmed &&
      last.elsewhere === elsewhere &&
      last.canTakeBack === standing.canTakeBack &&
      last.next === standing.next &&
      last.versions.join() === standing.versions.join() &&
      last.edits === edits
    ) {
      return last;
    }
    if (!last || (last.proposal.status === 'pending') !== pending || last.edits !== edits) {
      this.shownAt = now;
    }
    const holds = edits.every(edit => edit.applies);
    this._view = {
      proposal,
      edits,
      acceptable: pending && edits.length > 0 && holds,
      stale: pending && !holds,
      confirmed,
      elsewhere,
      ...standing
    };
    return this._view;
  }

  /** The last views where they still say the same, so that hunks are not worked out again. */
  private _edits(
    fresh: ReadonlyArray<IEditView>,
    cells: ICells,
    pending: boolean
  ): ReadonlyArray<IEditView> {
    const last = this._view;
    const same = last && (last.proposal.status === 'pending') === pending;
    if (same && sameViews(last.edits, fresh)) {
      return last.edits;
    }
    return pending ? viewEdits(this.proposal.edits, cells, true) : fresh;
  }

  private _view: IProposalView | null = null;
}

/** How a proposal stands after a deed; the session works out the same. */
export function after(proposal: Proposal, deed: Deed): Proposal {
  if (deed.type === 'revised') {
    return { ...proposal, edits: deed.edits, edited: deed.edited };
  }
  const { verdict, rest } = deed;
  const part = deed.edits ?? proposal.edits;
  if (verdict === 'reopened') {
    const { status, taken: parts } = proposal;
    const taken = minus(status === 'accepted' && !parts.length ? proposal.edits : parts, part);
    return { ...proposal, status: 'pending', edits: rest.length > 0 ? rest : part, taken };
  }
  const { taken } = proposal;
  const isPart = taken.length > 0 || rest.length > 0;
  const next = verdict === 'accepted' && isPart ? [...taken, ...part] : taken;
  if (rest.length > 0) {
    return { ...proposal, taken: next, edits: rest };
  }
  if (verdict === 'accepted') {
    return { ...proposal, taken: next, status: 'accepted', edits: part };
  }
  // What was left is dropped: what was accepted is what it came to.
  return taken.length > 0
    ? { ...proposal, status: 'accepted', edits: taken }
    : { ...proposal, status: 'rejected' };
}

/** These edits without those, the last of the same first. */
export function minus(edits: ReadonlyArray<Edit>, gone: ReadonlyArray<Edit>): Edit[] {
  const left = [...edits];
  for (const edit of gone) {
    const at = left.findLastIndex(one => JSON.stringify(one) === JSON.stringify(edit));
    if (at >= 0) {
      left.splice(at, 1);
    }
  }
  return left;
}

export function isReopening(deed: Deed): boolean {
  return deed.type === 'decided' && deed.verdict === 'reopened';
}

/** Whether a word of the kernel's is what this page made of it. */
export function standsAs(word: Proposal, own: Proposal): boolean {
  return (
    word.status === own.status &&
    (word.status !== 'pending' || editsHash(word.edits) === editsHash(own.edits))
  );
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
