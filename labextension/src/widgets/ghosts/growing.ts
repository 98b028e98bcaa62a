/**
 * Texts that change a little at a time. Pure.
 */

/** One replaced range that turns `before` into `after`, or null if they are equal. */
export function change(
  before: string,
  after: string
): { from: number; to: number; insert: string } | null {
  if (before === after) {
    return null;
  }
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) {
    from++;
  }
  let tail = 0;
  while (
    tail < most - from &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail++;
  }
  const to = before.length - tail;
  return { from, to, insert: after.slice(from, after.length - tail) };
}

/**
 * What a cell would look like if a half-written replacement ended here.
 *
 * The lines that have not been written yet are taken over from the cell, from
 * behind the last written line that also stands in it. So a diff grows from
 * the top instead of striking out everything and taking that back line by line.
 */
export function unfinished(before: string, written: string): string {
  const old = before.split('\n');
  const lines = written.split('\n');
  // The last line may be half a line.
  const last = lines.pop() ?? '';
  let next = 0;
  for (const line of lines) {
    const at = line.trim() ? old.indexOf(line, next) : -1;
    if (at !== -1) {
      next = at + 1;
    }
  }
  const partial = old[next]?.startsWith(last) ? [] : [last];
  return [...lines, ...partial, ...old.slice(next)].join('\n');
}
