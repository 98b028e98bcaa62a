/**
 * Whether Auto-run is armed in this page for this notebook.
 *
 * Only a person's hand on the slider arms it. It is kept nowhere, so that a reload
 * ends it; and whatever lowers the level meanwhile ends it too, so that nothing
 * which lifts that again brings it back.
 */
import type { IBudget, ILimit } from '../autonomy';
import type { Level } from '../protocol.gen';
import type { Ceiling } from './ceiling';
import type { IChoices } from './choices';
import type { IGestures } from './gestures';

/** How often the administrator's ceiling is read again, and the time looked at, while armed. */
export const WATCH_MS = 30_000;

const MINUTE = 60_000;

export interface IArmingOptions {
  readonly gestures: IGestures;
  readonly ceiling: Ceiling;
  readonly choices: IChoices;
  /** Everybody who keeps the level below Auto-run, the lowest first. */
  readonly limits: () => ReadonlyArray<ILimit>;
  readonly now: () => number;
  readonly changed: () => void;
}

interface IArmed {
  readonly runs: number;
  readonly until: number;
  used: number;
}

export class Arming {
  constructor(private readonly _options: IArmingOptions) {
    this._seen = _options.choices.level;
    _options.choices.changed.connect(this._onChoices, this);
  }

  /** Why it ended, or was not armed, without the person's own doing. */
  ended = '';
  turn = 0;

  dispose(): void {
    clearInterval(this._watch);
    this._armed = null;
  }

  get isArmed(): boolean {
    return this._armed !== null;
  }

  get budget(): IBudget | null {
    const armed = this._armed;
    return armed && { runs: armed.runs, used: armed.used, minutes: this._left(armed) };
  }

  control(element: HTMLElement): () => void {
    return this._options.gestures.watch(element, event => {
      const level = levelIn(event, element);
      if (level !== null) {
        void this._byHand(level);
      }
    });
  }

  /** By anybody: only down. */
  disarm(why: string): void {
    if (this._armed) {
      clearInterval(this._watch);
      this._armed = null;
      this._end(why);
    }
  }

  /** A proposal is run by itself. */
  use(): void {
    if (this._armed) {
      this._armed.used++;
    }
  }

  /** End it where its time or a limit says so, or all its runs are used. */
  check(): void {
    const armed = this._armed;
    const limit = this._options.limits()[0];
    if (!armed) {
      return;
    }
    if (limit) {
      this.disarm(`Auto-run has ended. ${limit.reason}`);
    } else if (armed.used >= armed.runs) {
      this.disarm(
        `Auto-run has ended: its ${armed.runs} runs are used. Move the slider up for as many again.`
      );
    } else if (this._options.now() >= armed.until) {
      this.disarm('Auto-run has ended: its time is over. Move the slider up to go on.');
    }
  }

  private async _byHand(level: Level): Promise<void> {
    const { choices, ceiling, limits } = this._options;
    const turn = ++this._turns;
    this.ended = '';
    if (level < 4) {
      this.disarm('');
      choices.setLevel(level);
      this._end('');
      return;
    }
    await ceiling.read();
    if (turn !== this._turns || this._armed) {
      return;
    }
    if (choices.level < 3) {
      // What is left when it ends, by a reload too; and the next best where it is not possible.
      choices.setLevel(3);
    }
    const limit = limits()[0];
    if (limit) {
      this._end(`Auto-run is not possible here. ${limit.reason}`);
      return;
    }
    const { runs, minutes } = choices.autoRun;
    this._armed = { runs, used: 0, until: this._options.now() + minutes * MINUTE };
    this._watch = setInterval(() => {
      void ceiling.read().then(() => this.check());
    }, WATCH_MS);
    this._end('');
  }

  private _end(why: string): void {
    this.ended = why;
    this.turn++;
    this._options.changed();
  }

  /** The person has lowered the level elsewhere: in the settings, or by a command. */
  private _onChoices(): void {
    const level = this._options.choices.level;
    if (level < 3 && this._seen > 2) {
      this.disarm('');
    }
    this._seen = level;
  }

  private _left(armed: IArmed): number {
    return Math.max(1, Math.ceil((armed.until - this._options.now()) / MINUTE));
  }

  private _armed: IArmed | null = null;
  private _watch: ReturnType<typeof setInterval> | undefined;
  private _turns = 0;
  private _seen: Level;
}

/** What a gesture on the slider asks for. */
function levelIn(event: Event, element: HTMLElement): Level | null {
  const { target } = event;
  let value: string | undefined;
  if (event.type === 'input' && target instanceof HTMLInputElement && target.type === 'range') {
    value = target.value;
  } else if (event.type === 'click' && target instanceof Element) {
    const mark = target.closest<HTMLElement>('[data-level]');
    value = mark && element.contains(mark) ? mark.dataset.level : undefined;
  }
  return value !== undefined && /^[0-4]$/.test(value) ? (Number(value) as Level) : null;
}
