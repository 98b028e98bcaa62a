/** Kernel truth in words. */
import type { KernelTruth } from '../../protocol.gen';

/** What the offer's button says: `Re-run [3] [7]`. */
export function offer(truth: KernelTruth): string {
  const labels = new Map(truth.cells.map(({ cell, label }) => [cell, label]));
  const named = truth.rerun.map(cell => labels.get(cell) ?? cell);
  const some = named.length > 6 ? [...named.slice(0, 5), `and ${named.length - 5} more`] : named;
  return `Re-run ${some.map(one => (one.startsWith('cell') ? `(${one})` : one)).join(' ')}`;
}

/** How long that took the last time; empty where it was short, or nobody knows. */
export function duration({ seconds }: KernelTruth): string {
  if (seconds === null || seconds < 2) {
    return '';
  }
  return seconds < 120
    ? `about ${Math.round(seconds)} s the last time`
    : `about ${Math.round(seconds / 60)} min the last time`;
}
