import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { AskTruth, KernelTruth } from '../../protocol.gen';
import { SOON_MS, TYPED_MS } from '../way-back';
import { Review } from '../review';
import {
  authority,
  insert,
  notebook,
  proposal,
  TestChannel,
  TestChoices,
  TestHost
} from './helpers';

const AMISS: KernelTruth = {
  variables: [{ name: 'df', standing: 'stale', why: 'A version of [3] made it.', cells: ['b'] }],
  cells: [
    { cell: 'b', standing: 'outdated', label: '[3]', why: 'It ran on others.', names: ['df'] }
  ],
  rerun: ['a', 'b'],
  is_certain: true,
  doubt: '',
  summary: 'The kernel still holds what was taken back: df.',
  seconds: null
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the way back', () => {
  const start = () => {
    const channel = new TestChannel();
    const shared = notebook({ a: 'x = 1', b: 'y = 2' });
    const host = new TestHost(shared);
    const choices = new TestChoices();
    const panel = {} as never;
    const review = new Review({
      ...authority(),
      panel,
      host,
      channel,
      choices,
      nextFrame: () => undefined
    });
    const made = { review, channel, host, shared };
    channel.welcome();
    vi.advanceTimersByTime(SOON_MS);
    const asked = (): AskTruth[] =>
      made.channel.sent.filter((message): message is AskTruth => message.type === 'ask_truth');
    const answer = (truth: KernelTruth): void => {
      const truth_id = asked().at(-1)!.truth_id;
      made.channel.message.emit({ type: 'truth', truth_id, truth });
    };
    return { ...made, asked, answer };
  };

  it('asks once a kernel is there, and takes only the answer to its last question', () => {
    const { review, channel, asked, answer } = start();
    expect(asked()).toHaveLength(1);
    channel.message.emit({ type: 'truth', truth_id: 'another', truth: AMISS });
    expect(review.wayBack.truth).toBeNull();
    answer(AMISS);
    expect(review.wayBack.truth).toEqual(AMISS);
  });

  it('asks again when cells went, and later when a text stood still', () => {
    const { shared, asked, answer } = start();
    answer(AMISS);
    shared.deleteCell(1);
    vi.advanceTimersByTime(SOON_MS);
    expect(asked().at(-1)).toMatchObject({ because: 'deleted' });
    const before = asked().length;
    shared.cells[0]!.setSource('x = 12');
    vi.advanceTimersByTime(SOON_MS);
    expect(asked()).toHaveLength(before);
    vi.advanceTimersByTime(TYPED_MS);
    expect(asked()).toHaveLength(before + 1);
  });

  it('runs the cells of the offer through the notebook, once', () => {
    const { review, host, answer } = start();
    review.wayBack.rerun();
    expect(host.ran).toEqual([]);
    answer(AMISS);
    review.wayBack.rerun();
    review.wayBack.rerun();
    expect(host.ran).toEqual([['a', 'b']]);
    expect(review.wayBack.isRunning).toBe(true);
    host.cellExecuted.emit('a');
    host.cellExecuted.emit('b');
    expect(review.wayBack.isRunning).toBe(false);
  });

  it('does not wait for the end of a cell that was deleted while it ran', () => {
    const { review, host, shared, asked, answer } = start();
    answer(AMISS);
    review.wayBack.rerun();
    host.cellExecuted.emit('a');
    shared.deleteCell(1);
    expect(review.wayBack.isRunning).toBe(false);
    vi.advanceTimersByTime(SOON_MS);
    const before = asked().length;
    host.cellExecuted.emit('a');
    vi.advanceTimersByTime(SOON_MS);
    expect(asked()).toHaveLength(before + 1);
  });

  it('has what a run changes kept first, and put back when it is taken back', async () => {
    const { review, channel, shared, asked } = start();
    channel.message.emit({ type: 'changed', proposal: proposal('p', [insert('n', 'b', 'z = 3')]) });
    vi.advanceTimersByTime(1000);
    const accepted = review.accept('p', { run: true });
    expect(channel.sent.at(-1)).toMatchObject({ type: 'keep', proposal_id: 'p' });
    expect(shared.cells).toHaveLength(2);
    expect(await accepted).toEqual({ outcome: 'accepted' });
    expect(shared.cells).toHaveLength(3);
    review.takeBack('p');
    expect(channel.sent.at(-1)).toEqual({ type: 'restore', proposal_id: 'p' });
    const text = 'Variables put back: z.';
    channel.message.emit({
      type: 'restored',
      proposal_id: 'p',
      names: ['z'],
      not_restored: [],
      text
    });
    vi.advanceTimersByTime(SOON_MS);
    expect(review.wayBack.note).toBe(text);
    expect(asked().at(-1)).toMatchObject({ because: 'taken_back' });
  });

  it('does not wait for a kernel that does not answer', async () => {
    const { review, channel } = start();
    channel.message.emit({ type: 'changed', proposal: proposal('p', [insert('n', 'b', 'z = 3')]) });
    vi.advanceTimersByTime(1000);
    channel.open = false;
    expect(await review.wayBack.keep('p')).toBeNull();
    expect(await review.accept('p', { run: true })).toEqual({ outcome: 'accepted' });
  });

  it('forgets all with the kernel', () => {
    const { review, channel, answer } = start();
    answer(AMISS);
    channel.lost.emit();
    expect(review.wayBack.truth).toBeNull();
  });
});
