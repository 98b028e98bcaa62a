/** A notebook with one review, for specs of asks and of what becomes of them. */
import { afterEach, beforeEach, vi } from 'vitest';

import type { Ask, Proposal, Survey } from '../../protocol.gen';
import type { IProposalView } from '../../tokens';
import { INERT_MS } from '../decisions';
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

export const MAGIC = '%%llm\nplot it';

export let channel: TestChannel;
export let host: TestHost;
export let choices: TestChoices;
export let review: Review;
let now: number;

export const view = (id: string): IProposalView | undefined =>
  review.proposals.find(item => item.proposal.id === id);
/** Time in which what is shown can be read. */
export const pass = (): void => {
  now += INERT_MS;
};
export const look = (): void => {
  void review.proposals;
  pass();
};
export const pend = (id: string, more: Partial<Proposal> = {}): void => {
  channel.change(proposal(id, [insert('n', 'a', 'x')], more));
  look();
};
export const asked = (): Ask => channel.sent.findLast(message => message.type === 'ask') as Ask;
export const surveyed = (): Survey[] =>
  channel.sent.filter((message): message is Survey => message.type === 'survey');
export const cell = (id: string) => host.shared.cells.find(one => one.id === id)!;

export function atAsking(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    now = 5_000_000;
    channel = new TestChannel();
    host = new TestHost(notebook({ m: MAGIC, a: 'a = 1', b: 'b = 2' }));
    choices = new TestChoices();
    review = new Review({
      ...authority(),
      panel: {} as never,
      host,
      channel,
      choices,
      nextFrame: () => undefined,
      now: () => now
    });
    channel.welcome();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}
