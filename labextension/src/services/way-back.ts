/**
 * The way back: whether notebook and kernel agree, and variables that an undo puts back.
 *
 * The kernel is asked when something changed that may make the two differ: a cell
 * ran, an accept was taken back, cells went or moved, or a text stood still after
 * it was changed. It answers with what it really ran.
 */
import { UUID } from '@lumino/coreutils';

import { editsHash } from '../hash';
import type { AskTruth, KernelTruth, Kept, Restored, Snapshot, Truth } from '../protocol.gen';
import type { IWayBack } from '../way-back';
import type { ProposalBook } from './book';
import type { IChannel } from './channel';
import type { IChoices } from './choices';
import type { IHost } from './host';

/** After a run or an undo: what belongs together comes together. */
export const SOON_MS = 150;
/** After an edit: while somebody types, nothing is asked. */
export const TYPED_MS = 1500;
/** How long a run waits for what it will change to be kept. */
export const KEEP_MS = 5000;

type Because = AskTruth['because'];

export interface IWayBackOptions {
  readonly host: IHost;
  readonly channel: IChannel;
  readonly choices: IChoices;
  readonly book: ProposalBook;
  readonly changed: () => void;
}

export class WayBack implements IWayBack {
  constructor(private readonly _options: IWayBackOptions) {
    const { host, channel } = _options;
    host.cellExecuted.connect(this._onExecuted, this);
    host.shared.ydoc.on('afterTransaction', this._onDocument);
    channel.lost.connect(this._onLost, this);
    this._shape = this._now();
  }

  truth: KernelTruth | null = null;
  note = '';

  get isRunning(): boolean {
    return this._running.size > 0;
  }

  dispose(): void {
    clearTimeout(this._timer);
    this._options.host.shared.ydoc.off('afterTransaction', this._onDocument);
    this._settle(null);
  }

  keep(id: string): Promise<Kept | null> {
    const proposal = this._options.book.get(id)?.proposal;
    this._settle(null);
    if (!proposal) {
      return Promise.resolve(null);
    }
    const edits_hash = editsHash(proposal.edits);
    const most = this._options.choices.keep * 1024 * 1024;
    const sent = this._options.channel.send({ type: 'keep', proposal_id: id, edits_hash, most });
    if (!sent) {
      return Promise.resolve(null);
    }
    return new Promise(resolve => {
      const timer = setTimeout(() => this._settle(null), KEEP_MS);
      this._waiting = {
        id,
        done: kept => {
          clearTimeout(timer);
          resolve(kept);
        }
      };
    });
  }

  rerun(): void {
    const ids = this.truth?.rerun ?? [];
    if (ids.length > 0 && !this.isRunning) {
      this._running = new Set(ids);
      this.note = '';
      this._options.host.run(ids);
      this._options.changed();
    }
  }

  /** An accept was taken back: its variables go back too, where they were kept. */
  tookBack(id: string): void {
    this.note = '';
    if (this._kept.delete(id)) {
      this._options.channel.send({ type: 'restore', proposal_id: id });
    }
    this._ask('taken_back', SOON_MS);
  }

  /** A kernel is there, and may have run cells before this page came. */
  welcome(): void {
    this._ask('', SOON_MS);
  }

  heard(message: Truth | Kept | Restored): void {
    if (message.type === 'truth') {
      if (message.truth_id === this._asked) {
        this.truth = message.truth;
        if (!message.truth.summary) {
          this._because = '';
        }
      }
    } else if (message.type === 'kept') {
      this._kept.add(message.proposal_id);
      this.note = message.text;
      if (this._waiting?.id === message.proposal_id) {
        this._settle(message);
      }
    } else {
      this.note = message.text || this.note;
      this._ask('taken_back', SOON_MS);
    }
  }

  private _ask(because: Because, wait: number): void {
    this._because = because || this._because;
    const due = Date.now() + wait;
    if (this._timer !== undefined && this._due <= due && wait === TYPED_MS) {
      return;
    }
    clearTimeout(this._timer);
    this._due = due;
    this._timer = setTimeout(() => {
      this._timer = undefined;
      const snapshot: Snapshot = this._options.host.snapshot();
      const truth_id = UUID.uuid4();
      if (
        this._options.channel.send({
          type: 'ask_truth',
          truth_id,
          snapshot,
          because: this._because
        })
      ) {
        this._asked = truth_id;
      }
    }, wait);
  }

  private _onExecuted(_: unknown, id: string): void {
    this._running.delete(id);
    if (!this.isRunning) {
      this._ask('', SOON_MS);
    }
    this._options.changed();
  }

  private readonly _onDocument = (transaction: {
    readonly changed: ReadonlyMap<unknown, unknown>;
  }): void => {
    if (transaction.changed.size === 0) {
      return;
    }
    const before = this._shape;
    const now = (this._shape = this._now());
    if (now.length !== before.length || now.some((id, at) => id !== before[at])) {
      const gone = before.some(id => !now.includes(id));
      // One that was deleted meanwhile is not waited for: nobody tells of its end.
      this._running = new Set([...this._running].filter(id => now.includes(id)));
      const isMove = !gone && now.length === before.length;
      this._ask(gone ? 'deleted' : isMove ? 'moved' : '', SOON_MS);
    } else if (this.truth !== null) {
      this._ask('', TYPED_MS);
    }
  };

  private _onLost(): void {
    clearTimeout(this._timer);
    this._timer = undefined;
    this.truth = null;
    this.note = '';
    this._because = '';
    this._running.clear();
    this._kept.clear();
    this._settle(null);
  }

  private _settle(kept: Kept | null): void {
    const waiting = this._waiting;
    this._waiting = null;
    waiting?.done(kept);
  }

  private _now(): ReadonlyArray<string> {
    return this._options.host.shared.cells.map(cell => cell.id);
  }

  private _shape: ReadonlyArray<string>;
  private _because: Because = '';
  /** Proposals whose variables the kernel can put back. */
  private readonly _kept = new Set<string>();
  private _asked = '';
  private _due = 0;
  private _running = new Set<string>();
  private _waiting: {
    readonly id: string;
    readonly done: (kept: Kept | null) => void;
  } | null = null;
  private _timer: ReturnType<typeof setTimeout> | undefined;
}
