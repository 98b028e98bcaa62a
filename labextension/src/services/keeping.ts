/** Keeping what a page knows of a notebook in JupyterLab's state database. */
import type { IStateDB } from '@jupyterlab/statedb';

import { echo, newest, type IStored } from './echo';

/** How long after a change it is written. */
export const WRITE_MS = 200;
/** As many notebooks are kept, those written last. */
const MOST_NOTEBOOKS = 30;
const PREFIX = 'llm-notebook-kept';

/** One key a notebook; the namespace is what stands before the colon. */
function keyOf(path: string): string {
  return `${PREFIX}:${path}`;
}

export interface IKeepingOptions {
  readonly store: IStateDB | null;
  readonly path: string;
  /** What is to be kept now; empty for nothing. */
  readonly write: () => string;
}

/** What was kept of the notebook at this path, as text. Never fails. */
export async function fetchKept(store: IStateDB | null, path: string): Promise<unknown> {
  const key = keyOf(path);
  try {
    return newest(key, await store?.fetch(key))?.text || undefined;
  } catch (error) {
    console.warn('What was kept of the proposals could not be read.', error);
    return newest(key, undefined)?.text || undefined;
  }
}

/** Writes through, at most once in a while, and only what is new. */
export class Keeping {
  constructor(private readonly _options: IKeepingOptions) {
    this._path = _options.path;
    globalThis.addEventListener?.('pagehide', this._flush);
  }

  /** Something may have changed. */
  touch(): void {
    this._timer ??= setTimeout(this._flush, WRITE_MS);
  }

  /** What is kept follows the notebook. */
  rename(path: string): void {
    if (path !== this._path) {
      const old = keyOf(this._path);
      echo(old, { at: Date.now(), text: '' });
      this._do(store => store.remove(old));
      this._path = path;
      this._written = null;
      this._flush();
    }
  }

  dispose(): void {
    this._flush();
    globalThis.removeEventListener?.('pagehide', this._flush);
  }

  private readonly _flush = (): void => {
    clearTimeout(this._timer);
    this._timer = undefined;
    const text = this._options.write();
    if (text === (this._written ?? '')) {
      return;
    }
    this._written = text;
    const key = keyOf(this._path);
    const stored = { at: Date.now(), text };
    echo(key, stored);
    if (text) {
      this._do(store => store.save(key, stored));
      this._do(prune);
    } else {
      this._do(store => store.remove(key));
    }
  };

  private _do(act: (store: IStateDB) => Promise<unknown>): void {
    const { store } = this._options;
    if (store) {
      // In order, and one that fails stops nothing.
      this._last = this._last
        .then(() => act(store))
        .catch((error: unknown) => console.warn('Proposals could not be kept.', error));
    }
  }

  private _path: string;
  private _written: string | null = null;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _last: Promise<unknown> = Promise.resolve();
}

async function prune(store: IStateDB): Promise<void> {
  const { ids, values } = await store.list(PREFIX);
  const at = values.map(value => (value as Partial<IStored> | null)?.at ?? 0);
  const old = ids
    .map((id, index) => ({ id, at: at[index]! }))
    .sort((a, b) => b.at - a.at)
    .slice(MOST_NOTEBOOKS);
  for (const { id } of old) {
    await store.remove(id);
  }
}
