/** The parts that a review is made of, and how they hang together. */
import type { IStateDB } from '@jupyterlab/statedb';

import type { ILimit } from '../autonomy';
import type { Edit, Level } from '../protocol.gen';
import type { IOutdated, IProposalView } from '../tokens';
import { cellsOf } from './applier';
import { Arming } from './arming';
import { Asks } from './asks';
import { AutoRun } from './auto-run';
import { Autonomy } from './autonomy';
import { ProposalBook } from './book';
import type { Ceiling } from './ceiling';
import type { IChannel } from './channel';
import type { IChoices } from './choices';
import { Continuing } from './continuing';
import { Decisions } from './decisions';
import type { Entry } from './entries';
import type { IGestures } from './gestures';
import { Hearing } from './hearing';
import type { IHost } from './host';
import { Judging } from './judging';
import { Keeping } from './keeping';
import { read, write } from './kept';
import { Ledger } from './ledger';
import { Previews, REPAIR } from './previews';
import { answeredIn, madeCells, outdatedIn } from './outdated';
import { promptOf } from './provenance';
import { restore, settle } from './restoring';
import { PAUSE_MS } from './surveys';
import { Running } from './running';
import { threadOf } from './threads';
import { Turning } from './turning';
import { Undoing } from './undoing';
import { WayBack } from './way-back';

export interface IWorkingsOptions {
  readonly host: IHost;
  readonly channel: IChannel;
  readonly choices: IChoices;
  readonly gestures: IGestures;
  readonly ceiling: Ceiling;
  /** What was kept of this notebook, and where it is kept. */
  readonly kept?: { readonly store: IStateDB | null; readonly text: unknown };
  readonly now?: () => number;
  /** Something that is shown changed. */
  readonly draw: () => void;
  /** A proposal was turned to. */
  readonly turned: (id: string) => void;
}

export class Workings {
  constructor(options: IWorkingsOptions) {
    const { host, channel, choices, ceiling, gestures, kept } = options;
    this._options = options;
    this._now = options.now ?? (() => Date.now());
    const common = { host, channel, choices, book: this.book, now: this._now };
    const changed = (): void => this.changed();
    const viewOf = (id: string): IProposalView | undefined =>
      this.views.find(view => view.proposal.id === id);

    this.turning = new Turning({
      views: () => this.views,
      ids: () => cellsOf(host.shared).ids,
      activeCell: () => host.activeCell,
      turned: options.turned
    });
    const judging = new Judging(this._now);
    const running = new Running(host);
    const level = (): Level => this.hearing.level.level;
    const limits = (): ReadonlyArray<ILimit> => this.hearing.limits;
    const views = (): ReadonlyArray<IProposalView> => this.views;
    const acted = (id: string): void => this.previews.own.acted(id);
    this._ledger = new Ledger({ ...common, changed, acted });
    const ledger = this._ledger;
    const wayBack = (this.wayBack = new WayBack({ ...common, changed }));
    const tookBack = (id: string): void => wayBack.tookBack(id);
    const undoing = (this.undoing = new Undoing({ ...common, ledger, changed, tookBack }));
    const deciding = { changed, ledger, judging, undoing, wayBack, viewOf };
    this.decisions = new Decisions({ ...common, ...deciding });
    this.asks = new Asks({
      ...common,
      changed,
      model: role => this.hearing.models.for(role),
      level,
      began: (id, origin) => this.previews.own.began(id, origin, gestures.isRecent())
    });
    this.typing = new Continuing({
      ...common,
      models: () => this.hearing.models,
      level,
      failed: problem => {
        this.hearing.problem = problem;
      }
    });
    this.previews = new Previews({
      ...common,
      changed,
      running,
      level,
      windows: () => this.hearing.windows,
      views,
      begun: id => judging.begun(id),
      repair: (id, repairs) => {
        const made = this.asks.repair(id, REPAIR, repairs);
        this.changed();
        return made;
      },
      wasRepaired: ofThread =>
        this.book
          .versions(threadOf(ofThread))
          .some(({ proposal }) => proposal.origin.repairs === 'automatic')
    });
    const { asks, decisions, typing, previews } = this;
    this._arming = new Arming({ ...common, gestures, ceiling, limits, changed });
    const arming = this._arming;
    this._auto = new AutoRun({
      ...common,
      arming,
      judging,
      previews,
      decisions,
      running,
      wayBack,
      level,
      views,
      focused: () => this.turning.focused,
      changed
    });
    const auto = this._auto;
    this.autonomy = new Autonomy({
      ...common,
      arming,
      auto,
      level: () => this.hearing.level,
      limits,
      views
    });
    const { autonomy } = this;
    this.hearing = new Hearing({
      ...common,
      ...{ ledger, decisions, asks, typing, previews, arming, auto, autonomy, judging, running },
      ...{ ceiling, wayBack, changed }
    });
    ceiling.changed.connect(this.changed, this);

    const { words, entries } = read(kept?.text);
    this._words = words;
    this._keeping = new Keeping({
      store: kept?.store ?? null,
      path: host.path,
      write: () => write(this._words, this.book)
    });
    restore(entries, this.book, ledger, host.shared);

    host.renamed.connect(this._onRenamed, this);
    host.saving.connect(this._onSaving, this);
    host.saved.connect(this._onSaved, this);
    host.shared.ydoc.on('afterTransaction', this._onDocument);
  }

  readonly book = new ProposalBook();
  readonly turning: Turning;
  readonly undoing: Undoing;
  readonly wayBack: WayBack;
  readonly decisions: Decisions;
  readonly asks: Asks;
  readonly typing: Continuing;
  readonly previews: Previews;
  readonly autonomy: Autonomy;
  readonly hearing: Hearing;

  /** The proposals, held against the notebook as it is now. */
  get views(): ReadonlyArray<IProposalView> {
    const isBack = (id: string): boolean => this.undoing.canTakeBack(id);
    this._views ??= this.book.views(cellsOf(this._options.host.shared), this._now(), isBack);
    return this._views;
  }

  get words(): string {
    return this._words;
  }

  setWords(words: string): void {
    this._words = words;
    this.changed();
  }

  /** Choose a level other than Auto-run, and end that. */
  lower(level: Level): void {
    this._arming.disarm('');
    this._options.choices.setLevel(level);
  }

  /** Something of the state changed. */
  changed(): void {
    this._views = null;
    this._outdated = null;
    this.turning.settle();
    this._keeping?.touch();
    this._options.draw();
    this._lookAhead();
  }

  /** Show another version. */
  show(id: string): void {
    this.book.show(id, this._now());
    this.changed();
  }

  dispose(): void {
    this._options.host.shared.ydoc.off('afterTransaction', this._onDocument);
    clearTimeout(this._pause);
    clearTimeout(this._ahead);
    this._options.ceiling.changed.disconnect(this.changed, this);
    this._arming.dispose();
    this.previews.dispose();
    this.wayBack.dispose();
    this._keeping.dispose();
    this.asks.dispose();
    this.typing.dispose();
    this.hearing.models.dispose();
    this.undoing.dispose();
  }

  /** Cells that are out of date. */
  get outdated(): ReadonlyArray<IOutdated> {
    if (this._outdated === null) {
      const answered = answeredIn(this.book.known(), proposal => promptOf(proposal, this.book));
      this._outdated = outdatedIn(madeCells(this._options.host.shared), answered);
    }
    return this._outdated;
  }

  private readonly _onDocument = (transaction: { readonly local: boolean }): void => {
    this._views = null;
    const { channel, host } = this._options;
    if (!transaction.local && channel.connection === 'unavailable') {
      // Another window may have accepted, and nobody else can tell.
      settle(this.book, this._ledger, host.shared);
    }
    if (!this.book.isEmpty) {
      this._outdated = null;
      this._options.draw();
      this._lookAhead();
    } else {
      // Nobody waits for this: not at each key that is typed.
      this._pause ??= setTimeout(() => {
        this._pause = undefined;
        const before = this._outdated;
        this._outdated = null;
        if (JSON.stringify(this.outdated) !== JSON.stringify(before)) {
          this._options.draw();
        }
      }, PAUSE_MS);
    }
  };

  /** Dry runs follow what is on screen, once for all that changes together. */
  private _lookAhead(): void {
    this._ahead ??= setTimeout(() => {
      this._ahead = undefined;
      this.previews.follow();
      this._auto.follow();
      this.autonomy.tell();
    });
  }

  private _onRenamed(_: IHost, path: string): void {
    this._keeping.rename(path);
    this._options.channel.send({ type: 'renamed', notebook: path });
  }

  /** What is accepted while it is being written may not be in the file. */
  private _onSaving(): void {
    this._inFile = [...this.book.entries()].map(entry => [entry, entry.unsaved] as const);
  }

  private _onSaved(): void {
    for (const [entry, saved] of this._inFile) {
      entry.unsaved = entry.unsaved.filter(edit => !saved.includes(edit));
    }
    this._inFile = [];
    this._keeping.touch();
  }

  private readonly _options: IWorkingsOptions;
  private readonly _now: () => number;
  private readonly _ledger: Ledger;
  private readonly _keeping: Keeping;
  private readonly _arming: Arming;
  private readonly _auto: AutoRun;
  private _words = '';
  private _outdated: ReadonlyArray<IOutdated> | null = null;
  private _pause: ReturnType<typeof setTimeout> | undefined;
  private _ahead: ReturnType<typeof setTimeout> | undefined;
  private _views: ReadonlyArray<IProposalView> | null = null;
  private _inFile: ReadonlyArray<readonly [Entry, ReadonlyArray<Edit>]> = [];
}
