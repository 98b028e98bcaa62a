import { describe, expect, it, vi } from 'vitest';

import { originOf } from '../origins';
import { LOOK_MS, PAUSE_MS } from '../surveys';
import { asked, atAsking, cell, channel, host, pend, review, surveyed } from './asks-world';
import { insert, preview, proposal } from './helpers';

atAsking();

describe('what would be sent', () => {
  const piece = (id: string) => ({
    id,
    kind: 'cell' as const,
    label: id,
    tokens: 5,
    why: '',
    redacted: [],
    text: 'x',
    is_removable: true
  });
  const answer = (survey_id: string): void =>
    channel.message.emit({
      type: 'surveyed',
      survey_id,
      pieces: [piece('cell:a')],
      left_out: [],
      tokens: 5,
      budget: 100
    });

  it('is asked for when the person pauses, and is named in the ask', () => {
    review.surveyFor('p');
    vi.advanceTimersByTime(PAUSE_MS - 1);
    review.surveyFor('plot');
    vi.advanceTimersByTime(PAUSE_MS);
    expect(surveyed()).toMatchObject([{ origin: { prompt: 'plot', without: [] } }]);
    expect(review.survey).toBeNull();
    answer(surveyed()[0]!.survey_id);
    expect(review.survey).toMatchObject({ isCurrent: true, tokens: 5, budget: 100 });
    review.surveyFor('plot');
    expect(review.survey?.isCurrent).toBe(true);
    review.surveyFor('plot', { without: ['cell:a'] });
    expect(review.survey).toMatchObject({ isCurrent: false, without: new Set(['cell:a']) });
    vi.advanceTimersByTime(0);
    expect(surveyed()[1]).toMatchObject({ origin: { without: ['cell:a'] } });
    answer(surveyed()[0]!.survey_id);
    expect(review.survey?.isCurrent).toBe(false);
    answer(surveyed()[1]!.survey_id);
    review.ask('plot', { without: ['cell:a'] });
    expect(asked()).toMatchObject({
      survey: surveyed()[1]!.survey_id,
      origin: { without: ['cell:a'] }
    });
    expect(review.survey).toBeNull();
  });

  it.each([
    ['a cell was changed', () => cell('b').setSource('b = 3')],
    ['a cell has run', () => host.cellExecuted.emit('a')],
    ['another cell is active', () => (host.activeCell = 'b')]
  ])('is made anew for the same words where %s', (_, happens) => {
    review.surveyFor('plot');
    vi.advanceTimersByTime(PAUSE_MS);
    answer(surveyed()[0]!.survey_id);
    expect(review.survey?.isCurrent).toBe(true);
    happens();
    review.surveyFor('plot');
    expect(review.survey?.isCurrent).toBe(false);
    vi.advanceTimersByTime(PAUSE_MS);
    expect(surveyed()).toHaveLength(2);
  });

  it('names what was taken out also where the survey is not there yet', () => {
    review.surveyFor('plot', { without: ['cell:b'] });
    review.ask('plot', { without: ['cell:b'] });
    expect(asked()).toMatchObject({ survey: null, origin: { without: ['cell:b'] } });
    review.ask('other');
    expect(asked()).toMatchObject({ survey: null, origin: { without: [] } });
    vi.advanceTimersByTime(PAUSE_MS);
    expect(surveyed()).toEqual([]);
  });

  it('is not known any more when the kernel is gone', () => {
    review.surveyFor('plot');
    vi.advanceTimersByTime(PAUSE_MS);
    answer(surveyed()[0]!.survey_id);
    channel.lost.emit();
    expect(review.survey).toBeNull();
  });
});

describe('a piece that was taken out', () => {
  const without = ['cell:a'];
  const origin = originOf({ prompt: 'plot', model: 'm:x', target: 'b', without });

  it.each([
    ['a follow-up', () => review.refine('p', 'in red')],
    ['the same again', () => review.regenerate('p')],
    ['a choice', () => review.choose('q', 0)],
    ['a repair', () => review.previews.repair('p')]
  ])('stays out of %s', (_, ask) => {
    const suggestions = [{ label: 'City', prompt: 'plot by city' }];
    channel.change(proposal('q', [], { status: 'asking', suggestions, origin }));
    pend('p', { origin });
    const edits = [insert('n', 'a', 'x')];
    const failed = preview('p', edits, { status: 'failed' });
    channel.message.emit({ type: 'previewed', preview: failed });
    ask();
    expect(asked().origin).toMatchObject({ target: 'b', without });
  });

  it('stays out of a follow-up by a cell', () => {
    pend('p', { origin });
    channel.message.emit({
      type: 'ask_requested',
      proposal_id: 'x',
      prompt: 'in red',
      model: 'm:x',
      cell_id: 'a',
      wants: 'edits',
      refines: 'p',
      clarifies: null,
      repairs: ''
    });
    expect(asked().origin).toMatchObject({ refines: 'p', without });
  });

  it('is sent again only where the person puts it back', () => {
    pend('p', { origin });
    review.refine('p', 'in red', { without: [] });
    expect(asked().origin.without).toEqual([]);
  });

  it('is shown as what it is in the survey of a follow-up', () => {
    pend('p', { origin });
    review.surveyFor('in red', { refines: 'p' });
    vi.advanceTimersByTime(PAUSE_MS);
    expect(surveyed()).toMatchObject([{ origin: { refines: 'p', target: 'b', without } }]);
    review.surveyFor('in red', { refines: 'gone' });
    vi.advanceTimersByTime(PAUSE_MS);
    expect(surveyed()).toHaveLength(1);
  });
});

describe('a mention', () => {
  it('is looked up', async () => {
    const hits = review.look('pri');
    const { look_id } = channel.sent.at(-1) as { look_id: string };
    const hit = { kind: 'variable', mention: '@prices', label: 'prices', detail: '' } as const;
    channel.message.emit({ type: 'found', look_id, hits: [hit] });
    expect(await hits).toEqual([hit]);
  });

  it('is nothing without a kernel, or where it does not answer', async () => {
    const late = review.look('pri');
    vi.advanceTimersByTime(LOOK_MS);
    expect(await late).toEqual([]);
    channel.open = false;
    expect(await review.look('pri')).toEqual([]);
  });
});
