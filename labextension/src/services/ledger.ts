/** What the person did with proposals, as it counts here and is told to the session. */
import { editsHash } from '../hash';
import type { Decided, Edit } from '../protocol.gen';
import type { ProposalBook } from './book';
import type { IChannel } from './channel';
import { isReopening, type Deed, type Entry } from './entries';
import { threadOf } from './threads';

export interface ILedgerOptions {
  readonly channel: IChannel;
  readonly book: ProposalBook;
  readonly changed: () => void;
  /** The person did something with it in this page. */
  readonly acted: (id: string) => void;
}

export class Ledger {
  constructor(private readonly _options: ILedgerOptions) {}

  /** @param edits - What was accepted, dropped or taken back; null: all of it. */
  decide(
    entry: Entry,
    verdict: Decided['verdict'],
    edits: ReadonlyArray<Edit> | null,
    rest: ReadonlyArray<Edit>,
    { ran = false, auto = false }: { readonly ran?: boolean; readonly auto?: boolean } = {}
  ): void {
    const { id: proposal_id, edits: shown } = entry.proposal;
    const edits_hash = editsHash(shown);
    const how = { verdict, edits_hash, ran, auto, edits, rest };
    this._tell(entry, { type: 'decided', proposal_id, ...how });
    this._others(entry, verdict, edits === null);
  }

  revise(entry: Entry, edits: ReadonlyArray<Edit>, edited: ReadonlyArray<string>): void {
    const { id: proposal_id, edits: shown } = entry.proposal;
    const edits_hash = editsHash(shown);
    this._tell(entry, { type: 'revised', proposal_id, edits_hash, edits, edited });
  }

  /**
   * Say again what the kernel cannot have heard, by the proposals that it lists as open.
   *
   * Where it knows a proposal as it was before one of our deeds, it is told from
   * that one on. Where it knows another state than any of ours, another window
   * has gone on with it, and the kernel's word holds.
   *
   * @param open - The hash of the edits of each.
   */
  resend(open: ReadonlyMap<string, string>): void {
    for (const entry of this._options.book.entries()) {
      const known = open.get(entry.proposal.id);
      const last = entry.untold.at(-1);
      if (!last) {
        continue;
      }
      let from = entry.untold.findIndex(item => item.deed.edits_hash === known);
      if (known === undefined && isReopening(last.deed) && !last.sent) {
        from = entry.untold.length - 1;
      }
      entry.untold = from < 0 ? [] : entry.untold.slice(from);
      entry.isUnknown = false;
      for (const item of entry.untold) {
        item.sent = this._options.channel.send(item.deed);
      }
    }
  }

  private _tell(entry: Entry, deed: Deed): void {
    this._options.acted(entry.proposal.id);
    // What the session does not know of it cannot record.
    entry.act(deed, !entry.isUnknown && this._options.channel.send(deed));
    this._options.changed();
  }

  /** The other versions go as the session will say. */
  private _others(entry: Entry, verdict: Decided['verdict'], whole: boolean): void {
    const { version, taken } = entry.proposal;
    const all = this._options.book.versions(threadOf(entry.proposal));
    const isLeft = all.some(one => one.open && one.proposal.version === version);
    for (const other of all) {
      const { status } = other.proposal;
      if (other.proposal.version === version) {
        continue;
      }
      if (status === 'pending' && (verdict === 'accepted' || (verdict === 'rejected' && whole))) {
        if (verdict === 'accepted' || !isLeft) {
          const next = verdict === 'accepted' ? 'superseded' : 'rejected';
          other.proposal = { ...other.proposal, status: next };
        }
      } else if (status === 'superseded' && verdict === 'reopened' && taken.length === 0) {
        other.proposal = { ...other.proposal, status: 'pending' };
      }
    }
  }
}
