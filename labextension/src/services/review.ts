/**
 * The proposals of one notebook: the one state behind panel, ghosts and status lines.
 *
 * It hears the session through a channel, holds each proposal against the
 * notebook as it is now, and is the only one that changes the document.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import { UUID } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';

import { editsHash } from '../hash';
import type {
  DecideRequested,
  Face,
  KernelMessage,
  Level,
  ModelChoice,
  Problem,
  Proposal,
  Verdict,
  Welcome
} from '../protocol.gen';
import type { AcceptResult, Connection, IProposalView, IReview } from '../tokens';
import { AcceptHistory, applyEdits, cellsOf, lockedReason } from './applier';
import { inOrder, ProposalBook } from './book';
import type { IChannel } from './channel';
import { DEFAULT_MODEL, type IChoices } from './choices';
import type { Entry } from './entries';
import { RunGuard } from './guard';
import type { IHost } from './host';
import { effectiveLevel } from './level';
import { INTERRUPTED, KERNEL_GONE } from './problems';

/** Accept does nothing for this long after what is shown changed. */
export const INERT_MS = 300;

export interface IReviewOptions {
  readonly panel: NotebookPanel;
  readonly host: IHost;
  readonly channel: IChannel;
  readonly choices: IChoices;
  /** Calls back before the next frame is drawn. */
  readonly nextFrame?: (callback: () => void) => void;
  readonly now?: () => number;
}

export class Review implements IReview {
  constructor(options: IReviewOptions) {
    this.panel = options.panel;
    this._host = options.host;
    this._channel = options.channel;
    this._choices = options.choices;
    this._nextFrame = options.nextFrame ?? (callback => requestAnimationFrame(callback));
    this._now = options.now ?? (() => Date.now());
    this._guard = new RunGuard(this._now);
    this._history = new AcceptHistory(this._host.shared, (id, by) => this._moved(id, by));

    this._channel.changed.connect(this._update, this);
    this._channel.message.connect((_, message) => this._receive(message), this);
    this._channel.lost.connect(this._onLost, this);
    this._choices.changed.connect(this._update, this);
    this._host.cellScheduled.connect((_, cell) => this._guard.scheduled(cell), this);
    this._host.cellExecuted.connect((_, id) => this._guard.executed(id), this);
    this._host.shared.ydoc.on('afterTransaction', this._onDocument);
  }

  readonly panel: NotebookPanel;

  get connection(): Connection {
    return this._channel.connection;
  }

  get problem(): Problem | null {
    return this._channel.problem ?? this._problem;
  }

  get models(): ReadonlyArray<ModelChoice> {
    const known = new Set(this._models.map(choice => choice.id));
    const own = [...this._choices.models, this.model].filter(id => !known.has(id));
    return [
      ...this._models,
      ...[...new Set(own)].map(id => ({ id, label: id, ready: true, hint: '' }))
    ];
  }

  get model(): string {
    return this._model ?? this._choices.model;
  }

  get level(): Level {
    return this._effective.level;
  }

  get chosenLevel(): Level {
    return this._choices.level;
  }

  get levelReason(): string {
    return this._effective.reason;
  }

  get proposals(): ReadonlyArray<IProposalView> {
    return this._book.views(cellsOf(this._host.shared), this._now());
  }

  get focused(): string | null {
    return this._focused;
  }

  get changed(): ISignal<IReview, void> {
    return this._changed;
  }

  get focusRequested(): ISignal<IReview, string> {
    return this._focusRequested;
  }

  /** Cleared from memory with its notebook. */
  dispose(): void {
    this._host.shared.ydoc.off('afterTransaction', this._onDocument);
    this._history.dispose();
    this._channel.dispose();
    this._host.dispose();
    Signal.clearData(this);
  }

  ask(prompt: string): string | null {
    if (!prompt.trim() || this.level === 0) {
      return null;
    }
    const id = UUID.uuid4().replace(/-/g, '').slice(0, 12);
    if (!this._begin(id, prompt, this.model, 'panel', this._host.activeCell)) {
      return null;
    }
    this._problem = null;
    this._update();
    return id;
  }

  cancel(id: string): void {
    const entry = this._book.get(id);
    if (entry?.proposal.status === 'drafting') {
      this._channel.send({ type: 'cancel', proposal_id: id });
      entry.proposal = { ...entry.proposal, status: 'cancelled' };
      this._leave(id);
      this._update();
    }
  }

  // Asynchronous, so that a later step (a dry run, a dialog) changes no caller.
  // eslint-disable-next-line @typescript-eslint/require-await
  async accept(id: string, options: { run?: boolean } = {}): Promise<AcceptResult> {
    const entry = this._book.get(id);
    if (!entry) {
      return { outcome: 'gone', reason: 'This proposal is not open in this page.' };
    }
    const view = this._view(entry);
    const refusal = this._refusal(entry, view);
    if (refusal) {
      return refusal;
    }
    const run = options.run ?? false;
    const touched = this._history.record(id, () =>
      applyEdits(this._host.shared, view.proposal, new Date(this._now()))
    );
    this._decide(entry, 'accepted', run);
    this._leave(id);
    this._host.settle(touched);
    if (run) {
      this._host.run(touched);
    }
    this._update();
    return { outcome: 'accepted' };
  }

  reject(id: string): void {
    const entry = this._book.get(id);
    if (entry?.proposal.status !== 'pending') {
      return;
    }
    this._decide(entry, 'rejected', false);
    this._leave(id);
    this._update();
  }

  dismiss(id: string): void {
    this._book.dismiss(id);
    this._update();
  }

  use(model: string): void {
    if (!this._models.some(choice => choice.id === model)) {
      this._choices.addModel(model);
    }
    this._choices.setModel(model);
    this._model = model;
    this._channel.send({ type: 'use', model });
    this._update();
  }

  setLevel(level: Level): void {
    this._choices.setLevel(level);
    this._update();
  }

  focus(id: string | null): void {
    const entry = id === null ? undefined : this._book.get(id);
    this._focused = entry?.open ? id : null;
    if (this._focused !== null) {
      this._focusRequested.emit(this._focused);
    }
    this._update();
  }

  step(by: 1 | -1): void {
    const ids = cellsOf(this._host.shared).ids;
    const pending = inOrder(this.proposals, ids);
    if (pending.length === 0) {
      return;
    }
    const at = pending.findIndex(item => item.id === this._focused);
    if (at >= 0) {
      this.focus(pending[(at + by + pending.length) % pending.length]!.id);
      return;
    }
    const here = this._host.activeCell === null ? 0 : ids.indexOf(this._host.activeCell);
    const ahead =
      by === 1
        ? pending.find(item => item.position >= here)
        : pending.findLast(item => item.position <= here);
    this.focus((ahead ?? pending[by === 1 ? 0 : pending.length - 1]!).id);
  }

  reconnect(): void {
    this._problem = null;
    this._channel.reconnect();
    this._update();
  }

  // -- deciding -----------------------------------------------------------

  private _refusal(
    entry: Entry,
    view: IProposalView
  ): Exclude<AcceptResult, { outcome: 'accepted' }> | null {
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

  private _decide(entry: Entry, verdict: Verdict, ran: boolean): void {
    const sent = this._tell(entry, verdict, ran);
    entry.decide(verdict, sent);
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

  /** An accept was undone or redone. */
  private _moved(id: string, by: 'undo' | 'redo'): void {
    const entry = this._book.restore(id);
    if (!entry) {
      return;
    }
    this._decide(entry, by === 'undo' ? 'reopened' : 'accepted', false);
    if (by === 'redo') {
      this._leave(id);
    }
    this._update();
  }

  // -- hearing ------------------------------------------------------------

  private _receive(message: KernelMessage): void {
    switch (message.type) {
      case 'welcome':
        this._welcome(message);
        break;
      case 'changed':
        this._put(message.proposal);
        break;
      case 'streamed':
        this._book.grow(message);
        break;
      case 'ask_requested':
        this._askRequested(message);
        break;
      case 'decide_requested':
        void this._decideRequested(message);
        break;
      case 'lowered':
        this._lowered = message.level;
        break;
      case 'used':
        this._model = message.model;
        break;
      case 'failed':
        this._failed(message.problem);
        break;
    }
    this._update();
  }

  private _welcome(message: Welcome): void {
    this._models = message.models;
    this._lowered = message.lowered;
    this._problem = null;
    // A kernel that nobody told otherwise takes the person's remembered choice.
    this._model = message.model === DEFAULT_MODEL ? this._choices.model : message.model;
    if (this._model !== message.model) {
      this._channel.send({ type: 'use', model: this._model });
    }
    const listed = new Set(message.proposals.map(proposal => proposal.id));
    this._book.fail(INTERRUPTED, entry => !listed.has(entry.proposal.id));
    for (const entry of this._book.entries()) {
      this._resend(entry, listed.has(entry.proposal.id));
    }
    message.proposals.forEach(proposal => this._put(proposal));
  }

  /** Say again what the kernel cannot have heard. */
  private _resend(entry: Entry, stillOpen: boolean): void {
    const decision = entry.decision;
    if (decision === null) {
      return;
    }
    const unheard = decision.verdict === 'reopened' ? !decision.sent && !stillOpen : stillOpen;
    if (unheard) {
      decision.sent = this._tell(entry, decision.verdict, false);
    } else {
      entry.decision = null;
    }
  }

  private _put(proposal: Proposal): void {
    this._book.put(proposal);
    if (!this._book.get(proposal.id)?.open) {
      this._leave(proposal.id);
    }
  }

  private _askRequested(message: Extract<KernelMessage, { type: 'ask_requested' }>): void {
    const { proposal_id, prompt, model, cell_id } = message;
    const ours = cell_id === null || cellsOf(this._host.shared).ids.includes(cell_id);
    // A kernel may serve several notebooks; each answers for its own cells.
    if (ours && !this._book.get(proposal_id)) {
      this._begin(proposal_id, prompt, model, 'magic', cell_id);
    }
  }

  private async _decideRequested(request: DecideRequested): Promise<void> {
    if (!this._guard.allows(request)) {
      return;
    }
    if (request.verdict === 'rejected') {
      this.reject(request.proposal_id);
      return;
    }
    const result = await this.accept(request.proposal_id);
    if (result.outcome !== 'accepted') {
      this._problem = {
        code: `accept-${result.outcome}`,
        message: `%llm accept did nothing. ${result.reason}`,
        kept: '',
        next: ''
      };
      this._update();
    }
  }

  /** A failure that names no proposal: the asks that were not answered yet are meant. */
  private _failed(problem: Problem): void {
    if (!this._book.fail(problem, entry => !entry.confirmed)) {
      this._problem = problem;
    }
  }

  private _onLost(): void {
    this._book.fail(KERNEL_GONE);
    if (this._focused !== null && !this._book.get(this._focused)?.open) {
      this._focused = null;
    }
    this._lowered = null;
    this._update();
  }

  /** Send an ask, and show its card before the first answer. */
  private _begin(
    id: string,
    prompt: string,
    model: string,
    face: Face,
    target: string | null
  ): boolean {
    const sent = this._channel.send({
      type: 'ask',
      proposal_id: id,
      prompt,
      snapshot: this._host.snapshot(),
      model,
      level: this.level,
      face,
      target
    });
    if (sent) {
      this._book.begin(id, { prompt, model, face, target }, this._now());
    }
    return sent;
  }

  // -- showing ------------------------------------------------------------

  private get _effective(): { level: Level; reason: string } {
    return effectiveLevel(this._choices.level, this._host.metadata, this._lowered);
  }

  private _view(entry: Entry): IProposalView {
    return entry.view(cellsOf(this._host.shared), this._now());
  }

  private _leave(id: string): void {
    if (this._focused === id) {
      this._focused = null;
    }
  }

  private readonly _onDocument = (): void => {
    if (!this._book.isEmpty) {
      this._update();
    }
  };

  private _update(): void {
    if (this._scheduled) {
      return;
    }
    this._scheduled = true;
    this._nextFrame(() => {
      this._scheduled = false;
      this._changed.emit();
    });
  }

  private readonly _host: IHost;
  private readonly _channel: IChannel;
  private readonly _choices: IChoices;
  private readonly _nextFrame: (callback: () => void) => void;
  private readonly _now: () => number;
  private readonly _guard: RunGuard;
  private readonly _history: AcceptHistory;
  private readonly _book = new ProposalBook();
  private _models: ReadonlyArray<ModelChoice> = [];
  private _model: string | null = null;
  private _lowered: Level | null = null;
  private _problem: Problem | null = null;
  private _focused: string | null = null;
  private _scheduled = false;
  private readonly _changed = new Signal<IReview, void>(this);
  private readonly _focusRequested = new Signal<IReview, string>(this);
}
