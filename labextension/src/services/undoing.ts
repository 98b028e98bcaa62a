/**
 * Taking accepts back: by undo and redo of the notebook or of one cell, and out of turn.
 *
 * JupyterLab keeps an undo history of each cell beside that of the notebook,
 * unless a setting makes it one. An accept is a step of the notebook's. So that
 * Ctrl+Z in a cell takes back what was accepted there, its turn in the cell's own
 * history is remembered, and the cell's undo asks here first.
 */
import type { YNotebook } from '@jupyter/ydoc';

import { editsHash } from '../hash';
import type { Edit } from '../protocol.gen';
import type { AcceptResult } from '../tokens';
import { applyEdits, cellsOf, lockedReason } from './applier';
import type { ProposalBook } from './book';
import { Sheet } from './edits';
import { AcceptHistory, type IAccept, type IMark, type ITaken } from './history';
import type { IHost } from './host';
import type { Ledger } from './ledger';
import { rejoined, remaining } from './parts';
import { asBefore, footprint, inverse } from './takeback';

export interface IUndoingOptions {
  readonly host: IHost;
  readonly book: ProposalBook;
  readonly ledger: Ledger;
  readonly changed: () => void;
  /** An accept was taken back, by whatever way. */
  readonly tookBack: (id: string) => void;
}

type SharedCell = YNotebook['cells'][number];

/** An accepted replace, and how many steps the cell's own history then had. */
interface ITurn {
  readonly accept: IAccept;
  readonly edit: Edit;
  readonly depth: number;
}

export class Undoing {
  constructor(private readonly _options: IUndoingOptions) {
    this._history = new AcceptHistory(this._shared, (mark, by) => {
      this._move(mark, by === 'redo');
      _options.changed();
    });
  }

  dispose(): void {
    this._history.dispose();
  }

  /** Write what was accepted, as a step that can be taken back. */
  record(accept: Omit<IAccept, 'print'>, write: () => string[]): string[] {
    const mark = { ...accept, print: footprint(this._shared, accept.edits) };
    const touched = this._history.record(mark, write);
    this._standing.set(mark, mark.edits);
    this._listen(mark);
    return touched;
  }

  canTakeBack(id: string): boolean {
    return this._of(id).length > 0;
  }

  /** Take back all that was accepted of a proposal, as one step. */
  takeBack(id: string): AcceptResult {
    const takes = this._of(id).map(accept => ({ accept, edits: this._standing.get(accept)! }));
    return takes.length > 0
      ? this._take(id, takes)
      : { outcome: 'gone', reason: 'It was not accepted in this page.' };
  }

  /** @param takes - Newest accept first. */
  private _take(id: string, takes: ReadonlyArray<ITaken>): AcceptResult {
    const sheet = new Sheet(cellsOf(this._shared));
    const edits: Edit[] = [];
    for (const { accept, edits: part } of takes) {
      const back = inverse(part, accept.print, sheet);
      if (typeof back === 'string' || !back.every(edit => sheet.apply(edit))) {
        const why = typeof back === 'string' ? back : 'Its cells were changed since.';
        return { outcome: 'refused', reason: `${why} The notebook was not touched.` };
      }
      edits.push(...back);
    }
    const locked = this._options.host.lockedReason || lockedReason(this._shared, edits);
    if (locked) {
      return { outcome: 'refused', reason: locked };
    }
    const prints = takes.map(({ accept }) => accept.print).reverse();
    const mark: IMark = { id, takes };
    this._history.record(mark, () => applyEdits(this._shared, edits, asBefore(prints)));
    this._move(mark, true);
    this._options.changed();
    return { outcome: 'accepted' };
  }

  /** A step was done again (or first), or undone. */
  private _move(mark: IMark, again: boolean): void {
    const takes = 'takes' in mark ? mark.takes : [this._whole(mark, again)];
    const accepted = 'takes' in mark ? !again : again;
    for (const { accept, edits } of accepted ? [...takes].reverse() : takes) {
      const standing = this._standing.get(accept) ?? [];
      const next = accepted
        ? [...standing, ...edits]
        : standing.filter(edit => !edits.includes(edit));
      this._standing.set(accept, next);
      this._tell(accept, edits, accepted);
    }
    if (!accepted) {
      this._options.tookBack(mark.id);
    }
  }

  private _whole(accept: IAccept, again: boolean): ITaken {
    return { accept, edits: again ? accept.edits : (this._standing.get(accept) ?? []) };
  }

  private _tell(accept: IAccept, edits: ReadonlyArray<Edit>, accepted: boolean): void {
    const entry = this._options.book.restore(accept.id);
    if (!entry || edits.length === 0) {
      return;
    }
    const { status, edits: shown } = entry.proposal;
    const waiting = status === 'pending' ? shown : [];
    const cells = cellsOf(this._shared);
    const isAs = (then: ReadonlyArray<Edit>): boolean =>
      edits.length === accept.edits.length && editsHash(waiting) === editsHash(then);
    const { before, rest } = accept;
    if (accepted) {
      const left = isAs(before) ? rest : remaining(waiting, edits, cells);
      this._options.ledger.decide(entry, 'accepted', edits, left);
    } else {
      const again = isAs(rest) ? before : rejoined(waiting, edits, cells);
      this._options.ledger.decide(entry, 'reopened', edits, again);
    }
  }

  /** What stands of this proposal's accepts, newest first. */
  private _of(id: string): IAccept[] {
    return [...this._standing]
      .filter(([accept, edits]) => accept.id === id && edits.length > 0)
      .map(([accept]) => accept)
      .reverse();
  }

  // -- the undo of one cell ----------------------------------------------

  private _listen(accept: IAccept): void {
    if (!this._shared.disableDocumentWideUndoRedo) {
      return;
    }
    const cells = new Map(this._shared.cells.map(cell => [cell.id, cell]));
    for (const edit of accept.edits) {
      const cell = cells.get(edit.cell_id);
      if (edit.op === 'replace' && cell?.undoManager) {
        // What is typed now is a step of its own.
        cell.undoManager.stopCapturing();
        const turn = { accept, edit, depth: cell.undoManager.undoStack.length };
        const turns = this._turns.get(cell) ?? this._intercept(cell);
        turns.push(turn);
      }
    }
  }

  private _intercept(cell: SharedCell): ITurn[] {
    const turns: ITurn[] = [];
    this._turns.set(cell, turns);
    const [undo, redo] = [cell.undo.bind(cell), cell.redo.bind(cell)];
    const at = (stands: boolean): ITurn[] =>
      turns.filter(
        ({ accept, edit, depth }) =>
          depth === cell.undoManager?.undoStack.length &&
          (this._standing.get(accept)?.includes(edit) ?? false) === stands
      );
    cell.undo = () => {
      const turn = at(true).at(-1);
      return (turn !== undefined && this._takeFrom(turn)) || undo();
    };
    cell.redo = () => {
      const turn = at(false)[0];
      return (turn !== undefined && this._bringAgain(turn)) || redo();
    };
    return turns;
  }

  private _takeFrom({ accept, edit }: ITurn): boolean {
    if (accept.edits.length === 1 && this._history.next('undo') === accept) {
      return this._shared.undo();
    }
    return this._take(accept.id, [{ accept, edits: [edit] }]).outcome === 'accepted';
  }

  /** Only the very step that took it back is undone again. */
  private _bringAgain({ accept, edit }: ITurn): boolean {
    if (this._history.next('redo') === accept) {
      return this._shared.redo();
    }
    const last = this._history.next('undo');
    const isThat =
      last !== undefined &&
      'takes' in last &&
      last.takes.length === 1 &&
      last.takes[0]!.accept === accept &&
      last.takes[0]!.edits[0] === edit;
    return isThat && this._shared.undo();
  }

  private get _shared(): YNotebook {
    return this._options.host.shared;
  }

  private readonly _history: AcceptHistory;
  /** What still is in the notebook of each accept, oldest first. */
  private readonly _standing = new Map<IAccept, ReadonlyArray<Edit>>();
  private readonly _turns = new WeakMap<SharedCell, ITurn[]>();
}
