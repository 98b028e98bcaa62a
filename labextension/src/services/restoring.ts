/**
 * Bringing proposals and notebook to agree, where one of them was lost.
 *
 * A page may end after an accept and before the notebook was saved, or before
 * anybody heard of it. The notebook is what counts: an accept that is not in it
 * is taken back, and what is in it is not offered again.
 */
import type { YNotebook } from '@jupyter/ydoc';

import { cellHash } from '../hash';
import { PROVENANCE_KEY, type Edit, type Proposal } from '../protocol.gen';
import { cellsOf } from './applier';
import type { ProposalBook } from './book';
import type { ICells } from './edits';
import { isReopening, type Entry } from './entries';
import type { Ledger } from './ledger';
import { rejoined, remaining } from './parts';

/** Take the kept proposals in, those accepts back that the notebook does not hold. */
export function restore(
  entries: ReadonlyArray<Entry>,
  book: ProposalBook,
  ledger: Ledger,
  notebook: YNotebook
): void {
  for (const entry of entries) {
    book.bring(entry);
  }
  for (const entry of entries) {
    const cells = cellsOf(notebook);
    const lost = entry.unsaved.filter(edit => !holds(edit, cells, entry.proposal, notebook));
    // What a page finds when it opens is what the file holds.
    entry.unsaved = [];
    if (lost.length > 0) {
      const { status, edits } = entry.proposal;
      const waiting = status === 'pending' ? edits : [];
      ledger.decide(entry, 'reopened', lost, rejoined(waiting, lost, cells));
    } else if (!entry.open && entry.untold.length === 0 && entry.proposal.status !== 'failed') {
      // Nothing is left to do; known still for the words that led to others.
      book.dismiss(entry.proposal.id);
    }
  }
  settle(book, ledger, notebook);
}

/** What waits and is in the notebook already was accepted: it is told so. */
export function settle(book: ProposalBook, ledger: Ledger, notebook: YNotebook): void {
  for (const entry of book.entries()) {
    const { proposal } = entry;
    const last = entry.untold.at(-1);
    if (proposal.status !== 'pending' || (last && !isReopening(last.deed))) {
      continue;
    }
    const cells = cellsOf(notebook);
    const made = proposal.edits.flatMap(edit => madeOf(edit, proposal, cells, notebook));
    if (made.length > 0) {
      // What was kept may be older than the file: taken back then, accepted again since.
      entry.untold = [];
      const gone = proposal.edits.filter(
        edit => edit.op === 'delete' && cells.read(edit.cell_id) === null
      );
      const done = [...made, ...gone];
      ledger.decide(entry, 'accepted', done, remaining(proposal.edits, done, cells));
    }
  }
}

interface IMemory {
  readonly proposal?: unknown;
  readonly hash?: unknown;
}

function memoryOf(notebook: YNotebook, id: string): IMemory {
  const cell = notebook.cells.find(one => one.id === id);
  return (cell?.getMetadata(PROVENANCE_KEY) as unknown) ?? {};
}

/** Of an edit that waits: what of it the cell remembers to have come from it. */
function madeOf(edit: Edit, proposal: Proposal, cells: ICells, notebook: YNotebook): Edit[] {
  if (edit.op !== 'insert' && edit.op !== 'replace') {
    return [];
  }
  const cell = cells.read(edit.cell_id);
  const memory = memoryOf(notebook, edit.cell_id);
  if (cell === null || memory.proposal !== proposal.id) {
    return [];
  }
  if (edit.op === 'insert') {
    return [edit];
  }
  const now = cellHash(cell.type, cell.source);
  const isWhole = memory.hash === cellHash(edit.cell_type, edit.source);
  // Some of its hunks, as they were accepted.
  const isPart = memory.hash === now && edit.expects !== now;
  return isWhole ? [edit] : isPart ? [{ ...edit, source: cell.source }] : [];
}

/** Whether the notebook holds what was accepted, perhaps edited since. */
function holds(edit: Edit, cells: ICells, proposal: Proposal, notebook: YNotebook): boolean {
  const cell = cells.read(edit.cell_id);
  switch (edit.op) {
    case 'insert':
      return cell !== null;
    case 'delete':
      return cell === null;
    case 'move':
      return cell !== null && edit.after === (cells.ids[cells.ids.indexOf(cell.id) - 1] ?? null);
    case 'replace':
      return (
        cell !== null &&
        (cellHash(cell.type, cell.source) === cellHash(edit.cell_type, edit.source) ||
          memoryOf(notebook, cell.id).proposal === proposal.id)
      );
  }
}
