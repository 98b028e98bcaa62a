/** What the session in the kernel says, and what is known of it. */
import { editsHash } from '../hash';
import type { DecideRequested, KernelMessage, Level, Problem, Welcome } from '../protocol.gen';
import type { ILimit } from '../autonomy';
import type { Arming } from './arming';
import type { Asks } from './asks';
import type { AutoRun } from './auto-run';
import type { Autonomy } from './autonomy';
import type { ProposalBook } from './book';
import type { Ceiling } from './ceiling';
import type { IChannel } from './channel';
import type { IChoices } from './choices';
import type { Continuing } from './continuing';
import type { Decisions } from './decisions';
import type { IHost } from './host';
import type { Judging } from './judging';
import type { Ledger } from './ledger';
import type { Previews } from './previews';
import { effectiveLevel, limitsOf, type IEffectiveLevel } from './level';
import { Models } from './models';
import type { Running } from './running';
import { settle } from './restoring';
import type { WayBack } from './way-back';
import { INTERRUPTED, KERNEL_GONE } from './problems';

export interface IHearingOptions {
  readonly host: IHost;
  readonly channel: IChannel;
  readonly choices: IChoices;
  readonly book: ProposalBook;
  readonly decisions: Decisions;
  readonly ledger: Ledger;
  readonly asks: Asks;
  readonly typing: Continuing;
  readonly previews: Previews;
  readonly arming: Arming;
  readonly auto: AutoRun;
  readonly autonomy: Autonomy;
  readonly judging: Judging;
  readonly running: Running;
  readonly ceiling: Ceiling;
  readonly wayBack: WayBack;
  readonly changed: () => void;
}

export class Hearing {
  constructor(private readonly _options: IHearingOptions) {
    const { channel, choices } = _options;
    this.models = new Models(choices, channel);
    channel.message.connect((_, message) => this._receive(message), this);
    channel.lost.connect(this._onLost, this);
  }

  readonly models: Models;
  problem: Problem | null = null;

  /** The level in force. */
  get level(): IEffectiveLevel {
    return effectiveLevel(this.chosen, this.limits);
  }

  /** The person's own. */
  get chosen(): Level {
    const { arming, choices } = this._options;
    return arming.isArmed ? 4 : choices.level;
  }

  /** Everybody who keeps it below Auto-run, the lowest first. */
  get limits(): ReadonlyArray<ILimit> {
    const { ceiling, host, previews } = this._options;
    return limitsOf({
      ceiling: ceiling.limit,
      lowered: this._lowered,
      metadata: host.metadata,
      isolation: previews.isolation
    });
  }

  get windows(): number {
    return this._options.decisions.claims.windows;
  }

  private _receive(message: KernelMessage): void {
    const { book, decisions, asks, typing, previews, changed } = this._options;
    switch (message.type) {
      case 'welcome':
        this._welcome(message);
        break;
      case 'windows':
        this._count(message.count);
        break;
      case 'changed':
        book.put(message.proposal);
        previews.own.arrived(message.proposal.id);
        break;
      case 'streamed':
        book.grow(message);
        break;
      case 'claimed':
        decisions.claims.claimed(message);
        break;
      case 'surveyed':
        asks.surveys.surveyed(message);
        break;
      case 'found':
        asks.surveys.found(message);
        break;
      case 'continued':
        typing.continued(message);
        // Nothing is to be drawn anew at each pause in typing.
        if (!message.problem) {
          return;
        }
        break;
      case 'ask_requested':
        asks.requested(message);
        break;
      case 'decide_requested':
        void this._decide(message);
        break;
      case 'lowered':
        this._lowered = message.level;
        break;
      case 'used':
        this.models.follow(message.model, message.role);
        break;
      case 'previewed':
        previews.heard(message.preview);
        break;
      case 'judged':
        this._options.judging.heard(message.decision);
        break;
      case 'recalled':
        this._options.autonomy.recalled(message);
        break;
      case 'truth':
      case 'kept':
      case 'restored':
        this._options.wayBack.heard(message);
        break;
      case 'failed':
        this._failed(message.problem);
        break;
    }
    changed();
  }

  private async _decide(message: DecideRequested): Promise<void> {
    const { decisions, changed } = this._options;
    this.problem = (await decisions.requested(message)) ?? this.problem;
    changed();
  }

  private _welcome(message: Welcome): void {
    const { book, ledger, host } = this._options;
    this.models.welcome(message);
    this._options.typing.lost();
    this._lowered = message.lowered;
    this._count(message.windows);
    this.problem = null;
    const listed = new Map(message.proposals.map(({ id, edits }) => [id, editsHash(edits)]));
    book.fail(INTERRUPTED, entry => !listed.has(entry.proposal.id));
    ledger.resend(listed);
    message.proposals.forEach(proposal => book.put(proposal));
    book.disown(listed);
    settle(book, ledger, host.shared);
    this._options.autonomy.forget();
    this._options.previews.welcome(message.previews, message.isolation);
    this._options.wayBack.welcome();
  }

  /** A failure that names no proposal: the asks that were not answered yet are meant. */
  private _failed(problem: Problem): void {
    const { book, previews } = this._options;
    const isTheirs = book.fail(problem, entry => !entry.confirmed);
    if (!isTheirs && !previews.failed(problem)) {
      this.problem = problem;
    }
  }

  private _onLost(): void {
    this._options.book.fail(KERNEL_GONE);
    this._options.asks.surveys.clear();
    this._options.typing.lost();
    this._options.previews.lost();
    this._options.judging.lost();
    this._options.running.lost();
    this._options.auto.lost();
    this._lowered = null;
    this._count(1);
    this._options.changed();
  }

  private _count(windows: number): void {
    this._options.decisions.claims.windows = windows;
  }

  /** What `%llm level` set in the kernel. */
  private _lowered: Level | null = null;
}
