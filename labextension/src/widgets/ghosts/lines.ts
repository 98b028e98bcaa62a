/** Two texts line by line, with the same hunks that can be accepted one by one. Pure. */
import { Chunk } from '@codemirror/merge';
import { Text } from '@codemirror/state';

import { DIFF } from '../../tokens';

/** Characters of a line that differ from its counterpart: from, to (excluded). */
export type Span = readonly [from: number, to: number];

/** A coloured stretch of a source: from, to (excluded), classes. */
export type Colour = readonly [from: number, to: number, classes: string];

export type Row =
  | { readonly kind: 'same' | 'added'; readonly line: number; readonly spans: ReadonlyArray<Span> }
  | { readonly kind: 'removed'; readonly line: number; readonly spans: ReadonlyArray<Span> }
  | { readonly kind: 'hunk'; readonly index: number; readonly count: number }
  /** Unchanged lines left out: from, to (excluded) of the new text. */
  | { readonly kind: 'fold'; readonly from: number; readonly to: number };

/** Unchanged lines kept around each change, and the least number that is folded away. */
const FOLD = { margin: 3, least: 6 };

/**
 * @param folds - Whether unchanged lines far from a change are left out.
 * @param opened - First lines (in the new text) of the folds that a person opened.
 */
export function diffRows(
  before: string,
  after: string,
  folds: boolean,
  opened: ReadonlySet<number> = new Set()
): Row[] {
  const a = Text.of(before.split('\n'));
  const b = Text.of(after.split('\n'));
  const chunks = before === after ? [] : Chunk.build(a, b, DIFF);
  const rows: Row[] = [];
  let next = 0;
  const unchanged = (to: number, last: boolean): void => {
    const from = rows.length ? Math.min(next + FOLD.margin, to) : next;
    const end = last ? to : Math.max(to - FOLD.margin, from);
    const folded = folds && chunks.length > 0 && end - from >= FOLD.least && !opened.has(from);
    for (let line = next; line < to; line++) {
      if (!folded || line < from || line >= end) {
        rows.push({ kind: 'same', line, spans: [] });
      } else if (line === from) {
        rows.push({ kind: 'fold', from, to: end });
      }
    }
    next = to;
  };
  chunks.forEach((chunk, index) => {
    unchanged(lineAt(b, chunk.fromB), false);
    rows.push({ kind: 'hunk', index, count: chunks.length });
    const side = (
      text: Text,
      from: number,
      to: number,
      spans: Span[],
      kind: 'removed' | 'added'
    ) => {
      for (let line = lineAt(text, from); line < lineAt(text, to); line++) {
        const { from: start, to: end } = text.line(line + 1);
        const here = spans
          .map(([x, y]): Span => [
            Math.max(x + from, start) - start,
            Math.min(y + from, end) - start
          ])
          .filter(([x, y]) => x < y);
        rows.push({ kind, line, spans: here });
      }
    };
    const { changes } = chunk;
    side(
      a,
      chunk.fromA,
      chunk.toA,
      changes.map(c => [c.fromA, c.toA]),
      'removed'
    );
    side(
      b,
      chunk.fromB,
      chunk.toB,
      changes.map(c => [c.fromB, c.toB]),
      'added'
    );
    next = lineAt(b, chunk.toB);
  });
  unchanged(b.lines, true);
  return rows;
}

/** A chunk's end may lie one past the end of the text. */
function lineAt(text: Text, position: number): number {
  return position > text.length ? text.lines : text.lineAt(position).number - 1;
}

/** The colours line by line, counted from the start of each line. */
export function byLine(lines: ReadonlyArray<string>, colours: ReadonlyArray<Colour>): Colour[][] {
  let start = 0;
  let next = 0;
  return lines.map(line => {
    const end = start + line.length;
    const here: Colour[] = [];
    while (next < colours.length && colours[next]![0] < end) {
      const [from, to, classes] = colours[next]!;
      here.push([Math.max(from, start) - start, Math.min(to, end) - start, classes]);
      if (to > end) {
        break;
      }
      next++;
    }
    // One that ended with this line, or before it, is done with.
    while (next < colours.length && colours[next]![1] <= end) {
      next++;
    }
    start = end + 1;
    return here.filter(([from, to]) => from < to);
  });
}
