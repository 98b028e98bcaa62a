/** Edits held against live cells: the preconditions, as in `llm_notebook.diffing`. */
import { cellHash } from '../hash';
import type { Cell, Edit } from '../protocol.gen';
import type { IEditView, IHunk } from '../tokens';
import { hunksOf } from './hunks';

/** The notebook as far as preconditions need it. */
export interface ICells {
  readonly ids: ReadonlyArray<string>;
  read(id: string): Cell | null;
}

/** A notebook in thought: the live cells, and edits applied to them one by one. */
export class Sheet implements ICells {
  constructor(private readonly _cells: ICells) {
    this._places = [..._cells.ids];
    this._here = new Set(this._places);
  }

  get ids(): ReadonlyArray<string> {
    return this._places.filter(id => this._here.has(id));
  }

  /** As `ids`, with deleted cells where they stood. */
  get places(): ReadonlyArray<string> {
    return this._places;
  }

  read(id: string): Cell | null {
    return this._here.has(id) ? (this._fresh.get(id) ?? this._cells.read(id)) : null;
  }

  /** Whether the edit's precondition holds. */
  holds(edit: Edit): boolean {
    if (edit.op === 'insert') {
      return !this._here.has(edit.cell_id) && this._isAnchor(edit.after);
    }
    const cell = this.read(edit.cell_id);
    if (cell === null || cellHash(cell.type, cell.source) !== edit.expects) {
      return false;
    }
    return edit.op !== 'move' || (edit.after !== edit.cell_id && this._isAnchor(edit.after));
  }

  /** Apply it where its precondition holds; otherwise nothing changes, and false is returned. */
  apply(edit: Edit): boolean {
    const holds = this.holds(edit);
    if (!holds) {
      return false;
    }
    const { cell_id } = edit;
    if (edit.op === 'insert' || edit.op === 'move') {
      const old = this._places.indexOf(cell_id);
      if (old >= 0) {
        this._places.splice(old, 1);
      }
      const index = edit.after === null ? 0 : this._places.indexOf(edit.after) + 1;
      this._places.splice(index, 0, cell_id);
      this._here.add(cell_id);
    }
    if (edit.op === 'insert' || edit.op === 'replace') {
      this._fresh.set(cell_id, { id: cell_id, type: edit.cell_type, source: edit.source });
    } else if (edit.op === 'delete') {
      this._here.delete(cell_id);
      this._fresh.delete(cell_id);
    }
    return true;
  }

  private _isAnchor(id: string | null): boolean {
    return id === null || this._here.has(id);
  }

  private readonly _places: string[];
  private readonly _here: Set<string>;
  private readonly _fresh = new Map<string, Cell>();
}

/**
 * Hold each edit against the notebook as the earlier ones leave it.
 *
 * An edit that does not apply changes nothing for those after it.
 */
export function viewEdits(edits: ReadonlyArray<Edit>, cells: ICells, hunks = false): IEditView[] {
  const sheet = new Sheet(cells);
  return edits.map((edit, index) => {
    const cell = sheet.read(edit.cell_id);
    const before = edit.op === 'insert' ? '' : (cell?.source ?? '');
    return {
      index,
      edit,
      anchor: edit.op === 'insert' ? edit.after : edit.cell_id,
      before,
      hunks: hunks && edit.op === 'replace' && cell ? hunksOfEdit(cell, edit) : [],
      applies: sheet.apply(edit)
    };
  });
}

/** A change of type is taken whole. */
function hunksOfEdit(cell: Cell, edit: Edit & { op: 'replace' }): IHunk[] {
  return cell.type === edit.cell_type && edit.new_id === null
    ? hunksOf(cell.source, edit.source)
    : [];
}
