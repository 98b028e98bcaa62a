/**
 * What the person decides on proposals.
 *
 * A decision is carried out on the document first, and then told to the
 * session, which records it.
 */
import { editsHash } from '../hash';
import type { DecideRequested, Problem, Proposal } from '../protocol.gen';
import type { AcceptResult, IPart, IProposalView } from '../tokens';
import { applyEdits, cellsOf, lockedReason, type IWriting } from './applier';
import type { ProposalBook } from './book';
import type { IChannel } from './channel';
import { Claims } from './claims';
import type { Entry } from './entries';
import { RunGuard } from './guard';
import type { IHost } from './host';
import type { Judging } from './judging';
import type { Ledger } from './ledger';
import { accepting, rejecting, type ISplit } from './parts';
import { notAccepted } from './problems';
import { promptOf, provenanceOf } from './provenance';
import { rebased } from './revising';
import { SharedClaims } from './shared-claims';
import type { Undoing } from './undoing';
import type { WayBack } from './way-back';

/** Accept does nothing for this long after what is shown changed. */
export const INERT_MS = 300;

type Refusal = Exclude<AcceptResult, { outcome: 'accepted' }>;

export interface IDecisionsOptions {
  readonly host: IHost;
  readonly channel: IChannel;
  readonly book: ProposalBook;
  readonly ledger: Ledger;
  readonly undoing: Undoing;
  readonly judging: Judging;
  readonly wayBack: WayBack;
  readonly now: () => number;
  readonly changed: () => void;
  /** The view of a proposal as it is shown. */
  readonly viewOf: (id: string) => IProposalView | undefined;
}

/** Whose word it is: a person's, or nobody's. */
export interface IUnasked {
  /** What it stands on, for the cells that are written. */
  readonly evidence: string;
  /** Whether it may still run by itself, asked at the last moment. */
  readonly still: (view: IProposalView) => boolean;
}

interface IHow {
  readonly run?: boolean;
  readonly part?: IPart;
  readonly unasked?: IUnasked;
}

interface IPlan {
  readonly entry: Entry;
  readonly view: IProposalView;
  readonly split: ISplit;
}

export class Decisions {
  constructor(private readonly _options: IDecisionsOptions) {
    this._guard = new RunGuard(_options.now);
    const { channel, host, now } = _options;
    this.claims = new Claims(channel, new SharedClaims(host.shared, now));
    _options.host.cellScheduled.connect((_, cell) => this._guard.scheduled(cell), this);
    _options.host.cellExecuted.connect((_, id) => this._guard.executed(id), this);
  }

  readonly claims: Claims;

  async accept(id: string, options: { run?: boolean; part?: IPart } = {}): Promise<AcceptResult> {
    const result = await this._accept(id, options);
    return result.outcome === 'accepted' ? { outcome: 'accepted' } : result;
  }

  /** Accept and run a proposal by itself, as one step. */
  acceptUnasked(
    id: string,
    unasked: IUnasked
  ): Promise<Refusal | { outcome: 'accepted'; cells: ReadonlyArray<string> }> {
    return this._accept(id, { run: true, unasked });
  }

  private async _accept(
    id: string,
    options: IHow
  ): Promise<Refusal | { outcome: 'accepted'; cells: ReadonlyArray<string> }> {
    const { part, unasked } = options;
    const first = this._split(id, part, unasked);
    // Of one that runs by itself, that was done and said before.
    const isKept = options.run === true && !part && !unasked;
    if ('outcome' in first || !(this.claims.isNeeded || isKept)) {
      return 'outcome' in first ? first : this._write(first, options);
    }
    const shown = editsHash(first.view.proposal.edits);
    const why = this.claims.isNeeded ? await this.claims.claim(id, shown) : '';
    if (!why && isKept) {
      // What it will change is kept first, so that an undo can put it back.
      await this._options.wayBack.keep(id);
    }
    if (why) {
      return { outcome: 'refused', reason: why };
    }
    // The world may have gone on meanwhile.
    const now = this._split(id, part, unasked, true);
    if ('outcome' in now) {
      return now;
    }
    return editsHash(now.view.proposal.edits) === shown
      ? this._write(now, options)
      : { outcome: 'inert', reason: 'It changed just now. Look at it, then accept.' };
  }

  /** What would be written, or why nothing is. */
  private _split(
    id: string,
    part: IPart | undefined,
    unasked: IUnasked | undefined,
    isClaimed = false
  ): IPlan | Refusal {
    const { host, viewOf, book } = this._options;
    const view = viewOf(id);
    const entry = book.get(id);
    if (!entry || !view) {
      return { outcome: 'gone', reason: 'This proposal is not open in this page.' };
    }
    const refusal = this._refusal(entry, view, part, unasked);
    if (refusal) {
      return refusal;
    }
    const objection = unasked || isClaimed ? '' : this._options.judging.objection(view.proposal);
    if (objection) {
      return { outcome: 'denied', reason: objection };
    }
    const { edits } = view.proposal;
    const split = part ? accepting(edits, part, cellsOf(host.shared)) : { part: edits, rest: [] };
    if (split === null) {
      return {
        outcome: 'stale',
        reason: 'It builds on another part of this proposal. Accept that first, or all.'
      };
    }
    const locked = host.lockedReason || lockedReason(host.shared, split.part);
    return locked ? { outcome: 'refused', reason: locked } : { entry, view, split };
  }

  private _write(
    plan: IPlan,
    { run, part, unasked }: IHow
  ): { outcome: 'accepted'; cells: ReadonlyArray<string> } {
    const { host, ledger, undoing } = this._options;
    const { entry, view, split } = plan;
    const { id, edits: before } = view.proposal;
    const { part: edits, rest } = split;
    const touched = undoing.record({ id, edits, before, rest }, () =>
      applyEdits(host.shared, edits, this._writing(view.proposal, unasked?.evidence))
    );
    const how = { ran: run, auto: unasked !== undefined };
    ledger.decide(entry, 'accepted', part ? edits : null, rest, how);
    if (unasked) {
      host.runQuietly(touched);
    } else {
      host.settle(touched);
      if (run) {
        host.run(touched);
      }
    }
    return { outcome: 'accepted', cells: touched };
  }

  reject(id: string, part?: IPart): void {
    const entry = this._options.book.get(id);
    if (entry?.proposal.status !== 'pending') {
      return;
    }
    const { edits, edited } = entry.proposal;
    const split = part ? rejecting(edits, part, cellsOf(this._options.host.shared)) : null;
    if (!part) {
      this._options.ledger.decide(entry, 'rejected', null, []);
    } else if (split) {
      this._options.ledger.decide(entry, 'rejected', split.part, split.rest);
      const cell = edits[part.edit]!.cell_id;
      const isLeft = split.rest.some(edit => edit.cell_id === cell);
      // What is left of that cell is not what the model wrote.
      if (part.hunk !== undefined && isLeft && !edited.includes(cell)) {
        this._options.ledger.revise(entry, split.rest, [...edited, cell]);
      }
    }
  }

  /** The person changed the proposed text of one edit. */
  revise(id: string, index: number, source: string): void {
    const entry = this._options.book.get(id);
    const edit = entry?.proposal.edits[index];
    if (entry?.proposal.status !== 'pending' || !edit || !('source' in edit)) {
      return;
    }
    if (edit.source !== source) {
      const { edits, edited } = entry.proposal;
      this._options.ledger.revise(entry, edits.with(index, { ...edit, source }), [
        ...new Set([...edited, edit.cell_id])
      ]);
    }
  }

  /** Put a stale edit on the notebook as it is now. */
  rebase(id: string, index: number): void {
    const entry = this._options.book.get(id);
    if (entry?.proposal.status !== 'pending') {
      return;
    }
    const { edits, edited, origin } = entry.proposal;
    const next = rebased(edits, index, cellsOf(this._options.host.shared), origin.target);
    if (next === null) {
      this.reject(id, { edit: index });
    } else if (next !== edits) {
      this._options.ledger.revise(entry, next, edited);
    }
  }

  /**
   * Do what `%llm accept` or `%llm reject` asks, where the person was seen to run it.
   *
   * @returns Why an accept did nothing, or null.
   */
  async requested(request: DecideRequested): Promise<Problem | null> {
    if (!this._guard.allows(request)) {
      return null;
    }
    if (request.verdict === 'rejected') {
      this.reject(request.proposal_id);
      return null;
    }
    if (!this._options.viewOf(request.proposal_id)) {
      // Another version is in view: this one is to be seen first.
      this._options.book.show(request.proposal_id, this._options.now());
      this._options.changed();
    }
    const result = await this.accept(request.proposal_id);
    return result.outcome === 'accepted' ? null : notAccepted(result);
  }

  private _refusal(
    entry: Entry,
    view: IProposalView,
    part: IPart | undefined,
    unasked: IUnasked | undefined
  ): Refusal | null {
    const status = view.proposal.status;
    if (status === 'drafting') {
      return { outcome: 'inert', reason: 'It is still being written.' };
    }
    if (status !== 'pending') {
      return { outcome: 'gone', reason: `It is ${status} already.` };
    }
    if (part ? !view.edits[part.edit]?.applies : !view.acceptable) {
      const rest = !part && view.edits.some(edit => edit.applies);
      return {
        outcome: 'stale',
        reason: `The cells that it builds on have changed. The notebook was not touched; ${rest ? 'accept its other parts one by one, or ' : ''}ask again.`
      };
    }
    if (unasked) {
      return unasked.still(view) ? null : { outcome: 'inert', reason: 'It is held now.' };
    }
    if (this._options.now() - entry.shownAt < INERT_MS) {
      return { outcome: 'inert', reason: 'It changed just now. Look at it, then accept.' };
    }
    return null;
  }

  private _writing(proposal: Proposal, evidence: string | undefined): IWriting {
    const { host, book, now } = this._options;
    const { target } = proposal.origin;
    const asked = host.shared.cells.find(cell => cell.id === target);
    const source = asked?.getSource() ?? '';
    const prompt = promptOf(proposal, book);
    const when = new Date(now());
    return { provenance: edit => provenanceOf(proposal, edit, when, prompt, source, evidence) };
  }

  private readonly _guard: RunGuard;
}
