import { Signal } from '@lumino/signaling';
import { StateDB } from '@jupyterlab/statedb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { IReview } from '../../tokens';
import { unsentOf, type Unsent } from '../unsent';

const state = new StateDB();

/** A page that opens the same notebook. */
function page(): { readonly unsent: Unsent; rename: (path: string) => void } {
  const context = { path: 'n.ipynb', pathChanged: new Signal<object, string>({}) };
  const review = { panel: { context } } as unknown as IReview;
  const rename = (path: string): void => {
    context.path = path;
    context.pathChanged.emit(path);
  };
  return { unsent: unsentOf(state, review), rename };
}

beforeEach(async () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value)
  });
  await state.clear();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe('words that were not sent', () => {
  it('and what was taken out of what goes with them are there after a reload', async () => {
    const { unsent } = page();
    unsent.set('cell:a', 'plot it');
    expect(unsent.takenOut('cell:a')).toBeUndefined();
    unsent.takeOut('cell:a', ['cell:b']);
    const { unsent: next } = page();
    await next.loaded;
    expect(next.get('cell:a')).toBe('plot it');
    expect(next.takenOut('cell:a')).toEqual(['cell:b']);
    next.takeOut('cell:a', []);
    expect(next.takenOut('cell:a')).toEqual([]);
  });

  it('are forgotten with it once they were sent', async () => {
    const { unsent } = page();
    unsent.set('cell:a', 'plot it');
    unsent.takeOut('cell:a', ['cell:b']);
    unsent.sent('cell:a');
    const { unsent: next } = page();
    await next.loaded;
    expect(next.get('cell:a')).toBe('');
    expect(next.takenOut('cell:a')).toBeUndefined();
  });

  it('follow the notebook to another name', async () => {
    const { unsent, rename } = page();
    unsent.set('cell:a', 'plot it');
    rename('m.ipynb');
    const { unsent: old } = page();
    await old.loaded;
    expect(old.get('cell:a')).toBe('');
  });
});
