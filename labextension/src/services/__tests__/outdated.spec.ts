import { describe, expect, it } from 'vitest';

import type { Proposal } from '../../protocol.gen';
import { answeredIn, outdatedIn, wordsOf, type IMadeCell } from '../outdated';
import { proposal } from './helpers';

describe('a %%llm cell and what it made', () => {
  it('goes by the words that were answered last', () => {
    const own = (id: string, prompt: string, minute: number): IMadeCell => ({
      id,
      source: id,
      provenance: { asked_in: 'm', prompt, accepted: `2026-11-22T10:0${minute}:00Z` }
    });
    const cells = (source: string, ...made: IMadeCell[]): IMadeCell[] => [
      { id: 'm', source: `%%llm\n${source}`, provenance: null },
      ...made
    ];
    const outdated = [{ source: 'm', made: ['x', 'y'] }];
    const [x, y] = [own('x', 'old', 1), own('y', 'new words', 2)];
    expect(outdatedIn(cells('new words', x, own('y', 'older', 2)))).toEqual(outdated);
    expect(outdatedIn(cells('new words', x, y))).toEqual([]);
    // The words of before, again: what the new ones made is not of them.
    expect(outdatedIn(cells('old', x, y))).toEqual(outdated);
    // Follow-ups belong to the words that they follow.
    expect(outdatedIn(cells('new words', x, own('y', 'new words\nlog scale', 2)))).toEqual([]);
    expect(outdatedIn(cells('new', x, y))).toEqual(outdated);
    // A reply that only took cells away, or found them as they should be.
    const at = Date.parse('2026-11-22T10:03:00Z');
    const answered = new Map([['m', { prompt: 'newest', at }]]);
    expect(outdatedIn(cells('newest', x, y), answered)).toEqual([]);
    expect(outdatedIn(cells('new words', x, y), answered)).toEqual(outdated);
  });

  it('takes as answered what was accepted, and a reply that had nothing to change', () => {
    const one = (more: Partial<Proposal>, origin: Partial<Proposal['origin']> = {}): Proposal => {
      const plain = proposal('p', [], { created: 1, status: 'accepted', ...more });
      return { ...plain, origin: { ...plain.origin, face: 'magic', target: 'm', ...origin } };
    };
    const of = (...all: Proposal[]): string[] =>
      [...answeredIn(all, it => it.origin.prompt).values()].map(it => it.prompt);
    expect(of(one({}, { prompt: 'a' }))).toEqual(['a']);
    expect(of(one({ created: 2 }, { prompt: 'b' }), one({}, { prompt: 'a' }))).toEqual(['b']);
    expect(of(one({ status: 'answered' }))).toHaveLength(1);
    expect(of(one({ status: 'answered' }, { wants: 'text' }))).toEqual([]);
    const suggestions = [{ label: 'x', prompt: 'x' }];
    expect(of(one({ status: 'answered', suggestions }))).toEqual([]);
    expect(of(one({ status: 'pending' }), one({ status: 'rejected' }))).toEqual([]);
    expect(of(one({}, { face: 'panel' }))).toEqual([]);
  });

  it('is known by its first line', () => {
    expect(wordsOf('%%llm\n a\nb ')).toBe('a\nb');
    expect(wordsOf('%%llm')).toBe('');
    expect(wordsOf('%%llmx\na')).toBeNull();
    expect(wordsOf('x\n%%llm')).toBeNull();
    const made = { proposal: 'p', asked_in: 'm', prompt: 'old' };
    const cells = [
      { id: 'm', source: '%%llm\nplot it', provenance: made },
      { id: 'x', source: '', provenance: 3 },
      { id: 'n', source: '', provenance: made }
    ];
    expect(outdatedIn(cells)).toEqual([{ source: 'm', made: ['n'] }]);
    expect(outdatedIn([cells[0]!])).toEqual([]);
  });
});
