/**
 * Applying a proposal to the shared model, and knowing when that is undone.
 *
 * One transaction between two ends of capture makes one undo step. Inside the
 * transaction the model's own list of cells is stale after an insert or a
 * delete, so the order of ids is kept here.
 */
import type { ISharedCell, SharedCell, YNotebook } from '@jupyter/ydoc';
import type { PartialJSONObject } from '@lumino/coreutils';

import { cellHash } from '../hash';
import { PROVENANCE_KEY } from '../protocol.gen';
import type { Insert, Proposal, Provenance, Replace } from '../protocol.gen';
import { viewEdits, type ICells } from './edits';

/** The cells of a shared notebook, for preconditions. */
export function cellsOf(notebook: YNotebook): ICells {
  const byId = new Map<string, ISharedCell>(notebook.cells.map(cell => [cell.id, cell]));
  return {
    ids: [...byId.keys()],
    read: id => {
      const cell = byId.get(id);
      return cell ? { id, type: cell.cell_type, source: cell.getSource() } : null;
    }
  };
}

/**
 * Why a cell that the proposal touches may not be changed; empty where all may.
 */
export function lockedReason(notebook: YNotebook, proposal: Proposal): string {
  const byId = new Map<string, ISharedCell>(notebook.cells.map(cell => [cell.id, cell]));
  for (const edit of proposal.edits) {
    const metadata = byId.get(edit.cell_id)?.getMetadata();
    if (edit.op === 'replace' && metadata?.editable === false) {
      return 'A cell that it changes is marked as not editable. The notebook was not touched.';
    }
    if (edit.op === 'delete' && (metadata?.deletable === false || metadata?.editable === false)) {
      return 'A cell that it deletes is marked as not deletable. The notebook was not touched.';
    }
  }
  return '';
}

/**
 * Apply all edits in one undoable transaction.
 *
 * @returns The ids of inserted and replaced cells in order.
 * @throws Where a precondition fails; then nothing was applied.
 */
export function applyEdits(notebook: YNotebook, proposal: Proposal, when: Date): string[] {
  const live = cellsOf(notebook);
  if (!viewEdits(proposal.edits, live).every(view => view.applies)) {
    throw new Error('A precondition no longer holds; nothing was applied.');
  }
  const order = [...live.ids];
  const cells = new Map<string, ISharedCell>(notebook.cells.map(cell => [cell.id, cell]));
  const touched = new Set<string>();

  const put = (after: string | null, id: string, json: SharedCell.Cell): void => {
    const index = after === null ? 0 : order.indexOf(after) + 1;
    cells.set(id, notebook.insertCell(index, json));
    order.splice(index, 0, id);
  };
  const take = (id: string): void => {
    const index = order.indexOf(id);
    notebook.deleteCell(index);
    order.splice(index, 1);
  };

  notebook.undoManager.stopCapturing();
  notebook.transact(() => {
    for (const edit of proposal.edits) {
      const cell = cells.get(edit.cell_id);
      if (edit.op === 'insert') {
        touched.add(edit.cell_id);
        put(edit.after, edit.cell_id, newCell(edit, provenance(proposal, edit, when), {}));
      } else if (cell === undefined) {
        throw new Error(`No cell ${edit.cell_id}`); // the preconditions held, so never
      } else if (edit.op === 'replace') {
        touched.add(edit.cell_id);
        const source = provenance(proposal, edit, when);
        if (cell.cell_type === edit.cell_type) {
          setSource(cell, edit.source);
          cell.setMetadata(PROVENANCE_KEY, { ...source });
        } else {
          const before = order[order.indexOf(edit.cell_id) - 1] ?? null;
          const json = newCell(edit, source, cell.getMetadata());
          take(edit.cell_id);
          put(before, edit.cell_id, json);
        }
      } else if (edit.op === 'delete') {
        touched.delete(edit.cell_id);
        take(edit.cell_id);
      } else {
        const json = cell.toJSON();
        take(edit.cell_id);
        put(edit.after, edit.cell_id, json);
      }
    }
  });
  notebook.undoManager.stopCapturing();
  return order.filter(id => touched.has(id));
}

function newCell(
  edit: Insert | Replace,
  source: Provenance,
  metadata: PartialJSONObject
): SharedCell.Cell {
  return {
    cell_type: edit.cell_type,
    id: edit.cell_id,
    source: edit.source,
    metadata: { ...metadata, [PROVENANCE_KEY]: { ...source } },
    ...(edit.cell_type === 'code' ? { outputs: [], execution_count: null } : {})
  };
}

function provenance(proposal: Proposal, edit: Insert | Replace, when: Date): Provenance {
  return {
    proposal: proposal.id,
    op: edit.op,
    model: proposal.origin.model,
    prompt: proposal.origin.prompt,
    asked_in: proposal.origin.target,
    accepted: when.toISOString().replace(/\.\d+Z$/, 'Z'),
    hash: cellHash(edit.cell_type, edit.source)
  };
}

/** Write only what differs, so that the cursor and other people's edits elsewhere stay. */
function setSource(cell: ISharedCell, source: string): void {
  const old = cell.getSource();
  let start = 0;
  const shorter = Math.min(old.length, source.length);
  while (start < shorter && old[start] === source[start]) {
    start++;
  }
  let end = 0;
  while (end < shorter - start && old[old.length - 1 - end] === source[source.length - 1 - end]) {
    end++;
  }
  // Never between the halves of a surrogate pair: Yjs would lose them.
  if (start > 0 && isHigh(old.charCodeAt(start - 1))) {
    start--;
  }
  if (end > 0 && isLow(old.charCodeAt(old.length - end))) {
    end--;
  }
  if (old !== source) {
    cell.updateSource(start, old.length - end, source.slice(start, source.length - end));
  }
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

const UNDO_KEY = 'jupyterlab-llm-notebook:accept';

/** The events of Yjs' undo manager that are used here. */
interface IStackEvent {
  readonly stackItem: { readonly meta: Map<unknown, unknown> };
  readonly type: 'undo' | 'redo';
}

/**
 * Marks the undo step of an accept, and says when it is taken back or redone.
 */
export class AcceptHistory {
  constructor(
    private readonly _notebook: YNotebook,
    private readonly _moved: (id: string, by: 'undo' | 'redo') => void
  ) {
    const manager = this._notebook.undoManager;
    manager.on('stack-item-added', this._added);
    manager.on('stack-item-popped', this._popped);
  }

  dispose(): void {
    const manager = this._notebook.undoManager;
    manager.off('stack-item-added', this._added);
    manager.off('stack-item-popped', this._popped);
  }

  /** Run `apply`; the undo step that it makes belongs to this proposal. */
  record<T>(id: string, apply: () => T): T {
    this._current = id;
    try {
      return apply();
    } finally {
      this._current = null;
    }
  }

  private readonly _added = (event: IStackEvent): void => {
    this._newest = event.stackItem;
    if (this._current !== null) {
      event.stackItem.meta.set(UNDO_KEY, this._current);
    }
  };

  private readonly _popped = (event: IStackEvent): void => {
    const id = event.stackItem.meta.get(UNDO_KEY);
    if (typeof id === 'string') {
      // An undo has just made a step on the redo stack, and the reverse: the mark goes along.
      this._newest?.meta.set(UNDO_KEY, id);
      this._moved(id, event.type);
    }
  };

  private _newest: IStackEvent['stackItem'] | null = null;
  private _current: string | null = null;
}
