import { describe, expect, it } from 'vitest';

import { change, unfinished } from '../growing';

describe('the change between two texts', () => {
  it.each([
    ['abc', 'abcdef'],
    ['aaa', 'aa'],
    ['', 'x'],
    ['x', ''],
    ['one two', 'one 2 two']
  ])('turns %j into %j', (before, after) => {
    const found = change(before, after)!;
    const result = before.slice(0, found.from) + found.insert + before.slice(found.to);
    expect(result).toBe(after);
  });

  it('is nothing between equal ones', () => {
    expect(change('a', 'a')).toBeNull();
  });

  it('is an addition at the end for a text that grows', () => {
    expect(change('ab', 'abab')).toEqual({ from: 2, to: 2, insert: 'ab' });
  });
});

describe('a replacement that is still being written', () => {
  const before = 'one\ntwo\nthree\nfour';

  it('is the cell as it is before the first letter', () => {
    expect(unfinished(before, '')).toBe(before);
  });

  it('takes the rest over from behind what is written', () => {
    expect(unfinished(before, 'one\ntwo\n')).toBe(before);
    expect(unfinished(before, 'one\n2\nthree\nfo')).toBe('one\n2\nthree\nfour');
  });

  it('adds a line that is new', () => {
    expect(unfinished(before, 'one\nand\n')).toBe('one\nand\ntwo\nthree\nfour');
  });
});
