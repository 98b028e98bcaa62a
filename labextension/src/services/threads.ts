/**
 * Versions of one proposal: which of them is shown.
 *
 * A version is one proposal, or, where a reply was longer than the leash, a
 * sequence of parts that are decided one after the other.
 */
import type { Proposal, Status } from '../protocol.gen';
import type { Entry } from './entries';

/** What the versions of one proposal have in common. */
export function threadOf(proposal: Pick<Proposal, 'id' | 'root'>): string {
  return proposal.root || proposal.id;
}

/** A person turned to the version of this proposal, when the newest one was that. */
export interface IChoice {
  readonly id: string;
  readonly newest: number;
}

export interface IThread {
  /** The parts of the version that is shown; most often one. */
  readonly shown: ReadonlyArray<Entry>;
  /** An id of each version, oldest first. */
  readonly versions: ReadonlyArray<string>;
  /** A newer version than the shown one, that is being written or brought nothing to decide on. */
  readonly next: Proposal | null;
}

const WAITS = new Set<Status>(['pending', 'queued', 'asking']);
const NEXT = new Set<Status>(['drafting', 'failed', 'declined', 'answered', 'cancelled']);

type Version = ReadonlyArray<Entry>;

function waits(version: Version): boolean {
  return version.some(entry => WAITS.has(entry.proposal.status));
}

/** Oldest first, the parts of each in order. */
function versionsOf(entries: ReadonlyArray<Entry>): Version[] {
  const byNumber = new Map<number, Entry[]>();
  for (const entry of entries) {
    const { version } = entry.proposal;
    byNumber.set(version, [...(byNumber.get(version) ?? []), entry]);
  }
  const place = (entry: Entry): number => entry.proposal.part?.index ?? 0;
  return [...byNumber]
    .sort(([a], [b]) => a - b)
    .map(([, parts]) => parts.sort((a, b) => place(a) - place(b)));
}

/** The part that a person is at. */
function current(version: Version): Proposal {
  return (version.find(entry => entry.open) ?? version.at(-1)!).proposal;
}

/** The number of the newest version that waits; 0 where none does. */
export function newestWaiting(entries: ReadonlyArray<Entry>): number {
  return versionsOf(entries).findLast(waits)?.[0]!.proposal.version ?? 0;
}

/**
 * The newest version that waits is shown. A choice holds until another one comes
 * that waits, so that a version in writing does not hide the one that is read.
 *
 * @param entries - Of one thread; at least one.
 */
export function thread(entries: ReadonlyArray<Entry>, choice: IChoice | undefined): IThread {
  const versions = versionsOf(entries);
  const newest = versions.findLast(waits);
  const chosen = versions.find(parts => parts.some(entry => entry.proposal.id === choice?.id));
  const holds =
    chosen && (!newest || (waits(chosen) && newest[0]!.proposal.version === choice?.newest));
  const shown = holds
    ? chosen
    : (newest ??
      versions.findLast(parts => parts.some(entry => entry.proposal.status === 'accepted')) ??
      versions.at(-1)!);
  const last = current(versions.at(-1)!);
  const isNext = versions.at(-1) !== shown && NEXT.has(last.status);
  return { shown, versions: versions.map(parts => current(parts).id), next: isNext ? last : null };
}
