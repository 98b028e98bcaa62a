import { describe, expect, it, vi } from 'vitest';

import { cellHash } from '../../hash';
import { PROVENANCE_KEY, type Edit } from '../../protocol.gen';
import { applyEdits, lockedReason } from '../applier';
import { AcceptHistory } from '../history';
import { provenanceOf } from '../provenance';
import { contents, insert, notebook, proposal, replace } from './helpers';

const WHEN = new Date('2026-11-22T10:00:00.500Z');
const apply = (shared: ReturnType<typeof notebook>, edits: Edit[]): string[] =>
  applyEdits(shared, edits, {
    provenance: edit => provenanceOf(proposal('p1', edits), edit, WHEN, 'please', '')
  });

describe('applyEdits', () => {
  it('applies edits in order, whatever moved before', () => {
    const shared = notebook({ a: 'a = 1', b: 'b = 2', c: 'c = 3', d: 'd = 4' });
    const touched = apply(shared, [
      insert('n1', 'a', 'n = 1'),
      { op: 'delete', cell_id: 'a', expects: cellHash('code', 'a = 1') },
      insert('n2', 'n1', 'n = 2'),
      replace('c', 'c = 3', 'c = 33'),
      { op: 'move', cell_id: 'd', expects: cellHash('code', 'd = 4'), after: null },
      insert('n0', null, 'n = 0')
    ]);
    expect(contents(shared)).toEqual([
      'n0 code n = 0',
      'd code d = 4',
      'n1 code n = 1',
      'n2 code n = 2',
      'b code b = 2',
      'c code c = 33'
    ]);
    expect(touched).toEqual(['n0', 'n1', 'n2', 'c']);
  });

  it('touches nothing where one precondition fails', () => {
    const shared = notebook({ a: 'a = 1', b: 'b = 2' });
    const before = JSON.stringify(shared.toJSON());
    const undo = shared.undoManager.undoStack.length;
    const edits = [insert('n', 'a', 'x'), replace('b', 'b = 999', 'b = 3')];
    expect(() => apply(shared, edits)).toThrow('precondition');
    expect(JSON.stringify(shared.toJSON())).toBe(before);
    expect(shared.undoManager.undoStack.length).toBe(undo);
  });

  it('writes nothing to cells that are not touched', () => {
    const shared = notebook({ a: 'a = 1', b: 'b = 2', c: '# text' });
    const before = shared.cells.map(cell => JSON.stringify(cell.toJSON()));
    apply(shared, [insert('n', 'a', 'x = 1')]);
    const after = shared.cells
      .filter(cell => cell.id !== 'n')
      .map(cell => JSON.stringify(cell.toJSON()));
    expect(after).toEqual(before);
    expect(shared.metadata).toEqual({});
  });

  it('keeps id, metadata, outputs and shared cell on a replace', () => {
    const shared = notebook({ a: 'a = 1' });
    const cell = shared.cells[0]!;
    apply(shared, [replace('a', 'a = 1', 'a = 11')]);
    expect(shared.cells[0]).toBe(cell);
    const json = cell.toJSON() as unknown as { outputs: unknown[]; execution_count: number };
    expect(json.outputs).toHaveLength(1);
    expect(json.execution_count).toBe(7);
    expect(cell.getMetadata('tags')).toEqual(['a']);
  });

  it('remembers where a cell comes from', () => {
    const shared = notebook({ a: 'a = 1' });
    apply(shared, [insert('n', 'a', 'x = 1'), replace('a', 'a = 1', 'a = 2')]);
    expect(shared.cells[1]!.getMetadata(PROVENANCE_KEY)).toEqual({
      proposal: 'p1',
      op: 'insert',
      model: 'scripted:x',
      prompt: 'please',
      asked_in: 'a',
      edited: false,
      accepted: '2026-11-22T10:00:00Z',
      hash: cellHash('code', 'x = 1')
    });
    expect(shared.cells[0]!.getMetadata(PROVENANCE_KEY)).toMatchObject({
      op: 'replace',
      hash: cellHash('code', 'a = 2')
    });
  });

  it('changes a type and keeps id and place', () => {
    const shared = notebook({ a: 'a = 1', b: 'b = 2', c: 'c = 3' });
    apply(shared, [
      { ...replace('b', 'b = 2', '# Now text'), cell_type: 'markdown' } as Edit,
      insert('n', 'b', 'n = 1')
    ]);
    expect(contents(shared)).toEqual([
      'a code a = 1',
      'b markdown # Now text',
      'n code n = 1',
      'c code c = 3'
    ]);
    expect(shared.cells[1]!.getMetadata('tags')).toEqual(['b']);
    expect(shared.cells[1]!.toJSON()).not.toHaveProperty('outputs');
  });

  it.each([
    ['a = "\u{1f600}"', 'a = "\u{1f601}"'],
    ['\u{1f600}', '\u{1f601}\u{1f600}'],
    ['x', ''],
    ['', 'y'],
    ['aaa', 'aa'],
    ['tail \u{20bb7}', 'tail \u{1f5b7}']
  ])('replaces %j by %j exactly', (before, after) => {
    const shared = notebook({ a: before });
    apply(shared, [replace('a', before, after)]);
    expect(shared.cells[0]!.getSource()).toBe(after);
  });

  it('is one undo step, apart from typing before and after', () => {
    const shared = notebook({ a: 'a = 1', b: 'b = 2' });
    const start = contents(shared);
    shared.cells[0]!.updateSource(0, 0, '1');
    const typed = contents(shared);
    apply(shared, [
      insert('n', 'a', 'x = 1'),
      { op: 'delete', cell_id: 'b', expects: cellHash('code', 'b = 2') }
    ]);
    const accepted = contents(shared);
    shared.cells[0]!.updateSource(0, 0, '2');

    shared.undo();
    expect(contents(shared)).toEqual(accepted);
    shared.undo();
    expect(contents(shared)).toEqual(typed);
    shared.undo();
    expect(contents(shared)).toEqual(start);
    shared.redo();
    shared.redo();
    expect(contents(shared)).toEqual(accepted);
  });
});

describe('with an undo history of each cell', () => {
  // JupyterLab's default.
  it('is one undo step of the notebook', () => {
    const shared = notebook({ a: 'a = 1', b: 'b = 2' }, true);
    const start = contents(shared);
    shared.cells[0]!.updateSource(0, 0, '1');
    const typed = contents(shared);
    apply(shared, [
      insert('n', 'a', 'x = 1'),
      replace('a', '1a = 1', 'a = 11'),
      { op: 'delete', cell_id: 'b', expects: cellHash('code', 'b = 2') }
    ]);
    const accepted = contents(shared);
    shared.undo();
    expect(contents(shared)).toEqual(typed);
    shared.redo();
    expect(contents(shared)).toEqual(accepted);
    shared.undo();
    shared.cells[0]!.undo();
    expect(contents(shared)).toEqual(start);
  });
});

describe('lockedReason', () => {
  it('names a cell that may not be changed', () => {
    const shared = notebook({ a: 'a = 1', b: 'b = 2' });
    shared.cells[0]!.setMetadata('editable', false);
    shared.cells[1]!.setMetadata('deletable', false);
    const remove: Edit = { op: 'delete', cell_id: 'b', expects: cellHash('code', 'b = 2') };
    expect(lockedReason(shared, [insert('n', 'a', '')])).toBe('');
    expect(lockedReason(shared, [replace('a', 'a = 1', 'x')])).toContain('editable');
    expect(lockedReason(shared, [remove])).toContain('deletable');
    expect(lockedReason(shared, [replace('b', 'b = 2', 'x')])).toBe('');
  });
});

describe('AcceptHistory', () => {
  it('says when its step is undone and redone, again and again, and nothing of others', () => {
    const shared = notebook({ a: 'a = 1' });
    const moved = vi.fn();
    const history = new AcceptHistory(shared, moved);
    const mark = { id: 'p1', takes: [] };
    history.record(mark, () => apply(shared, [insert('n', 'a', 'x')]));
    shared.cells[0]!.updateSource(0, 0, '# ');
    shared.undo();
    expect(moved).not.toHaveBeenCalled();
    shared.undo();
    expect(moved).toHaveBeenLastCalledWith(mark, 'undo');
    shared.redo();
    expect(moved).toHaveBeenLastCalledWith(mark, 'redo');
    shared.undo();
    expect(moved).toHaveBeenLastCalledWith(mark, 'undo');
    expect(moved).toHaveBeenCalledTimes(3);
    history.dispose();
    shared.redo();
    expect(moved).toHaveBeenCalledTimes(3);
  });
});
