/** The proposals that a page knows of one notebook: those on cards, and those put away. */
import type { Origin, Problem, Proposal, Streamed } from '../protocol.gen';
import type { IProposalView } from '../tokens';
import type { ICells } from './edits';
import { Entry } from './entries';

export class ProposalBook {
  get isEmpty(): boolean {
    return this._entries.size === 0;
  }

  get(id: string): Entry | undefined {
    return this._entries.get(id);
  }

  /** An ask of this page, before the session has answered. */
  begin(id: string, origin: Origin, now: number): void {
    this._entries.set(id, new Entry(draft(id, origin, now), false));
  }

  /** Take the kernel's word for how a proposal stands. */
  put(proposal: Proposal): void {
    const entry = this._entries.get(proposal.id);
    if (entry) {
      entry.take(proposal);
    } else if (!this._dismissed.has(proposal.id) || proposal.status === 'pending') {
      this._dismissed.delete(proposal.id);
      this._entries.set(proposal.id, new Entry(proposal, true));
    }
  }

  grow(more: Streamed): void {
    this._entries.get(more.proposal_id)?.grow(more);
  }

  /** Put a closed proposal away; an undo of its accept brings it back. */
  dismiss(id: string): void {
    const entry = this._entries.get(id);
    if (entry && !entry.open) {
      this._entries.delete(id);
      this._dismissed.set(id, entry);
    }
  }

  restore(id: string): Entry | undefined {
    const away = this._dismissed.get(id);
    if (away) {
      this._dismissed.delete(id);
      this._entries.set(id, away);
    }
    return this._entries.get(id);
  }

  /** End the drafts that `which` picks; true where there was one. */
  fail(problem: Problem, which: (entry: Entry) => boolean = () => true): boolean {
    const drafts = [...this._entries.values()].filter(
      entry => entry.proposal.status === 'drafting' && which(entry)
    );
    for (const entry of drafts) {
      entry.proposal = { ...entry.proposal, status: 'failed', problem };
    }
    return drafts.length > 0;
  }

  entries(): Iterable<Entry> {
    return this._entries.values();
  }

  /** Newest first. */
  views(cells: ICells, now: number): IProposalView[] {
    return [...this._entries.values()]
      .map(entry => entry.view(cells, now))
      .sort((a, b) => b.proposal.created - a.proposal.created);
  }

  private readonly _entries = new Map<string, Entry>();
  private readonly _dismissed = new Map<string, Entry>();
}

/** Pending proposals in notebook order, with the position of the first cell that each is about. */
function inOrder(
  views: ReadonlyArray<IProposalView>,
  ids: ReadonlyArray<string>
): ReadonlyArray<{ readonly id: string; readonly position: number }> {
  return views
    .filter(view => view.proposal.status === 'pending')
    .map(view => ({
      id: view.proposal.id,
      created: view.proposal.created,
      position: Math.min(
        ...view.edits.map(edit => (edit.anchor === null ? -1 : ids.indexOf(edit.anchor)))
      )
    }))
    .sort((a, b) => a.position - b.position || a.created - b.created);
}

/** The pending proposal after (1) or before (-1) the one turned to, or else the active cell. */
export function stepFrom(
  views: ReadonlyArray<IProposalView>,
  ids: ReadonlyArray<string>,
  focused: string | null,
  activeCell: string | null,
  by: 1 | -1
): string | null {
  const pending = inOrder(views, ids);
  const count = pending.length;
  if (count === 0) {
    return null;
  }
  const at = pending.findIndex(item => item.id === focused);
  if (at >= 0) {
    return pending[(at + by + count) % count]!.id;
  }
  const here = activeCell === null ? 0 : ids.indexOf(activeCell);
  const ahead =
    by === 1
      ? pending.find(item => item.position >= here)
      : pending.findLast(item => item.position <= here);
  return (ahead ?? pending[by === 1 ? 0 : count - 1]!).id;
}

function draft(id: string, origin: Origin, now: number): Proposal {
  return {
    id,
    origin,
    created: now / 1000,
    status: 'drafting',
    title: '',
    rationale: '',
    edits: [],
    answer: '',
    suggestions: [],
    problem: null,
    notice: '',
    usage: null
  };
}
