/**
 * What a person typed at a cell or into a card and has not sent, kept in
 * JupyterLab's state by notebook, so that a reload does not lose it.
 */
import type { IStateDB } from '@jupyterlab/statedb';
import { Signal, type ISignal } from '@lumino/signaling';

import { echo, newest, type IStored } from '../services/echo';
import type { IReview } from '../tokens';

const PREFIX = 'llm-notebook:unsent:';
/** Before a place: what was taken out there, as a list of ids. */
const OUT = 'without ';
/** The panel's prompt. The review keeps its words. */
export const PANEL_PLACE = 'panel';
/** Saving follows typing at this distance, in milliseconds. */
const PAUSE = 200;

/** The unsent words of one notebook, by the place where they were typed. */
export class Unsent {
  constructor(
    private readonly state: IStateDB,
    { panel: { context } }: IReview
  ) {
    this.path = context.path;
    this.loaded = this.load();
    context.pathChanged.connect(() => {
      const old = PREFIX + this.path;
      echo(old, { at: Date.now(), text: '' });
      void this.state.remove(old);
      this.path = context.path;
      this.save();
    });
  }

  /** Ends when what was kept before is known. */
  readonly loaded: Promise<void>;

  /** Something was typed or taken out, or what was kept is known. */
  get changed(): ISignal<Unsent, void> {
    return this._changed;
  }

  get(place: string): string {
    return this.words.get(place) ?? '';
  }

  set(place: string, words: string): void {
    this.touched.add(place);
    if (words) {
      this.words.set(place, words);
    } else {
      this.words.delete(place);
    }
    this.echo();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
    this._changed.emit();
  }

  /** Ids of the pieces that the person took out of what is sent there; undefined: did not say. */
  takenOut(place: string): ReadonlyArray<string> | undefined {
    const kept = this.words.get(OUT + place);
    return kept === undefined ? undefined : listed(kept);
  }

  takeOut(place: string, pieces: ReadonlyArray<string>): void {
    this.set(OUT + place, JSON.stringify(pieces));
  }

  /** What was typed there was asked: the next is to be said anew. */
  sent(place: string): void {
    this.set(place, '');
    this.set(OUT + place, '');
  }

  private async load(): Promise<void> {
    const key = PREFIX + this.path;
    const kept = newest(key, await this.state.fetch(key).catch(() => undefined));
    for (const [place, words] of Object.entries(parsed(kept?.text))) {
      // What was typed meanwhile is newer.
      if (typeof words === 'string' && !this.touched.has(place)) {
        this.words.set(place, words);
      }
    }
    this._changed.emit();
  }

  private echo(): IStored {
    const stored = { at: Date.now(), text: JSON.stringify(Object.fromEntries(this.words)) };
    echo(PREFIX + this.path, stored);
    return stored;
  }

  private save(): void {
    const key = PREFIX + this.path;
    const stored = this.echo();
    const done = this.words.size ? this.state.save(key, { ...stored }) : this.state.remove(key);
    done.catch((error: unknown) => console.warn('Unsent words could not be kept.', error));
  }

  private readonly _changed = new Signal<Unsent, void>(this);
  private path: string;
  private readonly words = new Map<string, string>();
  private readonly touched = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
}

const made = new WeakMap<IReview, Unsent>();

/** The same for every widget of a notebook. */
export function unsentOf(state: IStateDB, review: IReview): Unsent {
  let unsent = made.get(review);
  if (!unsent) {
    unsent = new Unsent(state, review);
    made.set(review, unsent);
  }
  return unsent;
}

function listed(text: string): ReadonlyArray<string> {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];
  } catch {
    return [];
  }
}

function parsed(text: string | undefined): object {
  try {
    const value: unknown = JSON.parse(text || '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
