/**
 * The proposals of one notebook: the one state behind panel, ghosts and status lines.
 *
 * It hears the session through a channel, holds each proposal against the
 * notebook as it is now, and is the only one that changes the document.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Hit, Level, ModelChoice, Problem, Proposal } from '../protocol.gen';
import type { IAutonomy } from '../autonomy';
import type { IPreviews } from '../previewing';
import type { IWayBack } from '../way-back';
import type {
  AcceptResult,
  Connection,
  Hand,
  IAcceptOptions,
  IAskOptions,
  IOutdated,
  IPart,
  IProposalView,
  IReview,
  ISurvey,
  ITyping
} from '../tokens';
import type { IChannel } from './channel';
import type { IChoices } from './choices';
import { onceAFrame } from './frames';
import type { IGestures } from './gestures';
import type { IHost } from './host';
import { Workings, type IWorkingsOptions } from './workings';

const NO_HAND =
  'Only a key or a click of your own accepts, not script in the page. The notebook was not touched.';

export interface IReviewOptions {
  readonly panel: NotebookPanel;
  readonly host: IHost;
  readonly channel: IChannel;
  readonly choices: IChoices;
  readonly gestures: IWorkingsOptions['gestures'];
  readonly ceiling: IWorkingsOptions['ceiling'];
  readonly kept?: IWorkingsOptions['kept'];
  /** Calls back before the next frame is drawn. */
  readonly nextFrame?: (callback: () => void) => void;
  readonly now?: () => number;
}

export class Review implements IReview {
  constructor(options: IReviewOptions) {
    this.panel = options.panel;
    this._gestures = options.gestures;
    this._host = options.host;
    this._channel = options.channel;
    this._choices = options.choices;
    const draw = onceAFrame(() => this._changed.emit(), options.nextFrame);
    const turned = (id: string): void => this._focusRequested.emit(id);
    this._is = new Workings({ ...options, draw, turned });
    this._channel.changed.connect(this._update, this);
    this._choices.changed.connect(this._update, this);
  }

  readonly panel: NotebookPanel;

  get connection(): Connection {
    return this._channel.connection;
  }

  get problem(): Problem | null {
    return this._channel.problem ?? this._is.hearing.problem;
  }

  get models(): ReadonlyArray<ModelChoice> {
    return this._is.hearing.models.offered;
  }

  get model(): string {
    return this._is.hearing.models.current;
  }

  get level(): Level {
    return this._is.hearing.level.level;
  }

  get chosenLevel(): Level {
    return this._is.hearing.chosen;
  }

  get levelReason(): string {
    return this._is.hearing.level.reason;
  }

  get proposals(): ReadonlyArray<IProposalView> {
    return this._is.views;
  }

  get focused(): string | null {
    return this._is.turning.focused;
  }

  get changed(): ISignal<IReview, void> {
    return this._changed;
  }

  get focusRequested(): ISignal<IReview, string> {
    return this._focusRequested;
  }

  get windows(): number {
    return this._is.hearing.windows;
  }

  get words(): string {
    return this._is.words;
  }

  get survey(): ISurvey | null {
    return this._is.asks.surveys.current;
  }

  get typing(): ITyping {
    return this._is.typing;
  }

  get autonomy(): IAutonomy {
    return this._is.autonomy;
  }

  get previews(): IPreviews {
    return this._is.previews;
  }

  get wayBack(): IWayBack {
    return this._is.wayBack;
  }

  get outdated(): ReadonlyArray<IOutdated> {
    return this._is.outdated;
  }

  /** Cleared from memory with its notebook. */
  dispose(): void {
    this._is.dispose();
    this._channel.dispose();
    this._host.dispose();
    Signal.clearData(this);
  }

  setWords(words: string): void {
    this._is.setWords(words);
  }

  surveyFor(prompt: string, options: IAskOptions = {}): void {
    this._is.asks.surveys.request(prompt, options);
  }

  look(query: string): Promise<ReadonlyArray<Hit>> {
    return this._is.asks.surveys.look(query);
  }

  ask(prompt: string, options: IAskOptions = {}): string | null {
    return this._asked(this._is.asks.ask(prompt, options));
  }

  refine(id: string, prompt: string, options: IAskOptions = {}): string | null {
    return this.ask(prompt, { ...options, refines: id });
  }

  regenerate(id: string): string | null {
    return this._asked(this._is.asks.regenerate(id));
  }

  again(id: string): string | null {
    const made = this._asked(this._is.asks.again(id));
    if (made !== null) {
      this.dismiss(id);
    }
    return made;
  }

  choose(id: string, choice: number): string | null {
    return this._asked(this._is.asks.choose(id, choice));
  }

  remake(source: string): void {
    this._host.run([source]);
  }

  cancel(id: string): void {
    const entry = this._is.book.get(id);
    const status = entry?.proposal.status;
    if (entry && (status === 'drafting' || status === 'asking')) {
      this._channel.send({ type: 'cancel', proposal_id: id });
      entry.proposal = { ...entry.proposal, status: 'cancelled' };
      this._update();
    }
  }

  async accept(id: string, options: IAcceptOptions = {}): Promise<AcceptResult> {
    const { hand = this._gestures.hand(), ...how } = options;
    return this._gestures.take(hand)
      ? this._is.decisions.accept(id, how)
      : { outcome: 'inert', reason: NO_HAND };
  }

  hand(): Hand | null {
    return this._gestures.hand();
  }

  reject(id: string, part?: IPart): void {
    this._is.decisions.reject(id, part);
  }

  revise(id: string, edit: number, source: string): void {
    this._is.decisions.revise(id, edit, source);
  }

  rebase(id: string, edit: number): void {
    this._is.decisions.rebase(id, edit);
  }

  takeBack(id: string): AcceptResult {
    return this._is.undoing.takeBack(id);
  }

  show(id: string): void {
    this._is.show(id);
  }

  version(id: string): Proposal | null {
    return this._is.book.get(id)?.proposal ?? null;
  }

  dismiss(id: string): void {
    this._is.book.dismiss(id);
    this._update();
  }

  use(model: string): void {
    this._is.hearing.models.choose(model);
    this._update();
  }

  setLevel(level: Level): void {
    this._is.lower(level);
  }

  focus(id: string | null): void {
    this._is.turning.focus(id);
    this._update();
  }

  step(by: 1 | -1): void {
    this._is.turning.step(by);
  }

  reconnect(): void {
    this._is.hearing.problem = null;
    this._channel.reconnect();
    this._update();
  }

  private _asked(id: string | null): string | null {
    if (id !== null) {
      this._is.hearing.problem = null;
      this._update();
    }
    return id;
  }

  private _update(): void {
    this._is.changed();
  }

  private readonly _gestures: IGestures;
  private readonly _host: IHost;
  private readonly _channel: IChannel;
  private readonly _choices: IChoices;
  private readonly _is: Workings;
  private readonly _changed = new Signal<IReview, void>(this);
  private readonly _focusRequested = new Signal<IReview, string>(this);
}
