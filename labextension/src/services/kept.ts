/**
 * What a page keeps of a notebook's proposals, so that a reload loses none.
 *
 * Where the kept word and the session's differ: the session's word holds for
 * what a proposal is, and ours for what we decided and it has not heard, as long
 * as it knows the state that we decided on (`Ledger.resend`). A pending proposal
 * that the session does not list stays readable and can be decided here, and is
 * told to nobody. What the notebook itself holds is above both: what is in it is
 * accepted, what is not in it is not (`restoring`).
 */
import type { Edit, Proposal } from '../protocol.gen';
import type { ProposalBook } from './book';
import { Entry, isOpen, type Deed } from './entries';
import { isEdit, isProposal } from './messages';
import { originOf } from './origins';
import { KERNEL_GONE } from './problems';

/** Characters of one record, at most; the oldest proposals go first. */
export const MOST = 400_000;
const MOST_WORDS = 50_000;
const VERSION = 1;

/** Words that were not sent, and proposals that wait or are not wholly recorded. */
export interface IKept {
  readonly words: string;
  readonly entries: ReadonlyArray<Entry>;
}

interface IRecord {
  readonly proposal: Proposal;
  readonly untold: ReadonlyArray<{ readonly deed: Deed; readonly sent: boolean }>;
  readonly unsaved: ReadonlyArray<Edit>;
}

/** The record as text; empty where there is nothing to keep. */
export function write(words: string, book: ProposalBook): string {
  const all = [...book.entries()];
  const wanted = new Set(all.filter(isWanted));
  // What a proposal that is kept goes back to, for the words that led to it.
  for (const entry of wanted) {
    const { refines, clarifies } = entry.proposal.origin;
    const before = book.find(clarifies ?? '') ?? book.find(refines ?? '');
    if (before) {
      wanted.add(before);
    }
  }
  const texts: string[] = [];
  let room = MOST;
  for (const entry of [...wanted].sort((a, b) => b.proposal.created - a.proposal.created)) {
    const text = JSON.stringify(recordOf(entry));
    room -= text.length;
    if (room >= 0) {
      texts.push(text);
    }
  }
  return texts.length || words
    ? `{"version":${VERSION},"words":${JSON.stringify(words.slice(0, MOST_WORDS))},"entries":[${texts.join()}]}`
    : '';
}

function isWanted(entry: Entry): boolean {
  return entry.open || entry.untold.length > 0 || entry.unsaved.length > 0;
}

function recordOf({ proposal, untold, unsaved }: Entry): IRecord {
  // What a draft holds so far is never offered.
  const edits = proposal.status === 'drafting' ? [] : proposal.edits;
  return { proposal: { ...proposal, edits, context: [] }, untold, unsaved };
}

/** What a record says; nothing where it is broken, or of another version. Never throws. */
export function read(text: unknown): IKept {
  const nothing: IKept = { words: '', entries: [] };
  if (typeof text !== 'string') {
    return nothing;
  }
  try {
    const value = JSON.parse(text) as { version?: unknown; words?: unknown; entries?: unknown };
    if (value?.version !== VERSION || !Array.isArray(value.entries)) {
      return nothing;
    }
    return {
      words: typeof value.words === 'string' ? value.words : '',
      entries: value.entries.filter(isRecord).map(entryOf)
    };
  } catch {
    return nothing;
  }
}

function entryOf({ proposal: kept, untold, unsaved }: IRecord): Entry {
  // A record of before may lack what has come since.
  const proposal = { ...kept, origin: originOf(kept.origin) };
  const isDraft = proposal.status === 'drafting';
  const entry = new Entry(
    // A session that goes on with it says so.
    isDraft ? { ...proposal, status: 'failed', problem: KERNEL_GONE } : proposal,
    true
  );
  entry.untold = [...untold];
  entry.unsaved = unsaved;
  return entry;
}

function isRecord(value: unknown): value is IRecord {
  const { proposal, untold, unsaved } = (value ?? {}) as Partial<Record<keyof IRecord, unknown>>;
  return (
    isProposal(proposal) &&
    (isOpen(proposal) || typeof proposal.status === 'string') &&
    Array.isArray(untold) &&
    untold.every(item => isDeed((item as { deed?: unknown } | null)?.deed)) &&
    isEdits(unsaved)
  );
}

function isDeed(value: unknown): value is Deed {
  const deed = (value ?? {}) as Partial<Record<string, unknown>>;
  const isNamed = typeof deed.proposal_id === 'string' && typeof deed.edits_hash === 'string';
  if (deed.type === 'revised') {
    return isNamed && isEdits(deed.edits) && Array.isArray(deed.edited);
  }
  return (
    isNamed &&
    deed.type === 'decided' &&
    ['accepted', 'rejected', 'reopened'].includes(deed.verdict as string) &&
    (deed.edits === null || isEdits(deed.edits)) &&
    isEdits(deed.rest)
  );
}

function isEdits(value: unknown): value is Edit[] {
  return Array.isArray(value) && value.every(isEdit);
}
