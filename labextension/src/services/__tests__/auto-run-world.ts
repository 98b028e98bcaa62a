/** A notebook at level Auto-run, whose slider hears any event as a person’s. Needs jsdom. */
import { afterEach, beforeEach, expect, vi } from 'vitest';

import { editsHash } from '../../hash';
import {
  type Decided,
  type Decision,
  type Edit,
  type Preview,
  type Proposal
} from '../../protocol.gen';
import type { Hand } from '../../tokens';
import { Review } from '../review';
import {
  FORKED,
  insert,
  notebook,
  preview,
  proposal,
  TestChannel,
  TestChoices,
  TestHost
} from './helpers';
import { Ceiling } from '../ceiling';
import { Gestures } from '../gestures';

export const EDITS = [insert('n', 'a', 'z = 1')];

export let channel: TestChannel;
export let host: TestHost;
export let choices: TestChoices;
export let review: Review;
export let gestures: Hands;

/** The slider is heard as it is; accepts are a person's where the test does not say otherwise. */
class Hands extends Gestures {
  isByHand = true;
  override isRunning = (): boolean => this.isByHand;
  override isRecent = (): boolean => this.isByHand;
  override hand = (): Hand | null => (this.isByHand ? { at: 0 } : null);
  override take = (hand: Hand | null): boolean => hand !== null;
}

export const wait = (ms = 5): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

export const slide = async (level: number): Promise<void> => {
  const range = document.querySelector('input')!;
  range.value = String(level);
  range.dispatchEvent(new Event('input', { bubbles: true }));
  await wait();
};
/** As asked in the panel, with what became of it. */
export const asked = (edits: Edit[] = EDITS, more: Partial<Proposal> = {}): string => {
  const id = review.ask('please')!;
  channel.change(proposal(id, edits, more));
  return id;
};
export const tried = (id: string, edits: Edit[] = EDITS, more: Partial<Preview> = {}): void =>
  channel.message.emit({ type: 'previewed', preview: preview(id, edits, more) });
export const judged = (id: string, edits: Edit[] = EDITS, more: Partial<Decision> = {}): void =>
  channel.message.emit({
    type: 'judged',
    decision: {
      proposal_id: id,
      edits_hash: editsHash(edits),
      ruling: 'ALLOW',
      reasons: [],
      is_final: true,
      ...more
    }
  });
export const decisions = (): Decided[] =>
  channel.sent.filter(message => message.type === 'decided');
export const fate = (id: string): string => {
  const view = review.proposals.find(item => item.proposal.id === id)!;
  const found = review.autonomy.of(view);
  return found ? `${found.fate}: ${found.why}` : '';
};
/** All that makes a proposal run. */
export const allowed = async (
  edits: Edit[] = EDITS,
  more: Partial<Proposal> = {}
): Promise<string> => {
  const id = asked(edits, more);
  await wait();
  tried(id, edits);
  judged(id, edits);
  await wait();
  return id;
};

export function atAutoRun(): void {
  beforeEach(async () => {
    vi.useFakeTimers();
    const root = document.createElement('div');
    root.append(
      Object.assign(document.createElement('input'), { type: 'range', min: '0', max: '4' })
    );
    document.body.replaceChildren(root);
    channel = new TestChannel();
    host = new TestHost(notebook({ a: 'a = 1', b: 'b = 2' }));
    choices = new TestChoices();
    choices.level = 3;
    gestures = new Hands(
      document,
      () => [],
      () => true
    );
    review = new Review({
      panel: {} as never,
      host,
      channel,
      choices,
      gestures,
      ceiling: new Ceiling(() => Promise.resolve({ level: 4, where: '', problem: '' })),
      nextFrame: callback => void setTimeout(callback),
      now: () => Date.now()
    });
    review.autonomy.control(root);
    channel.welcome([], undefined, { isolation: FORKED });
    await slide(4);
    expect(review.level).toBe(4);
  });

  afterEach(() => {
    review.dispose();
    vi.useRealTimers();
  });
}
