/**
 * Taking a part of a proposal: what is applied or dropped, and what then waits.
 *
 * The law: parts taken one by one, in any order, leave the notebook that all
 * at once would have left. So what is left is anchored anew: an insert or a move
 * goes behind the nearest cell that precedes it in that notebook and is there.
 */
import { cellHash } from '../hash';
import type { Edit, Replace } from '../protocol.gen';
import type { IPart } from '../tokens';
import { Sheet, viewEdits, type ICells } from './edits';
import { withHunk, withoutHunk } from './hunks';

export interface ISplit {
  /** What is applied, or dropped. */
  readonly part: ReadonlyArray<Edit>;
  /** What waits then. */
  readonly rest: ReadonlyArray<Edit>;
}

/** What accepting this part applies; null where there is no such part, or its precondition does not hold. */
export function accepting(edits: ReadonlyArray<Edit>, part: IPart, cells: ICells): ISplit | null {
  const chosen = choose(edits, part, cells);
  if (chosen === null || !chosen.fits[part.edit]) {
    return null;
  }
  const full = applied(edits, cells);
  const others = without(edits, part.edit);
  const [alone] = arrange([chosen.edit], [true], cells, full.places, movedIn(others));
  const after = new Sheet(cells);
  // It may need another edit of the same proposal to be applied first.
  if (!after.apply(alone!)) {
    return null;
  }
  const left = chosen.onceTaken;
  const waiting = left ? edits.with(part.edit, left) : others;
  const fits = left ? chosen.fits : without(chosen.fits, part.edit);
  return { part: [alone!], rest: arrange(waiting, fits, after, full.places) };
}

/** What dropping this part drops; null where there is no such part. */
export function rejecting(edits: ReadonlyArray<Edit>, part: IPart, cells: ICells): ISplit | null {
  const chosen = choose(edits, part, cells);
  if (chosen === null) {
    return null;
  }
  const left = chosen.onceDropped;
  if (left) {
    const waiting = edits.with(part.edit, left);
    const { places } = applied(waiting, cells, true);
    return { part: [chosen.edit], rest: arrange(waiting, chosen.fits, cells, places) };
  }
  const gone = chosen.edit;
  const unanchored = gone.op === 'insert' ? { id: gone.cell_id, after: gone.after } : null;
  const kept = edits
    .map((edit, index) => ({ edit, fits: chosen.fits[index]! }))
    .filter((item, index) => index !== part.edit && item.edit.cell_id !== unanchored?.id);
  const waiting = kept.map(({ edit }) =>
    unanchored && 'after' in edit && edit.after === unanchored.id
      ? { ...edit, after: unanchored.after }
      : edit
  );
  // Where an insert goes, the others keep the places that they would have had with it.
  const full = unanchored ? applied(edits, cells) : applied(waiting, cells, true);
  const places = full.places.filter(id => id !== unanchored?.id);
  const fits = kept.map(item => item.fits);
  return { part: [gone], rest: arrange(waiting, fits, cells, places) };
}

/**
 * What waits of these edits once `done` has been applied, by whatever way.
 *
 * @param cells - The notebook with `done` applied.
 */
export function remaining(
  edits: ReadonlyArray<Edit>,
  done: ReadonlyArray<Edit>,
  cells: ICells
): ReadonlyArray<Edit> {
  const rest = edits
    .filter(edit => !done.some(other => brings(other, edit)))
    .map(edit => {
      const change = replaceOf(done, edit.cell_id);
      return change && edit.op !== 'insert' && edit.expects === change.expects
        ? { ...edit, expects: cellHash(change.cell_type, change.source) }
        : edit;
    });
  return settled(rest, cells);
}

/**
 * What waits when `back` was taken out of the notebook again.
 *
 * @param cells - The notebook without `back`.
 */
export function rejoined(
  waiting: ReadonlyArray<Edit>,
  back: ReadonlyArray<Edit>,
  cells: ICells
): ReadonlyArray<Edit> {
  const joined = back.filter(
    edit => edit.op !== 'replace' || replaceOf(waiting, edit.cell_id) === undefined
  );
  const further = waiting.map(edit => {
    const change = replaceOf(back, edit.cell_id);
    return change &&
      !joined.includes(change) &&
      edit.op !== 'insert' &&
      edit.expects === cellHash(change.cell_type, change.source)
      ? { ...edit, expects: change.expects }
      : edit;
  });
  return settled([...joined, ...further], cells);
}

function brings(done: Edit, edit: Edit): boolean {
  return (
    done.op === edit.op &&
    done.cell_id === edit.cell_id &&
    (done.op !== 'replace' || edit.op !== 'replace' || done.source === edit.source)
  );
}

function replaceOf(edits: ReadonlyArray<Edit>, id: string): Replace | undefined {
  return edits.find((edit): edit is Replace => edit.op === 'replace' && edit.cell_id === id);
}

/** The same edits with anchors that are there. */
function settled(edits: ReadonlyArray<Edit>, cells: ICells): ReadonlyArray<Edit> {
  const fits = viewEdits(edits, cells).map(view => view.applies);
  return arrange(edits, fits, cells, applied(edits, cells).places);
}

interface IChosen {
  /** The edit, or of a hunk the replace that brings it alone. */
  readonly edit: Edit;
  readonly fits: ReadonlyArray<boolean>;
  /** What is left of the edit when this is accepted, or dropped; null where nothing is. */
  readonly onceTaken: Replace | null;
  readonly onceDropped: Replace | null;
}

function choose(edits: ReadonlyArray<Edit>, part: IPart, cells: ICells): IChosen | null {
  const views = viewEdits(edits, cells, part.hunk !== undefined);
  const view = views[part.edit];
  if (!view) {
    return null;
  }
  const { edit, before } = view;
  const fits = views.map(item => item.applies);
  if (part.hunk === undefined) {
    return { edit, fits, onceTaken: null, onceDropped: null };
  }
  const hunk = view.hunks[part.hunk];
  if (!hunk || edit.op !== 'replace') {
    return null;
  }
  const taken = withHunk(before, edit.source, hunk);
  const dropped = withoutHunk(before, edit.source, hunk);
  return {
    edit: { ...edit, source: taken },
    fits,
    onceTaken: taken === edit.source ? null : edit,
    onceDropped: dropped === before ? null : { ...edit, source: dropped }
  };
}

/** @param loosely - Whatever the cells hold. */
function applied(edits: ReadonlyArray<Edit>, cells: ICells, loosely = false): Sheet {
  const sheet = new Sheet(cells);
  for (const edit of edits) {
    sheet.apply(loosely ? expecting(edit, sheet) : edit);
  }
  return sheet;
}

function expecting<E extends Edit>(edit: E, cells: ICells): E {
  const cell = edit.op === 'insert' ? null : cells.read(edit.cell_id);
  return cell ? { ...edit, expects: cellHash(cell.type, cell.source) } : edit;
}

/**
 * Give edits the anchors and expectations with which they lead to `places`.
 *
 * @param fits - Those that are false stay as they are: they are stale.
 * @param places - The order of cells in the end, deleted ones included.
 * @param moving - Cells that something else will move later.
 */
function arrange(
  edits: ReadonlyArray<Edit>,
  fits: ReadonlyArray<boolean>,
  cells: ICells,
  places: ReadonlyArray<string>,
  moving: ReadonlySet<string> = new Set()
): ReadonlyArray<Edit> {
  const sheet = new Sheet(cells);
  const rank = new Map(places.map((id, index) => [id, index]));
  return edits.map((edit, index) => {
    const mine = rank.get(edit.cell_id);
    if (!fits[index]) {
      return edit;
    }
    let next = expecting(edit, sheet);
    if ((next.op === 'insert' || next.op === 'move') && mine !== undefined) {
      const later = movedIn(edits.slice(index + 1));
      const before = sheet.ids.filter(
        id => (rank.get(id) ?? Infinity) < mine && !later.has(id) && !moving.has(id)
      );
      const after = before.reduce<string | null>(
        (best, id) => (best === null || rank.get(id)! > rank.get(best)! ? id : best),
        null
      );
      next = { ...next, after };
    }
    sheet.apply(next);
    return JSON.stringify(next) === JSON.stringify(edit) ? edit : next;
  });
}

function movedIn(edits: ReadonlyArray<Edit>): ReadonlySet<string> {
  return new Set(edits.filter(edit => edit.op === 'move').map(edit => edit.cell_id));
}

function without<T>(items: ReadonlyArray<T>, index: number): T[] {
  return items.filter((_, i) => i !== index);
}
