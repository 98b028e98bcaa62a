/** Hunks of a replace: runs of changed lines, the same as the merge view in a ghost shows. */
import { Chunk } from '@codemirror/merge';
import { Text } from '@codemirror/state';

import { DIFF, type IHunk } from '../tokens';

/** The runs of lines in which `after` differs from `before`, in order. */
export function hunksOf(before: string, after: string): IHunk[] {
  if (before === after) {
    return [];
  }
  const a = Text.of(before.split('\n'));
  const b = Text.of(after.split('\n'));
  return Chunk.build(a, b, DIFF).map((chunk, index) => ({
    index,
    from: lineAt(a, chunk.fromA),
    to: lineAt(a, chunk.toA),
    newFrom: lineAt(b, chunk.fromB),
    newTo: lineAt(b, chunk.toB)
  }));
}

/** `before` with this hunk of `after` taken over. */
export function withHunk(before: string, after: string, hunk: IHunk): string {
  const lines = before.split('\n');
  lines.splice(
    hunk.from,
    hunk.to - hunk.from,
    ...after.split('\n').slice(hunk.newFrom, hunk.newTo)
  );
  return lines.join('\n');
}

/** `after` with this hunk left as it is in `before`. */
export function withoutHunk(before: string, after: string, hunk: IHunk): string {
  const { from, to, newFrom, newTo } = hunk;
  return withHunk(after, before, { ...hunk, from: newFrom, to: newTo, newFrom: from, newTo: to });
}

/** A chunk's end may lie one past the end of the text. */
function lineAt(text: Text, position: number): number {
  return position > text.length ? text.lines : text.lineAt(position).number - 1;
}
