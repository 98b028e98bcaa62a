// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { editsHash } from '../../hash';
import {
  PROVENANCE_KEY,
  type Decided,
  type Decision,
  type Edit,
  type Preview,
  type Proposal
} from '../../protocol.gen';
import { PAUSE_MS } from '../judging';
import type { Hand } from '../../tokens';
import { Review } from '../review';
import {
  contents,
  FORKED,
  insert,
  notebook,
  preview,
  proposal,
  replace,
  TestChannel,
  TestChoices,
  TestHost
} from './helpers';
import { Ceiling } from '../ceiling';
import { Gestures } from '../gestures';

const EDITS = [insert('n', 'a', 'z = 1')];

let channel: TestChannel;
let host: TestHost;
let choices: TestChoices;
let review: Review;
let gestures: Hands;

/** The slider is heard as it is; accepts are a person's where the test does not say otherwise. */
class Hands extends Gestures {
  isByHand = true;
  override isRunning = (): boolean => this.isByHand;
  override isRecent = (): boolean => this.isByHand;
  override hand = (): Hand | null => (this.isByHand ? { at: 0 } : null);
  override take = (hand: Hand | null): boolean => hand !== null;
}

const wait = (ms = 5): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

const slide = async (level: number): Promise<void> => {
  const range = document.querySelector('input')!;
  range.value = String(level);
  range.dispatchEvent(new Event('input', { bubbles: true }));
  await wait();
};
/** As asked in the panel, with what became of it. */
const asked = (edits: Edit[] = EDITS, more: Partial<Proposal> = {}): string => {
  const id = review.ask('please')!;
  channel.change(proposal(id, edits, more));
  return id;
};
const tried = (id: string, edits: Edit[] = EDITS, more: Partial<Preview> = {}): void =>
  channel.message.emit({ type: 'previewed', preview: preview(id, edits, more) });
const judged = (id: string, edits: Edit[] = EDITS, more: Partial<Decision> = {}): void =>
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
const decisions = (): Decided[] => channel.sent.filter(message => message.type === 'decided');
const fate = (id: string): string => {
  const view = review.proposals.find(item => item.proposal.id === id)!;
  const found = review.autonomy.of(view);
  return found ? `${found.fate}: ${found.why}` : '';
};
/** All that makes a proposal run. */
const allowed = async (edits: Edit[] = EDITS, more: Partial<Proposal> = {}): Promise<string> => {
  const id = asked(edits, more);
  await wait();
  tried(id, edits);
  judged(id, edits);
  await wait();
  return id;
};

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

describe('what is allowed', () => {
  it('is applied and run as one step, marked, told, and listed', async () => {
    const id = await allowed();
    expect(contents(host.shared)).toEqual(['a code a = 1', 'n code z = 1', 'b code b = 2']);
    expect(host.ranQuietly).toEqual([['n']]);
    expect(host.ran).toEqual([]);
    expect(host.settled).toEqual([]);
    expect(decisions()).toMatchObject([
      { proposal_id: id, verdict: 'accepted', ran: true, auto: true, edits_hash: editsHash(EDITS) }
    ]);
    const provenance = host.shared.cells[1]!.getMetadata(PROVENANCE_KEY);
    expect(provenance).toMatchObject({
      proposal: id,
      auto: 'changes no variable · allowed by the rules · tried in Landlock, seccomp'
    });
    expect(review.autonomy.happened).toMatchObject([{ id, cells: ['n'], isBack: false }]);
    expect(review.autonomy.budget).toMatchObject({ used: 1 });
    host.shared.undo();
    expect(contents(host.shared)).toHaveLength(2);
  });

  it('does not run again once it was taken back', async () => {
    const id = await allowed();
    expect(review.takeBack(id).outcome).toBe('accepted');
    channel.change(proposal(id, EDITS));
    tried(id);
    judged(id);
    await wait();
    expect(contents(host.shared)).toHaveLength(2);
    expect(fate(id)).toBe('held: It ran by itself once and was taken back.');
    expect(review.autonomy.happened).toMatchObject([{ id, isBack: true }]);
  });

  it('stops with its budget', async () => {
    choices.autoRun = { runs: 1, minutes: 5 };
    await slide(3);
    await slide(4);
    await allowed();
    const other = [insert('m', 'b', 'y = 1')];
    const next = await allowed(other);
    expect(contents(host.shared)).toHaveLength(3);
    expect(review.level).toBe(3);
    expect(review.autonomy.ended).toContain('its 1 runs are used');
    expect(fate(next)).toContain('runs');
  });

  it('ends with a cell that fails; Stop interrupts what runs', async () => {
    await allowed();
    host.cellScheduled.emit({ id: 'n', source: 'z = 1', metadata: {}, byHand: true });
    review.autonomy.stop();
    expect(host.interrupted).toBe(1);
    expect(review.level).toBe(3);
    await slide(4);
    host.cellFailed.emit('n');
    host.cellExecuted.emit('n');
    expect(review.level).toBe(3);
    expect(review.autonomy.ended).toContain('“A title” ran into an error');
  });

  it('is tried again where other cells have run, and then goes on', async () => {
    const id = asked();
    await wait();
    tried(id);
    await wait(1000);
    host.cellScheduled.emit({ id: 'b', source: 'b = 2', metadata: {}, byHand: true });
    judged(id);
    await wait();
    expect(fate(id)).toBe('waits: A cell is running.');
    host.cellExecuted.emit('b');
    await wait();
    expect(channel.sent.filter(message => message.type === 'dry_run')).toHaveLength(2);
    expect(contents(host.shared)).toHaveLength(2);
    // What was decided on the dry run before is void.
    tried(id, EDITS, { status: 'running' });
    tried(id);
    await wait();
    expect(contents(host.shared)).toHaveLength(2);
    judged(id);
    await wait();
    expect(contents(host.shared)).toHaveLength(3);
  });
});

describe('what is held', () => {
  const REASON = { ruling: 'ASK', rule: 'writes', text: 'It writes out.csv.', cell: 'n' } as const;
  const PLACE = { line: 1, column: 1 };
  const stays = async (why: string, id: string): Promise<void> => {
    await wait(50);
    expect(fate(id)).toContain(why);
    expect(contents(host.shared)).toHaveLength(2);
    expect(decisions()).toEqual([]);
  };

  it('is everything at level Preview, whatever the kernel says', async () => {
    await slide(3);
    const id = await allowed();
    channel.message.emit({ type: 'lowered', level: null });
    channel.message.emit({ type: 'lowered', level: 4 });
    await wait(50);
    expect(contents(host.shared)).toHaveLength(2);
    expect(review.level).toBe(3);
    expect(fate(id)).toBe('runs: ');
  });

  it.each(['ASK', 'DENY'] as const)('is what the rules say is %s', async ruling => {
    const id = asked();
    await wait();
    tried(id);
    judged(id, EDITS, { ruling, reasons: [{ ...REASON, ...PLACE, ruling }] });
    await stays(`${ruling === 'ASK' ? 'held' : 'denied'}: It writes out.csv.`, id);
    expect(review.autonomy.sentence).toBe('1 waiting: 1 is held: It writes out.csv.');
  });

  it('is what was judged with other edits, not to the end, or not at all', async () => {
    const id = asked();
    await wait();
    tried(id);
    await stays('The rules have not decided', id);
    judged(id, [insert('n', 'a', 'z = 2')]);
    await stays('The rules have not decided', id);
    judged(id, EDITS, { is_final: false });
    await stays('The rules have not decided', id);
  });

  it.each([
    ['failed', 'ended in an error'],
    ['budget', 'cut at its budget'],
    ['stopped', 'was stopped'],
    ['expensive', 'looks long'],
    ['refused', 'could not be tried']
  ] as const)('is what was not previewed: %s', async (status, why) => {
    const id = asked();
    await wait();
    tried(id, EDITS, { status });
    judged(id);
    await stays(why, id);
  });

  it('is a sample, and a preview of other edits', async () => {
    const id = asked();
    await wait();
    tried(id, EDITS, { sampled: '1,000 rows' });
    judged(id);
    await stays('on a sample', id);
    tried(id, [insert('n', 'a', 'z = 2')]);
    judged(id);
    await stays('out of date', id);
  });

  it('is what was not asked for in this page', async () => {
    const id = 'p';
    channel.change(proposal(id, EDITS));
    tried(id);
    judged(id);
    await stays('not asked for in this page', id);
  });

  it('is what script in the page has asked for', async () => {
    gestures.isByHand = false;
    await stays('not asked for in this page', await allowed());
  });

  it('is what code in a cell has asked for, and what a model’s cell has', async () => {
    const request = { prompt: 'x', model: 'm', cell_id: 'a', wants: 'edits' } as const;
    const rest = { refines: null, clarifies: null, repairs: '' } as const;
    const run = async (id: string, source: string, metadata = {}, byHand = true): Promise<void> => {
      host.cellScheduled.emit({ id: 'a', source, metadata, byHand });
      channel.message.emit({ type: 'ask_requested', proposal_id: id, ...request, ...rest });
      host.cellExecuted.emit('a');
      channel.change(proposal(id, EDITS));
      await wait(1000);
      tried(id, EDITS, { status: 'running' });
      tried(id);
      judged(id);
      await wait();
    };
    await run('p', 'get_ipython().run_cell_magic("llm", "", "x")');
    await stays('not asked for in this page', 'p');
    await run('q', '%%llm\nx', { [PROVENANCE_KEY]: {} });
    await stays('not asked for in this page', 'q');
    await run('s', '%%llm\nx', {}, false);
    await stays('not asked for in this page', 's');
    await run('r', '%%llm\nx');
    expect(contents(host.shared)).toHaveLength(3);
  });

  it('is what is larger than the leash, as this page counts', async () => {
    choices.leash = { cells: 1, lines: 3 };
    const lines = [insert('n', 'a', 'z = 1\n'.repeat(5))];
    await stays('lines, and the leash is 3', await allowed(lines));
    review.reject(review.proposals[0]!.proposal.id);
    channel.sent.length = 0;
    const cells = [insert('n', 'a', 'z = 1'), replace('b', 'b = 2', 'b = 3')];
    await stays('changes 2 cells, and the leash is 1', await allowed(cells));
  });

  it('is a text cell that would load something', async () => {
    const text = (source: string): Edit[] => [
      ...EDITS,
      { op: 'insert', cell_id: 't', after: 'n', cell_type: 'markdown', source }
    ];
    const id = await allowed(text('![x](http://example.org/?q)'));
    await stays('picture, a link or HTML', id);
    review.reject(id);
    channel.sent.length = 0;
    await allowed(text('# A heading\n\nand *words*'));
    expect(contents(host.shared)).toHaveLength(4);
  });

  it('is what the person changes, turns to, or types beside', async () => {
    host.typing = 'a';
    const id = await allowed();
    await stays('You are typing where it would stand', id);
    review.focus(id);
    host.typing = null;
    await stays('You have turned to it', id);
    review.revise(id, 0, 'z = 2');
    await wait();
    expect(fate(id)).toContain('You have changed its text');
    expect(contents(host.shared)).toHaveLength(2);
  });

  it('waits for its turn where another window may decide', async () => {
    channel.message.emit({ type: 'windows', count: 2 });
    const id = await allowed();
    expect(channel.sent.some(message => message.type === 'claim')).toBe(true);
    channel.message.emit({ type: 'claimed', proposal_id: id, granted: false });
    await stays('another window', id);
  });

  it('is what is no longer allowed when the answer to a claim comes', async () => {
    channel.message.emit({ type: 'windows', count: 2 });
    const id = await allowed();
    await slide(3);
    channel.message.emit({ type: 'claimed', proposal_id: id, granted: true });
    await wait();
    expect(contents(host.shared)).toHaveLength(2);
  });
});

describe('what is denied', () => {
  it('takes a person’s second word, after a pause', async () => {
    await slide(3);
    const id = asked();
    judged(id, EDITS, { ruling: 'DENY', is_final: false });
    await wait(1000);
    const first = await review.accept(id);
    expect(first).toMatchObject({ outcome: 'denied' });
    expect((await review.accept(id, { run: true })).outcome).toBe('denied');
    expect(contents(host.shared)).toHaveLength(2);
    await wait(PAUSE_MS);
    expect((await review.accept(id)).outcome).toBe('accepted');
  });

  it('takes it anew after a change', async () => {
    await slide(3);
    const id = asked();
    judged(id, EDITS, { ruling: 'DENY' });
    await wait(1000);
    expect((await review.accept(id)).outcome).toBe('denied');
    const changed = [insert('n', 'a', 'z = 9')];
    review.revise(id, 0, 'z = 9');
    judged(id, changed, { ruling: 'DENY' });
    await wait(2000);
    expect((await review.accept(id)).outcome).toBe('denied');
  });
});

describe('the sentence', () => {
  it('says what the position does with what waits', async () => {
    await slide(3);
    expect(review.autonomy.sentence).toContain('Nothing is waiting. Each proposal is tried');
    await allowed();
    const id = asked([insert('m', 'b', 'q')]);
    await wait();
    tried(id, [insert('m', 'b', 'q')]);
    judged(id, [insert('m', 'b', 'q')], { ruling: 'ASK' });
    await wait();
    expect(review.autonomy.sentence).toBe(
      '2 waiting; nothing runs by itself. At Auto-run 1 would run, 1 would be held: The rules do not say why.'
    );
    await slide(2);
    expect(review.autonomy.sentence).toContain('2 waiting. You decide');
    const told = channel.sent.filter(message => message.type === 'standing').at(-1);
    expect(told).toMatchObject({ chosen: 2, level: 2, sentence: review.autonomy.sentence });
  });
});
