import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { echo, newest } from '../echo';

describe("a tab's own copy", () => {
  const held = new Map<string, string>();
  beforeEach(() => {
    vi.stubGlobal('sessionStorage', {
      getItem: (key: string) => held.get(key) ?? null,
      setItem: (key: string, value: string) => held.set(key, value)
    });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    held.clear();
  });

  it('is taken where the database is behind, and only there', () => {
    expect(newest('k', undefined)).toBeUndefined();
    echo('k', { at: 2, text: 'typed last' });
    expect(newest('k', { at: 1, text: 'typed' })?.text).toBe('typed last');
    expect(newest('k', undefined)?.text).toBe('typed last');
    expect(newest('k', { at: 3, text: 'in another tab' })?.text).toBe('in another tab');
    expect(newest('other', { at: 1, text: 'x' })?.text).toBe('x');
  });

  it('says that there is nothing any more', () => {
    echo('k', { at: 2, text: '' });
    expect(newest('k', { at: 1, text: 'gone' })?.text).toBe('');
  });

  it('that is nonsense or cannot be had is no fault', () => {
    held.set('k', '{"at":');
    expect(newest('k', { at: 1, text: 'x' })?.text).toBe('x');
    held.set('k', '{"at":"1","text":2}');
    expect(newest('k', 'nonsense')).toBeUndefined();
    vi.stubGlobal('sessionStorage', {
      getItem: () => {
        throw new Error('forbidden');
      },
      setItem: () => {
        throw new Error('full');
      }
    });
    echo('k', { at: 1, text: 'x' });
    expect(newest('k', { at: 1, text: 'x' })?.text).toBe('x');
  });
});
