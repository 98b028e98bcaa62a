/**
 * The proposals of one notebook: the one state behind panel, ghosts and status lines.
 *
 * It hears the session through a channel, holds each proposal against the
 * notebook as it is now, and is the only one that changes the document.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import { UUID } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';

import type { KernelMessage, Level, ModelChoice, Origin, Problem, Welcome } from '../protocol.gen';
import type { AcceptResult, Connection, IProposalView, IReview } from '../tokens';
import { cellsOf } from './applier';
import { ProposalBook, stepFrom } from './book';
import type { IChannel } from './channel';
import type { IChoices } from './choices';
import { Decisions } from './decisions';
import { onceAFrame } from './frames';
import type { IHost } from './host';
import { effectiveLevel } from './level';
import { Models } from './models';
import { INTERRUPTED, KERNEL_GONE } from './problems';

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
    this._models = new Models(this._choices, this._channel);
    this._draw = onceAFrame(() => this._changed.emit(), options.nextFrame);
    this._now = options.now ?? (() => Date.now());
    this._decisions = new Decisions({
      host: this._host,
      channel: this._channel,
      book: this._book,
      now: this._now,
      moved: () => this._update()
    });

    this._channel.changed.connect(this._update, this);
    this._channel.message.connect((_, message) => this._receive(message), this);
    this._channel.lost.connect(this._onLost, this);
    this._choices.changed.connect(this._update, this);
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
    return this._models.offered;
  }

  get model(): string {
    return this._models.current;
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
    return this._focused !== null && this._book.get(this._focused)?.open ? this._focused : null;
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
    this._decisions.dispose();
    this._channel.dispose();
    this._host.dispose();
    Signal.clearData(this);
  }

  ask(prompt: string): string | null {
    if (!prompt.trim() || this.level === 0) {
      return null;
    }
    const id = UUID.uuid4().replace(/-/g, '').slice(0, 12);
    const target = this._host.activeCell;
    if (!this._begin(id, { prompt, model: this.model, face: 'panel', target })) {
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
      this._update();
    }
  }

  // Asynchronous, so that a later step (a dry run, a dialog) changes no caller.
  // eslint-disable-next-line @typescript-eslint/require-await
  async accept(id: string, options: { run?: boolean } = {}): Promise<AcceptResult> {
    const result = this._decisions.accept(id, options.run ?? false);
    this._update();
    return result;
  }

  reject(id: string): void {
    this._decisions.reject(id);
    this._update();
  }

  dismiss(id: string): void {
    this._book.dismiss(id);
    this._update();
  }

  use(model: string): void {
    this._models.choose(model);
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
    const next = stepFrom(this.proposals, ids, this.focused, this._host.activeCell, by);
    if (next !== null) {
      this.focus(next);
    }
  }

  reconnect(): void {
    this._problem = null;
    this._channel.reconnect();
    this._update();
  }

  // -- hearing ------------------------------------------------------------

  private _receive(message: KernelMessage): void {
    switch (message.type) {
      case 'welcome':
        this._welcome(message);
        break;
      case 'changed':
        this._book.put(message.proposal);
        break;
      case 'streamed':
        this._book.grow(message);
        break;
      case 'ask_requested':
        this._askRequested(message);
        break;
      case 'decide_requested':
        this._problem = this._decisions.requested(message) ?? this._problem;
        break;
      case 'lowered':
        this._lowered = message.level;
        break;
      case 'used':
        this._models.follow(message.model);
        break;
      case 'failed':
        this._failed(message.problem);
        break;
    }
    this._update();
  }

  private _welcome(message: Welcome): void {
    this._models.welcome(message);
    this._lowered = message.lowered;
    this._problem = null;
    const listed = new Set(message.proposals.map(proposal => proposal.id));
    this._book.fail(INTERRUPTED, entry => !listed.has(entry.proposal.id));
    this._decisions.resend(listed);
    message.proposals.forEach(proposal => this._book.put(proposal));
  }

  private _askRequested(message: Extract<KernelMessage, { type: 'ask_requested' }>): void {
    const { proposal_id, prompt, model, cell_id } = message;
    const ours = cell_id === null || cellsOf(this._host.shared).ids.includes(cell_id);
    // A kernel may serve several notebooks; each answers for its own cells.
    if (ours && !this._book.get(proposal_id)) {
      this._begin(proposal_id, { prompt, model, face: 'magic', target: cell_id });
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
    this._lowered = null;
    this._update();
  }

  /** Send an ask, and show its card before the first answer. */
  private _begin(id: string, origin: Origin): boolean {
    const snapshot = this._host.snapshot();
    const sent = this._channel.send({
      type: 'ask',
      proposal_id: id,
      snapshot,
      level: this.level,
      ...origin
    });
    if (sent) {
      this._book.begin(id, origin, this._now());
    }
    return sent;
  }

  // -- showing ------------------------------------------------------------

  private get _effective(): { level: Level; reason: string } {
    return effectiveLevel(this._choices.level, this._host.metadata, this._lowered);
  }

  private readonly _onDocument = (): void => {
    if (!this._book.isEmpty) {
      this._update();
    }
  };

  private _update(): void {
    // An undo of the accept does not turn to it again.
    this._focused = this.focused;
    this._draw();
  }

  private readonly _host: IHost;
  private readonly _channel: IChannel;
  private readonly _choices: IChoices;
  private readonly _models: Models;
  private readonly _draw: () => void;
  private readonly _now: () => number;
  private readonly _decisions: Decisions;
  private readonly _book = new ProposalBook();
  private _lowered: Level | null = null;
  private _problem: Problem | null = null;
  private _focused: string | null = null;
  private readonly _changed = new Signal<IReview, void>(this);
  private readonly _focusRequested = new Signal<IReview, string>(this);
}
