import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';

import type { Piece } from '../../protocol.gen';
import type { IReview } from '../../tokens';
import { complete, mentionAt } from '../context/mention';
import { summary } from '../context/summary';
import { survey, surveyed, surveyOf } from '../context/waiting';

const piece = (tokens: number, ...redacted: string[]): Piece => ({
  id: `cell:${tokens}`,
  kind: 'cell',
  label: 'Cell 1',
  tokens,
  why: '',
  redacted,
  text: '',
  is_removable: true
});

describe('mentionAt', () => {
  it('finds what is typed behind an @', () => {
    expect(mentionAt('show @pri', 9)).toEqual({ from: 5, to: 9, query: 'pri' });
    expect(mentionAt('@', 1)).toEqual({ from: 0, to: 1, query: '' });
    expect(mentionAt('(@x', 3)).toEqual({ from: 1, to: 3, query: 'x' });
    expect(mentionAt('@データ', 4)?.query).toBe('データ');
  });
  it('finds none in an address, behind a space, or before the @', () => {
    expect(mentionAt('me@example.org', 14)).toBeNull();
    expect(mentionAt('@x and', 6)).toBeNull();
    expect(mentionAt('a @x', 1)).toBeNull();
  });
});

describe('complete', () => {
  it('puts the mention in, and a space where none follows', () => {
    expect(complete('show @pri', { from: 5, to: 9, query: 'pri' }, '@prices')).toEqual({
      text: 'show @prices ',
      cursor: 13
    });
    expect(complete('@p, now', { from: 0, to: 2, query: 'p' }, '@prices')).toEqual({
      text: '@prices, now',
      cursor: 7
    });
  });
});

describe('summary', () => {
  it('says how much is sent, and what was taken out', () => {
    const pieces = [piece(1000, 'API key'), piece(240, 'API key', 'home path')];
    expect(summary('Sends', pieces, 1240)).toBe(
      'Sends 2 pieces, about 1,240 tokens; 2 API keys, 1 home path taken out'
    );
    expect(summary('Sent', [], 0)).toBe('Sent your words alone');
  });
});

/** A review that answers surveys when told to. */
class FakeReview {
  survey: { isCurrent: boolean } | null = null;
  readonly changed = new Signal<this, void>(this);
  readonly asked: string[] = [];
  surveyFor(prompt: string): void {
    if (this.asked.at(-1) !== prompt) {
      this.asked.push(prompt);
      this.survey = { isCurrent: false };
    }
  }
  answer(): void {
    this.survey = { isCurrent: true };
    this.changed.emit();
  }
}

describe('surveyed', () => {
  it('waits until what is sent is known for these words', async () => {
    const fake = new FakeReview();
    const review = fake as unknown as IReview;
    const owner = {};
    survey(review, owner, 'old');
    fake.answer();
    let known: boolean | null = null;
    const waiting = surveyed(review, owner, 'new').then(isCurrent => (known = isCurrent));
    await Promise.resolve();
    expect(known).toBeNull();
    fake.answer();
    await waiting;
    expect(known).toBe(true);
    expect(fake.asked).toEqual(['old', 'new']);
    expect(await surveyed(review, owner, 'new')).toBe(true);
  });

  it('gives up, and does not take another prompt’s answer for its own', async () => {
    const fake = new FakeReview();
    const review = fake as unknown as IReview;
    const [panel, place] = [{}, {}];
    const waiting = surveyed(review, panel, 'here', {}, 30);
    survey(review, place, 'there');
    fake.answer();
    expect(await waiting).toBe(false);
    expect(surveyOf(review, panel)).toBeNull();
    expect(surveyOf(review, place)).not.toBeNull();
  });
});
