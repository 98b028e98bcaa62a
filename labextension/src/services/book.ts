/** The proposals that a page knows of one notebook: those on cards, and those put away. */
import type { ErrorInfo, Origin, Problem, Proposal, Streamed } from '../protocol.gen';
import type { IEditView, IProposalView } from '../tokens';
import type { ICells } from './edits';
import { Entry } from './entries';
import { newestWaiting, thread, threadOf, type IChoice } from './threads';

export class ProposalBook {
  get isEmpty(): boolean {
    return this._entries.size === 0;
  }

  get(id: string): Entry | undefined {
    return this._entries.get(id);
  }

  /** Also one that was put away. */
  find(id: string): Entry | undefined {
    return this._entries.get(id) ?? this._dismissed.get(id);
  }

  /** An ask of this page, before the session has answered. */
  begin(id: string, origin: Origin, now: number, error: ErrorInfo | null): void {
    const before = origin.refines === null ? undefined : this._entries.get(origin.refines);
    const proposal = draft(id, origin, now);
    if (before) {
      const root = threadOf(before.proposal);
      const version = Math.max(...this.versions(root).map(entry => entry.proposal.version)) + 1;
      Object.assign(proposal, { root, version });
    }
    const entry = new Entry(proposal, false);
    entry.error = error;
    this._entries.set(id, entry);
  }

  /** One that was kept over a reload. */
  bring(entry: Entry): void {
    this._entries.set(entry.proposal.id, entry);
  }

  /** All versions of one proposal, with their parts. */
  versions(root: string): Entry[] {
    return [...this._entries.values()].filter(entry => threadOf(entry.proposal) === root);
  }

  /** Show this version of its proposal. */
  show(id: string, now: number): void {
    const entry = this._entries.get(id);
    if (entry) {
      const root = threadOf(entry.proposal);
      const all = this.versions(root);
      this._choices.set(root, { id, newest: newestWaiting(all) });
      // What is shown is another now.
      for (const one of all) {
        one.shownAt = now;
      }
    }
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
    if (!entry || entry.open) {
      return;
    }
    // With a closed proposal go its other versions, and a version that brought nothing goes alone.
    const all = this.versions(threadOf(entry.proposal));
    const gone = all.some(one => one.open) ? [entry] : all;
    for (const one of gone) {
      this._entries.delete(one.proposal.id);
      this._dismissed.set(one.proposal.id, one);
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

  /** What waits here and is not among these is nothing that the session knows of. */
  disown(listed: ReadonlyMap<string, unknown>): void {
    for (const entry of this._entries.values()) {
      entry.isUnknown =
        entry.proposal.status === 'pending' &&
        entry.untold.length === 0 &&
        !listed.has(entry.proposal.id);
    }
  }

  /** All, also those that were put away. */
  known(): Proposal[] {
    return [...this._entries.values(), ...this._dismissed.values()].map(entry => entry.proposal);
  }

  entries(): Iterable<Entry> {
    return this._entries.values();
  }

  /** Newest first; of several versions of one proposal, the one that is shown. */
  views(cells: ICells, now: number, canTakeBack: (id: string) => boolean): IProposalView[] {
    const threads = new Map<string, Entry[]>();
    for (const entry of this._entries.values()) {
      const root = threadOf(entry.proposal);
      threads.set(root, [...(threads.get(root) ?? []), entry]);
    }
    return [...threads]
      .flatMap(([root, entries]) => {
        const { shown, ...standing } = thread(entries, this._choices.get(root));
        return shown.map(entry =>
          entry.view(cells, now, { ...standing, canTakeBack: canTakeBack(entry.proposal.id) })
        );
      })
      .sort((a, b) => b.proposal.created - a.proposal.created);
  }

  private readonly _choices = new Map<string, IChoice>();
  private readonly _entries = new Map<string, Entry>();
  private readonly _dismissed = new Map<string, Entry>();
}

/** Pending proposals in notebook order: each cell is followed by what would stand behind it. */
function inOrder(
  views: ReadonlyArray<IProposalView>,
  ids: ReadonlyArray<string>
): ReadonlyArray<{ readonly id: string; readonly position: number }> {
  return views
    .filter(view => view.proposal.status === 'pending')
    .map(view => ({
      id: view.proposal.id,
      created: view.proposal.created,
      position: Math.min(...view.edits.map(edit => placeIn(ids, edit)))
    }))
    .sort((a, b) => a.position - b.position || a.created - b.created);
}

function placeIn(ids: ReadonlyArray<string>, { anchor, edit }: IEditView): number {
  return anchor === null ? -1 : 2 * ids.indexOf(anchor) + (edit.op === 'insert' ? 1 : 0);
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
  const here = activeCell === null ? 0 : 2 * ids.indexOf(activeCell);
  const ahead =
    by === 1
      ? pending.find(item => item.position >= here)
      : pending.findLast(item => item.position <= here + 1);
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
    taken: [],
    edited: [],
    answer: '',
    suggestions: [],
    root: '',
    version: 1,
    since: [],
    part: null,
    context: [],
    problem: null,
    notice: '',
    usage: null,
    model: '',
    untrusted: null
  };
}
