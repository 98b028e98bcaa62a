/** What a person is doing with the proposals of a notebook. It outlives the ghosts that show it. */
import type { Proposal } from '../../protocol.gen';
import type { IDraft } from './ghost-editor';

export class Notes {
  /** What came of the last try, by proposal. */
  readonly remarks = new Map<string, string>();
  /** Texts that are being edited, by proposal and edit. */
  readonly drafts = new Map<string, IDraft>();
  /** Threads where the field for a follow-up is open, by their first version. */
  readonly followUps = new Set<string>();
  /** Stale edits that are shown beside the cell, by proposal and edit. */
  readonly both = new Set<string>();
  /** Threads that show what changed since the version before, by their first version. */
  readonly since = new Set<string>();
}

export function nameOf(proposal: string, key: string): string {
  return `${proposal}|${key}`;
}

/** What all versions of a proposal have in common. */
export function threadOf(proposal: Proposal): string {
  return proposal.root || proposal.id;
}

export function toggle(set: Set<string>, name: string): void {
  if (!set.delete(name)) {
    set.add(name);
  }
}
