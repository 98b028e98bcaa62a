import { describe, expect, it } from 'vitest';

import type { Edit } from '../../../protocol.gen';
import type { IEditView, IProposalView } from '../../../tokens';
import { afterDecision, step, stopsOf } from '../parts';
import type { IStop } from '../parts';

function replace(cell_id: string, hunks: number, index: number, applies = true): IEditView {
  const edit: Edit = {
    op: 'replace',
    cell_id,
    expects: '',
    cell_type: 'code',
    source: '',
    new_id: null
  };
  const each = (i: number) => ({ index: i, from: i, to: i + 1, newFrom: i, newTo: i + 1 });
  const all = Array.from({ length: hunks }, (_, i) => each(i));
  return { index, edit, anchor: cell_id, before: '', applies, hunks: all };
}

function stops(edits: IEditView[]): IStop[] {
  return stopsOf({ proposal: { id: 'p' }, edits } as unknown as IProposalView, edits);
}

function names(found: ReadonlyArray<IStop | null>): string[] {
  return found.map(stop => (stop ? `${stop.key.slice(8)}${stop.hunk ?? ''}` : 'all'));
}

describe('where the keys can stop', () => {
  it('is nowhere in a proposal that is one piece', () => {
    expect(stops([replace('a', 1, 0)])).toEqual([]);
  });

  it('is at each hunk of a single change', () => {
    expect(names(stops([replace('a', 3, 0)]))).toEqual(['a0', 'a1', 'a2']);
  });

  it('is at each cell, and then at its hunks', () => {
    const found = stops([replace('a', 2, 0), replace('b', 1, 1)]);
    expect(names(found)).toEqual(['a', 'a0', 'a1', 'b']);
    expect(found.map(stop => stop.part)).toEqual([
      { edit: 0 },
      { edit: 0, hunk: 0 },
      { edit: 0, hunk: 1 },
      { edit: 1 }
    ]);
  });

  it('is not at the hunks of what is out of date', () => {
    expect(names(stops([replace('a', 2, 0, false), replace('b', 1, 1)]))).toEqual(['a', 'b']);
  });

  it('goes from all of it to the first part, and stays at the last', () => {
    const found = stops([replace('a', 2, 0)]);
    const first = step(found, null, 1);
    const second = step(found, first, 1);
    expect(names([first, second, step(found, second, 1)])).toEqual(['a0', 'a1', 'a1']);
    expect(names([step(found, second, -1), step(found, first, -1), step(found, null, -1)])).toEqual(
      ['a0', 'all', 'all']
    );
  });
});

describe('where to go after a decision', () => {
  function after(before: IEditView[], key: string, hunk: number | null, left: IEditView[]): string {
    const decided = { proposal: 'p', key: `replace:${key}`, hunk };
    return names([afterDecision(stops(before), decided, stops(left))])[0]!;
  }

  it('is the next hunk, which has its number now', () => {
    expect(after([replace('a', 4, 0)], 'a', 1, [replace('a', 3, 0)])).toBe('a1');
  });

  it('is the hunk before the last', () => {
    expect(after([replace('a', 3, 0)], 'a', 2, [replace('a', 2, 0)])).toBe('a1');
  });

  it('is all of it where one hunk is left', () => {
    expect(after([replace('a', 2, 0)], 'a', 0, [replace('a', 1, 0)])).toBe('all');
  });

  it('is the cell where one of its hunks is left, and others wait', () => {
    const [a, b] = [replace('a', 2, 0), replace('b', 1, 1)];
    expect(after([a, b], 'a', 0, [replace('a', 1, 0), b])).toBe('a');
  });

  it('is the next cell after the last hunk', () => {
    const [a, b] = [replace('a', 3, 0), replace('b', 1, 1)];
    expect(after([a, b], 'a', 2, [replace('a', 2, 0), b])).toBe('b');
  });

  it('is the next cell after a cell with all its hunks', () => {
    const [a, b, c] = [replace('a', 2, 0), replace('b', 2, 1), replace('c', 1, 2)];
    expect(after([a, b, c], 'a', null, [replace('b', 2, 0), replace('c', 1, 1)])).toBe('b');
    expect(after([a, b, c], 'c', null, [a, b])).toBe('b1');
  });
});
