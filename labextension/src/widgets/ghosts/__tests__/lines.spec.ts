import { describe, expect, it } from 'vitest';

import { hunksOf } from '../../../services/hunks';
import { byLine, diffRows } from '../lines';

function shown(before: string, after: string, folds = false): string[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  return diffRows(before, after, folds).map(row => {
    switch (row.kind) {
      case 'hunk':
        return `@ ${row.index + 1}/${row.count}`;
      case 'fold':
        return `~ ${row.from}-${row.to}`;
      case 'removed':
        return `- ${a[row.line]}`;
      default:
        return `${row.kind === 'added' ? '+' : ' '} ${b[row.line]}`;
    }
  });
}

describe('two texts in one', () => {
  it('has each changed run under its own head', () => {
    expect(shown('a\nb\nc\nd', 'a\nB\nc\nd\ne')).toEqual([
      '  a',
      '@ 1/2',
      '- b',
      '+ B',
      '  c',
      '@ 2/2',
      '- d',
      '+ d',
      '+ e'
    ]);
  });

  it('is all new, or all gone, or the same', () => {
    expect(shown('', 'x')).toEqual(['@ 1/1', '- ', '+ x']);
    expect(shown('a\nb', 'b')).toEqual(['@ 1/1', '- a', '  b']);
    expect(shown('a', 'a')).toEqual(['  a']);
  });

  it('leaves out what is far from a change, and nothing else', () => {
    const lines = Array.from({ length: 30 }, (_, i) => `line ${i}`);
    const changed = lines.with(15, 'other').join('\n');
    const rows = shown(lines.join('\n'), changed, true);
    expect(rows[0]).toBe('~ 0-12');
    expect(rows.at(-1)).toBe('~ 19-30');
    expect(rows).toHaveLength(2 + 6 + 3);
  });

  it('has the hunks that can be accepted one by one', () => {
    let seed = 7;
    const random = (n: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
    for (let round = 0; round < 300; round++) {
      const text = () => Array.from({ length: random(7) }, () => 'abc'[random(3)]).join('\n');
      const [before, after] = [text(), text()];
      const rows = diffRows(before, after, false);
      const lines = (kind: string, at: number) =>
        rows.slice(at).findIndex(row => row.kind !== kind);
      const found = rows.flatMap((row, i) => {
        if (row.kind !== 'hunk') {
          return [];
        }
        const removed = lines('removed', i + 1);
        const gone = removed < 0 ? rows.length - i - 1 : removed;
        const added = lines('added', i + 1 + gone);
        return [[gone, added < 0 ? rows.length - i - 1 - gone : added]];
      });
      const hunks = hunksOf(before, after);
      expect(found).toEqual(hunks.map(h => [h.to - h.from, h.newTo - h.newFrom]));
    }
  });
});

describe('colours line by line', () => {
  it('cuts one that goes over several lines', () => {
    expect(byLine(['ab', '', 'cd'], [[1, 6, 's']])).toEqual([[[1, 2, 's']], [], [[0, 2, 's']]]);
  });

  it('keeps each in its line', () => {
    const colours: [number, number, string][] = [
      [0, 1, 'x'],
      [3, 5, 'y'],
      [6, 7, 'z']
    ];
    expect(byLine(['ab', 'cd', 'e'], colours)).toEqual([
      [[0, 1, 'x']],
      [[0, 2, 'y']],
      [[0, 1, 'z']]
    ]);
  });
});
