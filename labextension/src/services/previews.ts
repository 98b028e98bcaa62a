/**
 * The dry runs of a notebook's proposals: which are asked for, and what came of them.
 *
 * By itself one is asked for as soon as a proposal that arrived in this page is
 * complete, and again when its edits have stood still after a change: one at a
 * time, and, where several windows have the notebook, in the one that asked or
 * changed. What a kernel holds from before a restart or a reload is run on
 * request only: the variables that it needs may not be there.
 */
import type { Isolation, Level, Origin, Preview, Problem, Proposal } from '../protocol.gen';
import type { IDryRunOptions, IPreviews, IPreviewView } from '../previewing';
import type { IProposalView } from '../tokens';
import type { IChannel } from './channel';
import type { IChoices } from './choices';
import type { IHost } from './host';
import { noPreview } from './level';
import { Own } from './own';
import { isPreview } from './preview-reading';
import type { Running } from './running';
import { hasCode, hashOf, isOver, Trial } from './trial';

/** How long changed edits stand still before they are tried. */
export const REST_MS = 800;
/** A cell may be reported as run this much after the dry run that waited for it has begun. */
const LATE_MS = 500;

/** What a repair asks for. The error goes along as data: nobody has reviewed who raised it. */
export const REPAIR = 'Fix this error';

export interface IPreviewsOptions {
  readonly host: IHost;
  readonly channel: IChannel;
  readonly choices: IChoices;
  readonly running: Running;
  readonly level: () => Level;
  readonly windows: () => number;
  readonly views: () => ReadonlyArray<IProposalView>;
  readonly now: () => number;
  readonly changed: () => void;
  /** Ask for a version that mends what a dry run ended in. */
  readonly repair: (id: string, repairs: Origin['repairs']) => string | null;
  /** One is made now, anew or for the first time. */
  readonly begun: (id: string) => void;
  /** Whether that was done by itself for a version of it. */
  readonly wasRepaired: (proposal: Proposal) => boolean;
}

export class Previews implements IPreviews {
  constructor(private readonly _options: IPreviewsOptions) {
    const { host } = _options;
    host.cellScheduled.connect((_, cell) => this.own.scheduled(cell), this);
    host.cellExecuted.connect(() => this._ran(_options.now() - LATE_MS), this);
    host.ranElsewhere.connect(() => this._ran(_options.now()), this);
  }

  readonly own = new Own();
  isolation: Isolation | null | undefined = undefined;

  get sample(): number {
    return this._options.choices.preview.sample;
  }

  dispose(): void {
    clearTimeout(this._timer);
  }

  // -- what widgets ask ------------------------------------------------------

  of(proposal: Proposal): IPreviewView | null {
    const trial = this._trials.get(proposal.id);
    const { level, choices } = this._options;
    if (proposal.status !== 'pending' || !hasCode(proposal) || (level() < 2 && !trial)) {
      return null;
    }
    const hash = hashOf(proposal);
    const preview = trial?.preview ?? null;
    const isCurrent = preview?.edits_hash === hash;
    const isGoingOn = trial?.asked?.hash === hash;
    const canRun = this._whyNot() === '';
    const shown = trial?.shown ?? null;
    const note = isGoingOn ? '' : this._note(trial, proposal);
    return (trial ?? this._trial(proposal.id)).view({
      preview,
      shown,
      age: trial?.age(hash) ?? '',
      isGoingOn,
      isStopping: isGoingOn && trial.isStopping,
      note,
      isQuiet: level() < 3 && !isGoingOn && shown === null && note === '',
      canRun,
      canRepair:
        isCurrent &&
        preview.status === 'failed' &&
        choices.preview.repair !== 'never' &&
        level() >= 2
    });
  }

  run(id: string, options: IDryRunOptions = {}): string {
    const view = this._view(id);
    const why = view ? this._whyNot() : 'This proposal is not open in this page.';
    if (why || !view) {
      return why;
    }
    if (!view.acceptable) {
      return 'It is out of date. Regenerate it, then preview it.';
    }
    return this._send(view.proposal, options, false)
      ? ''
      : 'The kernel cannot be asked now. Nothing was changed.';
  }

  stop(id: string): void {
    const trial = this._trials.get(id);
    if (trial?.asked) {
      trial.isStopping = true;
      if (!this._options.channel.send({ type: 'stop_dry_run', proposal_id: id })) {
        trial.asked = null;
      }
      this._options.changed();
    }
  }

  repair(id: string): string | null {
    const view = this._view(id);
    const preview = this._trials.get(id)?.preview;
    return view && preview?.status === 'failed' && preview.edits_hash === hashOf(view.proposal)
      ? this._options.repair(id, 'asked')
      : null;
  }

  // -- what is heard ---------------------------------------------------------

  heard(preview: Preview): void {
    const trial = this._trial(preview.proposal_id);
    const { now, choices } = this._options;
    if (!isOver(preview) && trial.asked === null) {
      this._options.begun(preview.proposal_id);
    }
    if (trial.hear(preview, now()) && choices.preview.repair === 'once') {
      const view = this._view(preview.proposal_id);
      const isWanted = view && this._isWanted(view) && !this._options.wasRepaired(view.proposal);
      if (isWanted && view.versions.at(-1) === view.proposal.id) {
        this._options.repair(preview.proposal_id, 'automatic');
      }
    }
  }

  welcome(previews: ReadonlyArray<Preview>, isolation: Isolation | null): void {
    this.isolation = isolation;
    for (const trial of this._trials.values()) {
      trial.asked = null;
    }
    // One that cannot be read is no reason to have no session.
    previews.filter(isPreview).forEach(preview => this.heard(preview));
  }

  /** The kernel is gone, and what a dry run would begin with. */
  lost(): void {
    this.isolation = undefined;
    this.own.lost();
    for (const trial of this._trials.values()) {
      trial.asked = null;
      trial.isRestarted = true;
    }
    this._wasLost = true;
  }

  /** True where an answer was still owed: then the failure is that of the dry run. */
  failed(problem: Problem): boolean {
    const owed = [...this._trials.values()].filter(trial => trial.asked?.isUnanswered);
    for (const trial of owed) {
      trial.asked = null;
      trial.problem = problem;
    }
    return owed.length > 0;
  }

  /** Something changed: ask for what is due, and end what nobody waits for any more. */
  follow(): void {
    clearTimeout(this._timer);
    const { now, views } = this._options;
    let soonest = Infinity;
    const pending = views().filter(view => view.proposal.status === 'pending');
    const waiting = new Set(pending.map(view => view.proposal.id));
    for (const [id, trial] of this._trials) {
      if (!waiting.has(id) && trial.asked) {
        this._options.channel.send({ type: 'stop_dry_run', proposal_id: id });
        trial.asked = null;
      }
    }
    for (const view of pending) {
      const { proposal } = view;
      const trial = this._trial(proposal.id);
      const hash = hashOf(proposal);
      const due = trial.due(hash, now(), REST_MS);
      const isKnown = trial.tried === hash || trial.preview?.edits_hash === hash;
      if (!this._isWanted(view) || (isKnown && !this._isToBeSeenAgain(trial))) {
        continue;
      }
      if (due > now()) {
        soonest = Math.min(soonest, due);
      } else if (!this._isOccupied(proposal.id) && this._whyNot() === '') {
        this._send(proposal, {}, true);
      }
    }
    if (soonest < Infinity) {
      this._timer = setTimeout(() => this._options.changed(), soonest - now());
    }
  }

  // ---------------------------------------------------------------------------

  private _isWanted({ proposal, acceptable }: IProposalView): boolean {
    const { level, choices, windows } = this._options;
    const isAutomatic = level() > 2 && choices.preview.automatic;
    return isAutomatic && acceptable && hasCode(proposal) && this.own.has(proposal, windows());
  }

  /** Only what is tried on the kernel as it is can run by itself. */
  private _isToBeSeenAgain(trial: Trial): boolean {
    const { level, running } = this._options;
    return level() > 3 && trial.isBehind && trial.asked === null && !running.isAny;
  }

  /** One at a time; newer edits of the same proposal take the place of the older. */
  private _isOccupied(id: string): boolean {
    return [...this._trials].some(([other, trial]) => other !== id && trial.asked?.isAutomatic);
  }

  private _send(proposal: Proposal, options: IDryRunOptions, automatic: boolean): boolean {
    const { channel, host, choices, level, now } = this._options;
    const { budget = choices.preview.budget, sample = 0, downstream = false } = options;
    const hash = hashOf(proposal);
    const sent = channel.send({
      type: 'dry_run',
      proposal_id: proposal.id,
      edits_hash: hash,
      snapshot: host.snapshot(),
      level: level(),
      automatic,
      budget,
      sample,
      downstream,
      readable: choices.preview.readable,
      grants: choices.grants
    });
    if (sent) {
      this._options.begun(proposal.id);
      this._trial(proposal.id).ask(hash, automatic, now());
      this._options.changed();
    }
    return sent;
  }

  private _whyNot(): string {
    const { channel, level } = this._options;
    if (level() < 2) {
      return 'The level is below Propose.';
    }
    if (channel.connection !== 'ready' && channel.connection !== 'ready-when-idle') {
      return 'The kernel cannot be asked now.';
    }
    return noPreview(this.isolation);
  }

  private _note(trial: Trial | undefined, { id }: Proposal): string {
    if (trial?.problem) {
      const { message, next } = trial.problem;
      return `Could not preview: ${message} ${next}`.trim();
    }
    if (trial?.shown || this._options.level() < 3) {
      return '';
    }
    return this._wasLost && !this.own.isFresh(id) ? 'Not previewed: the kernel was restarted.' : '';
  }

  /** The kernel ran something at this time. */
  private _ran(at: number): void {
    this._trials.forEach(trial => trial.ran(at));
  }

  private _trial(id: string): Trial {
    const trial = this._trials.get(id) ?? new Trial();
    this._trials.set(id, trial);
    return trial;
  }

  private _view(id: string): IProposalView | undefined {
    return this._options
      .views()
      .find(view => view.proposal.id === id && view.proposal.status === 'pending');
  }

  private readonly _trials = new Map<string, Trial>();
  private _wasLost = false;
  private _timer: ReturnType<typeof setTimeout> | undefined;
}
