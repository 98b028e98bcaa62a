/** Going on with what is typed: when something is asked, and when it is ended. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { FrontendMessage } from '../../protocol.gen';
import { Review } from '../review';
import { notebook, authority, TestChannel, TestChoices, TestHost } from './helpers';

type Continue = Extract<FrontendMessage, { type: 'continue' }>;

describe('typing', () => {
  let channel: TestChannel;
  let choices: TestChoices;
  let host: TestHost;
  let review: Review;
  let now: number;
  const at = (prefix: string, suffix = '') => ({ cell: 'b', prefix, suffix });
  const asked = (): Continue[] => channel.sent.filter(message => message.type === 'continue');
  const stops = (): number => channel.sent.filter(message => message.type === 'stop').length;
  const answer = (text: string, problem: null | string = null): void =>
    channel.message.emit({
      type: 'continued',
      continue_id: asked().at(-1)!.continue_id,
      text,
      problem: problem === null ? null : { code: problem, message: problem, kept: '', next: '' }
    });
  const type = (text: string): void => {
    const cell = host.shared.cells.find(({ id }) => id === 'b')!;
    cell.updateSource(cell.getSource().length, cell.getSource().length, text);
  };

  beforeEach(() => {
    now = 0;
    channel = new TestChannel();
    choices = new TestChoices();
    choices.model = 'openai:x';
    choices.level = 1;
    host = new TestHost(notebook({ a: 'x = 1', b: 'df.' }));
    review = new Review({
      ...authority(),
      panel: null!,
      host,
      channel,
      choices,
      now: () => now,
      nextFrame: draw => draw()
    });
    channel.welcome([], 'openai:x');
  });
  afterEach(() => review.dispose());

  it('asks with what stands before and behind the cursor, and answers', async () => {
    const text = review.typing.goOn(at('df.', '\ny'), false);
    expect(asked()).toMatchObject([
      { cell: 'b', prefix: 'df.', suffix: '\ny', level: 1, snapshot: { cells: [{}, {}] } }
    ]);
    answer('head()');
    expect(await text).toBe('head()');
  });

  it.each([
    ['Off', () => choices.setLevel(0)],
    ['the rules', () => review.use('offline:rules')],
    ['rules alone in a chain', () => review.use('offline:rules, offline:rules')],
    ['a kernel that is busy', () => (channel.connection = 'ready-when-idle')],
    ['a level that the kernel lowered', () => channel.message.emit({ type: 'lowered', level: 0 })]
  ])('asks nothing with %s, also where a key asks for it', async (_, change) => {
    change();
    expect(review.typing.whyNot(true)).not.toBe('');
    expect(await review.typing.goOn(at('df.'), true)).toBe('');
    expect(asked()).toEqual([]);
  });

  it('at Propose goes on by itself only with a model that was chosen for that', async () => {
    choices.setLevel(2);
    expect(await review.typing.goOn(at('df.'), false)).toBe('');
    expect(asked()).toEqual([]);
    void review.typing.goOn(at('df.'), true);
    expect(asked()).toHaveLength(1);
    choices.roles = { complete: 'ollama:quick' };
    choices.changed.emit();
    void review.typing.goOn(at('df.h'), false);
    expect(asked()).toHaveLength(2);
  });

  it('ends a request with the next key, and its answer is nothing', async () => {
    const text = review.typing.goOn(at('df.'), false);
    type('h');
    expect(stops()).toBe(1);
    answer('head()');
    expect(await text).toBe('');
    type('e');
    expect(stops()).toBe(1);
  });

  it('asks nothing for what was answered already, as it is typed or taken word by word', async () => {
    const text = review.typing.goOn(at('df.'), false);
    answer('head(3).T');
    await text;
    expect(review.typing.rest(at('df.he'))).toBe('ad(3).T');
    expect(await review.typing.goOn(at('df.head'), false)).toBe('(3).T');
    expect(asked()).toHaveLength(1);
    expect(review.typing.rest(at('df.tail'))).toBe('');
    expect(review.typing.rest(at('df.head(3).T'))).toBe('');
    expect(review.typing.rest(at('df.', 'y'))).toBe('');
    void review.typing.goOn(at('df.tail'), false);
    expect(asked()).toHaveLength(2);
  });

  it('sends the notebook again only after another cell has changed', () => {
    void review.typing.goOn(at('df.'), false);
    type('h');
    void review.typing.goOn(at('df.h'), false);
    expect(asked().at(-1)!.snapshot).toBeNull();
    host.shared.cells[0]!.setSource('x = 2');
    void review.typing.goOn(at('df.he'), false);
    expect(asked().at(-1)!.snapshot).toMatchObject({ cells: [{ source: 'x = 2' }, {}] });
  });

  it('says a failure, then rests, but not with another model or where a key asks', async () => {
    void review.typing.goOn(at('df.'), false);
    answer('', 'model-auth');
    expect(review.problem?.code).toBe('model-auth');
    await review.typing.goOn(at('df.h'), false);
    expect(asked()).toHaveLength(1);
    void review.typing.goOn(at('df.h'), true);
    expect(asked()).toHaveLength(2);
    answer('', 'model-auth');
    review.use('openai:y');
    void review.typing.goOn(at('df.he'), false);
    expect(asked()).toHaveLength(3);
    answer('', 'model-auth');
    now = 61_000;
    void review.typing.goOn(at('df.hea'), false);
    expect(asked()).toHaveLength(4);
  });
});
