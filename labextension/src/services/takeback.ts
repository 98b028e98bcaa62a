/**
 * Taking an accept back by edits of its own, also after other changes.
 *
 * What an accept touched is kept as it was. It is put back where the cells still
 * are as the accept left them; what somebody changed since is never overwritten.
 */
import type { SharedCell, YNotebook } from '@jupyter/ydoc';
import type { PartialJSONValue } from '@lumino/coreutils';

import { cellHash } from '../hash';
import { PROVENANCE_KEY, type Cell, type Edit } from '../protocol.gen';
import { sharedCells, type IWriting } from './applier';
import { Sheet, type ICells } from './edits';

interface IFormer extends Cell {
  readonly provenance: PartialJSONValue | undefined;
  /** Of a cell that is deleted, or changes its type. */
  readonly json: SharedCell.Cell | undefined;
}

/** The notebook as far as edits touch it, before them. */
export interface IFootprint {
  readonly order: ReadonlyArray<string>;
  readonly cells: ReadonlyMap<string, IFormer>;
}

export function footprint(notebook: YNotebook, edits: ReadonlyArray<Edit>): IFootprint {
  const byId = sharedCells(notebook);
  const cells = new Map<string, IFormer>();
  for (const edit of edits) {
    const cell = byId.get(edit.cell_id);
    if (cell) {
      const { id, cell_type: type } = cell;
      const goes = edit.op === 'delete' || (edit.op === 'replace' && edit.cell_type !== type);
      cells.set(id, {
        id,
        type,
        source: cell.getSource(),
        provenance: cell.getMetadata(PROVENANCE_KEY),
        json: goes ? cell.toJSON() : cells.get(id)?.json
      });
    }
  }
  return { order: [...byId.keys()], cells };
}

/**
 * The edits that take these back.
 *
 * @param live - The notebook now.
 * @returns The edits, or why they overlap with what was done since.
 */
export function inverse(
  edits: ReadonlyArray<Edit>,
  print: IFootprint,
  live: ICells
): ReadonlyArray<Edit> | string {
  const then = new Sheet({ ids: print.order, read: id => print.cells.get(id) ?? null });
  edits.forEach(edit => then.apply(edit));
  const was = new Set(print.order);
  const left = new Set(then.ids);
  const isHere = new Set(live.ids);
  const rank = new Map(print.order.map((id, index) => [id, index]));
  const back: Edit[] = [];
  const homeless: { id: string; make: (after: string | null) => Edit }[] = [];

  for (const id of new Set(edits.map(edit => edit.cell_id))) {
    const former = print.cells.get(id);
    const made = then.read(id);
    const now = live.read(id);
    if (made && (now === null || hashOf(now) !== hashOf(made)) && !isOnlyMoved(id, edits)) {
      return `${now ? `Cell ${live.ids.indexOf(id) + 1} was changed` : 'A cell that it wrote was deleted'} since.`;
    }
    if (made && now === null) {
      return 'A cell that it moved was deleted since.';
    }
    if (made && !was.has(id)) {
      back.push({ op: 'delete', cell_id: id, expects: hashOf(made) });
    } else if (!made && former) {
      if (isHere.has(id)) {
        return `Cell ${live.ids.indexOf(id) + 1} was brought back since.`;
      }
      const { type: cell_type, source } = former;
      homeless.push({
        id,
        make: after => ({ op: 'insert', cell_id: id, after, cell_type, source })
      });
    } else if (made && former && now) {
      if (hashOf(former) !== hashOf(made)) {
        const { type: cell_type, source } = former;
        const expects = hashOf(made);
        back.push({ op: 'replace', cell_id: id, expects, cell_type, source, new_id: null });
      }
      if (edits.some(edit => edit.op === 'move' && edit.cell_id === id)) {
        if (neighbour(id, then.ids, isHere) !== neighbour(id, live.ids, left)) {
          return `Cell ${live.ids.indexOf(id) + 1} was moved since.`;
        }
        const expects = hashOf(hashOf(former) !== hashOf(made) ? former : now);
        homeless.push({ id, make: after => ({ op: 'move', cell_id: id, expects, after }) });
      }
    }
  }

  // Each goes behind the nearest cell that stood before it and has its place.
  const sheet = new Sheet(live);
  const out = [...back];
  back.forEach(edit => sheet.apply(edit));
  homeless.sort((a, b) => rank.get(a.id)! - rank.get(b.id)!);
  const away = new Set(homeless.map(item => item.id));
  for (const { id, make } of homeless) {
    const place = rank.get(id)!;
    const here = new Set(sheet.ids);
    const after = print.order.slice(0, place).findLast(one => here.has(one) && !away.has(one));
    const edit = make(after ?? null);
    away.delete(id);
    sheet.apply(edit);
    out.push(edit);
  }
  return out;
}

/** How cells are written when they come back as they were. */
export function asBefore(prints: ReadonlyArray<IFootprint>): IWriting {
  const former = (id: string): IFormer | undefined =>
    prints.map(print => print.cells.get(id)).find(cell => cell !== undefined);
  return {
    provenance: edit => former(edit.cell_id)?.provenance,
    whole: edit => former(edit.cell_id)?.json
  };
}

function hashOf(cell: Cell): string {
  return cellHash(cell.type, cell.source);
}

function isOnlyMoved(id: string, edits: ReadonlyArray<Edit>): boolean {
  return edits.every(edit => edit.cell_id !== id || edit.op === 'move');
}

/** The cell before it, among these. */
function neighbour(
  id: string,
  ids: ReadonlyArray<string>,
  among: ReadonlySet<string>
): string | undefined {
  return ids.slice(0, ids.indexOf(id)).findLast(one => among.has(one));
}
