import { describe, expect, it } from 'vitest';

import type { Edit, Proposal } from '../../../protocol.gen';
import type { IProposalView } from '../../../tokens';
import { droppedSince, nextNote, sequenceOf, spoken } from '../words';

function view(count: number, part: Proposal['part'] = null): IProposalView {
  const edits = Array.from({ length: count }, (_, index) => ({
    index,
    edit: { op: 'delete', cell_id: `c${index}`, expects: '' },
    hunks: [{}, {}, {}]
  }));
  const proposal = { id: 'p', part, edits: edits.map(({ edit }) => edit) };
  return { proposal, edits } as unknown as IProposalView;
}

const key = (command: string) => (command.endsWith('accept') ? 'y' : 'n');
const KEYS = 'y accepts it, n rejects it.';

describe('what the keys act on, in words', () => {
  it.each([
    [1, null, `The proposal as a whole. ${KEYS}`],
    [3, null, `All 3 changes. ${KEYS}`],
    [1, { key: 'delete:c0', hunk: 1 }, `Hunk 2 of 3. ${KEYS}`],
    [3, { key: 'delete:c2', hunk: null }, `Change 3 of 3. ${KEYS}`],
    [3, { key: 'delete:c1', hunk: 0 }, `Hunk 1 of 3, Change 2 of 3. ${KEYS}`]
  ])('of %i changes, at %j', (count, mark, said) => {
    expect(spoken(view(count), mark && { proposal: 'p', ...mark }, key)).toBe(said);
  });
});

describe('a part of a sequence', () => {
  it.each([
    [null, ''],
    [{ of: 'p', index: 1, count: 3 }, 'part 1 of 3, 2 more wait'],
    [{ of: 'p', index: 2, count: 3 }, 'part 2 of 3, 1 more waits'],
    [{ of: 'p', index: 3, count: 3 }, 'part 3 of 3']
  ])('%j', (part, said) => {
    expect(sequenceOf(view(1, part))).toBe(said);
  });
});

describe('another version', () => {
  const next = (status: string, more: object = {}) =>
    nextNote({ status, version: 2, answer: '', problem: null, ...more } as unknown as Proposal);

  it('is said to be written, or why there is none', () => {
    expect(nextNote(null)).toBe('');
    expect(next('drafting')).toContain('Version 2 is being written');
    expect(next('declined', { answer: 'No such \u202ecolumn.' })).toContain(
      'No such ⟨U+202E⟩column.'
    );
    const origin = { prompt: 'log scale' };
    const failed = next('failed', { problem: { message: 'No answer.' }, origin });
    expect(failed).toContain('No answer.');
    expect(failed).toContain('log scale');
  });

  it('may no longer propose what the one before did', () => {
    const gone: Edit = { op: 'delete', cell_id: 'x', expects: '' };
    const kept: Edit = { op: 'delete', cell_id: 'c0', expects: '' };
    expect(droppedSince(view(1), [kept])).toBe('');
    expect(droppedSince(view(1), [kept, gone])).toContain('One change');
  });
});
