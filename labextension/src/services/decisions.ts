/**
 * What the person decides on proposals, and its undo and redo.
 *
 * A decision is carried out on the document first, and then told to the
 * session, which records it.
 */
import { editsHash } from '../hash';
import type { DecideRequested, Problem, Verdict } from '../protocol.gen';
import type { AcceptResult, IProposalView } from '../tokens';
import { AcceptHistory, applyEdits, cellsOf, lockedReason } from './applier';
import type { ProposalBook } from './book';
import type { IChannel } from './channel';
import type { Entry } from './entries';
import { RunGuard } from './guard';
import type { IHost } from './host';
import { notAccepted } from './problems';

/** Accept does nothing for this long after what is shown changed. */
export const INERT_MS = 300;

type Refusal = Exclude<AcceptResult, { outcome: 'accepted' }>;

export interface IDecisionsOptions {
  readonly host: IHost;
  readonly channel: IChannel;
  readonly book: ProposalBook;
  readonly now: () => number;
  /** An accept was undone or redone. */
  readonly moved: () => void;
}

export class Decisions {
  constructor(options: IDecisionsOptions) {
    this._host = options.host;
    this._channel = options.channel;
    this._book = options.book;
    this._now = options.now;
    this._guard = new RunGuard(this._now);
    this._history = new AcceptHistory(this._host.shared, (id, by) => {
      if (this._move(id, by)) {
        options.moved();
      }
    });
    this._host.cellScheduled.connect((_, cell) => this._guard.scheduled(cell), this);
    this._host.cellExecuted.connect((_, id) => this._guard.executed(id), this);
  }

  /** Signals of the host end with the host. */
  dispose(): void {
    this._history.dispose();
  }

  accept(id: string, run: boolean): AcceptResult {
    const entry = this._book.get(id);
    if (!entry) {
      return { outcome: 'gone', reason: 'This proposal is not open in this page.' };
    }
    const view = entry.view(cellsOf(this._host.shared), this._now());
    const refusal = this._refusal(entry, view);
    if (refusal) {
      return refusal;
    }
    const touched = this._history.record(id, () =>
      applyEdits(this._host.shared, view.proposal, new Date(this._now()))
    );
    this._decide(entry, 'accepted', run);
    this._host.settle(touched);
    if (run) {
      this._host.run(touched);
    }
    return { outcome: 'accepted' };
  }

  reject(id: string): void {
    const entry = this._book.get(id);
    if (entry?.proposal.status === 'pending') {
      this._decide(entry, 'rejected', false);
    }
  }

  /**
   * Do what `%llm accept` or `%llm reject` asks, where the person was seen to run it.
   *
   * @returns Why an accept did nothing, or null.
   */
  requested(request: DecideRequested): Problem | null {
    if (!this._guard.allows(request)) {
      return null;
    }
    if (request.verdict === 'rejected') {
      this.reject(request.proposal_id);
      return null;
    }
    const result = this.accept(request.proposal_id, false);
    return result.outcome === 'accepted' ? null : notAccepted(result);
  }

  /** Say again what the kernel cannot have heard, by the proposals that it lists as open. */
  resend(open: ReadonlySet<string>): void {
    for (const entry of this._book.entries()) {
      const decision = entry.decision;
      if (decision === null) {
        continue;
      }
      const stillOpen = open.has(entry.proposal.id);
      const unheard = decision.verdict === 'reopened' ? !decision.sent && !stillOpen : stillOpen;
      if (unheard) {
        decision.sent = this._tell(entry, decision.verdict, false);
      } else {
        entry.decision = null;
      }
    }
  }

  private _refusal(entry: Entry, view: IProposalView): Refusal | null {
    const status = view.proposal.status;
    if (status === 'drafting') {
      return { outcome: 'inert', reason: 'It is still being written.' };
    }
    if (status !== 'pending') {
      return { outcome: 'gone', reason: `It is ${status} already.` };
    }
    if (!view.acceptable) {
      return {
        outcome: 'stale',
        reason: 'The cells that it builds on have changed. The notebook was not touched; ask again.'
      };
    }
    if (this._now() - entry.shownAt < INERT_MS) {
      return { outcome: 'inert', reason: 'It changed just now. Look at it, then accept.' };
    }
    const locked = this._host.lockedReason || lockedReason(this._host.shared, view.proposal);
    return locked ? { outcome: 'refused', reason: locked } : null;
  }

  private _move(id: string, by: 'undo' | 'redo'): boolean {
    const entry = this._book.restore(id);
    if (entry) {
      this._decide(entry, by === 'undo' ? 'reopened' : 'accepted', false);
    }
    return entry !== undefined;
  }

  private _decide(entry: Entry, verdict: Verdict, ran: boolean): void {
    entry.decide(verdict, this._tell(entry, verdict, ran));
  }

  private _tell(entry: Entry, verdict: Verdict, ran: boolean): boolean {
    return this._channel.send({
      type: 'decided',
      proposal_id: entry.proposal.id,
      verdict,
      edits_hash: editsHash(entry.proposal.edits),
      ran
    });
  }

  private readonly _host: IHost;
  private readonly _channel: IChannel;
  private readonly _book: ProposalBook;
  private readonly _now: () => number;
  private readonly _guard: RunGuard;
  private readonly _history: AcceptHistory;
}
