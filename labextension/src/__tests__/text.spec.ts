import { describe, expect, it } from 'vitest';

import { diffRows, pieces } from '../text';

const shown = (text: string): string =>
  pieces(text)
    .map(piece => (piece.deceptive ? `<${piece.text}>` : piece.text))
    .join('');

describe('pieces', () => {
  it.each([
    ['x = 1\n\ty', 'x = 1\n\ty'],
    ['a\u202eb', 'a<U+202E>b'],
    ['\u200bimport', '<U+200B>import'],
    ['end\ufeff', 'end<U+FEFF>'],
    ['tag\u{e0041}', 'tag<U+E0041>'],
    ['a\u001b[31m', 'a<U+001B>[31m'],
    ['crlf\r\nkept', 'crlf\r\nkept'],
    ['lone\rcr', 'lone<U+000D>cr'],
    ['heart ❤️ and 😀', 'heart ❤️ and 😀']
  ])('%j', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });
});

const drawn = (before: string, after: string): string =>
  diffRows(before, after)
    .map(row => (row.sign === 'gap' ? '...' : row.sign + row.text))
    .join('\n');

describe('diffRows', () => {
  it('shows a changed line with context', () => {
    expect(drawn('a\nb\nc', 'a\nB\nc')).toBe(' a\n-b\n+B\n c');
  });

  it('keeps what both have in the middle', () => {
    expect(drawn('a\nx\nb', 'A\nx\nB')).toBe('-a\n+A\n x\n-b\n+B');
  });

  it('folds what is far away', () => {
    const lines = [...'abcdefgh'];
    const before = lines.join('\n');
    expect(drawn(before, before.replace('h', 'H'))).toBe('...\n f\n g\n-h\n+H');
  });

  it('gives back both sides, also for huge texts', () => {
    const before = Array.from({ length: 900 }, (_, i) => `a${i}`).join('\n');
    const after = Array.from({ length: 900 }, (_, i) => `b${i}`).join('\n');
    const rows = diffRows(before, after);
    const side = (sign: string): string =>
      rows
        .filter(row => row.sign === sign)
        .map(row => row.text)
        .join('\n');
    expect(side('-')).toBe(before);
    expect(side('+')).toBe(after);
  });
});
