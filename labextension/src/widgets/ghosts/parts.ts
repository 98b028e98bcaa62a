/**
 * The parts of a proposal that the keys can stop at. Pure.
 *
 * They follow one another as they stand on the page: each cell, and in a
 * change with several hunks each hunk. Where there is only one, the proposal
 * itself is all there is to decide about, and there is no stop.
 */
import type { Edit } from '../../protocol.gen';
import type { IEditView, IPart, IProposalView } from '../../tokens';

/** A part by what stays the same when others are decided. */
export interface IMark {
  readonly proposal: string;
  /** Of the edit: see `keyOf`. */
  readonly key: string;
  /** Index of the hunk; null for the whole cell. */
  readonly hunk: number | null;
}

export interface IStop extends IMark {
  readonly part: IPart;
}

/** Names an edit within its proposal, whatever is decided about the others. */
export function keyOf(edit: Edit): string {
  return `${edit.op}:${edit.cell_id}`;
}

/** Whether the hunks of an edit can be decided one by one. */
export function hasHunks(edit: IEditView): boolean {
  return edit.applies && edit.hunks.length > 1;
}

/** @param edits - The edits that have a place, as they stand from top to bottom. */
export function stopsOf(
  view: IProposalView,
  edits: ReadonlyArray<IEditView>,
  withHunks = true
): IStop[] {
  const proposal = view.proposal.id;
  const stops: IStop[] = [];
  for (const edit of edits) {
    const key = keyOf(edit.edit);
    if (view.edits.length > 1) {
      stops.push({ proposal, key, hunk: null, part: { edit: edit.index } });
    }
    if (withHunks && hasHunks(edit)) {
      for (const { index } of edit.hunks) {
        stops.push({ proposal, key, hunk: index, part: { edit: edit.index, hunk: index } });
      }
    }
  }
  return stops;
}

export function same(a: IMark | null, b: IMark | null): boolean {
  return a?.proposal === b?.proposal && a?.key === b?.key && a?.hunk === b?.hunk;
}

/** Where the mark stands among the stops; -1 for the whole proposal. */
export function indexOf(stops: ReadonlyArray<IStop>, mark: IMark | null): number {
  return mark ? stops.findIndex(stop => same(stop, mark)) : -1;
}

/**
 * The stop after (1) or before (-1) a mark. Before the first is the proposal
 * as a whole (null); after the last there is nothing, and the mark stays.
 */
export function step(stops: ReadonlyArray<IStop>, mark: IMark | null, by: 1 | -1): IStop | null {
  const at = Math.min(indexOf(stops, mark) + by, stops.length - 1);
  return at < 0 ? null : stops[at]!;
}

/**
 * Where to go when a part was decided: to the next that waits, else to the one
 * before it.
 *
 * @param before - The stops as they were.
 * @param after - The stops that are left.
 */
export function afterDecision(
  before: ReadonlyArray<IStop>,
  decided: IMark,
  after: ReadonlyArray<IStop>
): IStop | null {
  const at = indexOf(before, decided);
  const gone = (stop: IStop) =>
    stop.key === decided.key && (decided.hunk === null || stop.hunk === decided.hunk);
  const around = [...before.slice(at + 1), ...before.slice(0, Math.max(at, 0)).reverse()];
  for (const stop of around.filter(stop => !gone(stop))) {
    const shifted =
      stop.hunk !== null &&
      decided.hunk !== null &&
      stop.key === decided.key &&
      stop.hunk > decided.hunk
        ? stop.hunk - 1
        : stop.hunk;
    const found =
      after.find(other => other.key === stop.key && other.hunk === shifted) ??
      // Of two hunks one is left: then it is the cell that is decided about.
      after.find(other => other.key === stop.key && other.hunk === null);
    // A cell is no next stop to one of its own hunks.
    if (found && !(decided.hunk !== null && stop.hunk === null && stop.key === decided.key)) {
      return found;
    }
  }
  return after.find(other => other.key === decided.key) ?? null;
}
