import { describe, expect, it } from 'vitest';

import type { Edit, Status } from '../../../protocol.gen';
import type { IProposalView } from '../../../tokens';
import { places } from '../places';

const ORDER = ['a', 'b', 'c'];

function insert(cell_id: string, after: string | null): Edit {
  return { op: 'insert', cell_id, after, cell_type: 'code', source: cell_id };
}

function proposal(id: string, edits: Edit[], status: Status = 'pending'): IProposalView {
  return {
    proposal: { id, status, edits } as unknown as IProposalView['proposal'],
    edits: edits.map((edit, index) => ({
      index,
      edit,
      anchor: edit.op === 'insert' ? edit.after : edit.cell_id,
      before: '',
      applies: true,
      hunks: []
    })),
    acceptable: true,
    stale: false,
    confirmed: true,
    versions: [id],
    canTakeBack: false
  };
}

/** Where each ghost stands, as `slot of cell: cell id`. */
function standing(
  proposals: IProposalView[],
  order = ORDER,
  memory = new Map<string, number>()
): string[] {
  return places(proposals, order, memory).map(
    ({ slot, edit, kind }) => `${slot.at} of ${slot.cell}: ${kind} ${edit.edit.cell_id}`
  );
}

describe('where ghosts stand', () => {
  it('puts inserts behind one cell as applying them would', () => {
    const edits = [insert('x', 'a'), insert('y', 'a'), insert('z', 'x')];
    expect(standing([proposal('p', edits)])).toEqual([
      'bottom of a: insert y',
      'bottom of a: insert x',
      'bottom of a: insert z'
    ]);
  });

  it('puts what comes before the first cell above it', () => {
    const edits = [insert('x', null), insert('y', 'x')];
    expect(standing([proposal('p', edits)])).toEqual(['top of a: insert x', 'top of a: insert y']);
  });

  it('puts older proposals above newer ones, and changes next to their cell', () => {
    const newer = proposal('new', [insert('y', null)]);
    const older = proposal('old', [{ op: 'delete', cell_id: 'a', expects: '' }, insert('x', null)]);
    expect(standing([newer, older])).toEqual([
      'top of a: insert x',
      'top of a: insert y',
      'top of a: delete a'
    ]);
  });

  it('keeps the place of a cell that has gone, if it was seen', () => {
    const view = proposal('p', [insert('x', 'b')]);
    const memory = new Map<string, number>();
    expect(standing([view], ['a', 'c'], memory)).toEqual([]);
    places([view], ORDER, memory);
    expect(standing([view], ['a', 'c'], memory)).toEqual(['bottom of a: insert x']);
    expect(places([view], ['a', 'c'], memory)[0]?.lost).toBe(true);
    memory.set('b', 0);
    expect(standing([view], ['c'], memory)).toEqual(['top of c: insert x']);
  });

  it('marks where a moved cell would land', () => {
    const move: Edit = { op: 'move', cell_id: 'c', expects: '', after: 'a' };
    expect(standing([proposal('p', [move])])).toEqual([
      'bottom of a: landing c',
      'top of c: move c'
    ]);
  });

  it('lets the first edit that has a place speak for its proposal', () => {
    const edits = [insert('x', 'gone'), insert('y', 'a'), insert('z', 'b')];
    const found = places([proposal('p', edits)], ORDER, new Map());
    expect(found.map(place => [place.edit.edit.cell_id, place.primary])).toEqual([
      ['y', true],
      ['z', false]
    ]);
  });

  it('shows nothing of what is closed', () => {
    const edits = [insert('x', 'a')];
    expect(standing([proposal('p', edits, 'accepted')])).toEqual([]);
    expect(standing([proposal('p', edits, 'drafting')])).toHaveLength(1);
  });
});
