import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { cellHash, editsHash } from '../../hash';
import { PROVENANCE_KEY, type Ask, type Proposal, type Survey } from '../../protocol.gen';
import type { IProposalView } from '../../tokens';
import { CLAIM_MS } from '../claims';
import { INERT_MS } from '../decisions';
import { originOf } from '../origins';
import { promptOf } from '../provenance';
import { Review } from '../review';
import { LOOK_MS, PAUSE_MS } from '../surveys';
import {
  contents,
  insert,
  notebook,
  preview,
  proposal,
  replace,
  authority,
  TestChannel,
  TestChoices,
  TestHost
} from './helpers';

const MAGIC = '%%llm\nplot it';

let now: number;
let channel: TestChannel;
let host: TestHost;
let choices: TestChoices;
let review: Review;

const view = (id: string): IProposalView | undefined =>
  review.proposals.find(item => item.proposal.id === id);
const look = (): void => {
  void review.proposals;
  now += INERT_MS;
};
const pend = (id: string, more: Partial<Proposal> = {}): void => {
  channel.change(proposal(id, [insert('n', 'a', 'x')], more));
  look();
};
const asked = (): Ask => channel.sent.findLast(message => message.type === 'ask') as Ask;
const surveyed = (): Survey[] =>
  channel.sent.filter((message): message is Survey => message.type === 'survey');
const cell = (id: string) => host.shared.cells.find(one => one.id === id)!;

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

describe('an ask', () => {
  it('says what it is about and how far it may go', () => {
    choices.leash = { cells: 2, lines: 20 };
    choices.sampleValues = true;
    choices.deadline = 30;
    const error = { type: 'E', message: 'm', line: '', frame: '', cell: 'a' };
    const scope = { cells: ['a'], first: 1, last: 1 };
    review.ask('fix', { target: 'a', scope, wants: 'text', error });
    expect(asked()).toMatchObject({
      origin: { prompt: 'fix', target: 'a', scope, wants: 'text' },
      leash: { cells: 2, lines: 20 },
      values: true,
      deadline: 30,
      error
    });
  });
});

describe('a follow-up', () => {
  it('names the version that it builds on, and is the next one', () => {
    const scope = { cells: ['a'], first: null, last: null };
    const origin = originOf({ prompt: 'plot', model: 'old:x', target: 'a', scope, wants: 'text' });
    pend('p', { origin });
    review.focus('p');
    const id = review.refine('p', 'log scale')!;
    expect(asked().origin).toMatchObject({
      prompt: 'log scale',
      refines: 'p',
      scope,
      target: 'a',
      wants: 'edits',
      model: 'offline:rules'
    });
    // The one that is read stays, until the next is whole.
    expect(view('p')).toMatchObject({ versions: ['p', id], next: { id, version: 2 } });
    channel.change(proposal(id, [insert('n', 'a', 'xx')], { root: 'p', version: 2 }));
    expect(review.proposals.map(item => item.proposal.id)).toEqual([id]);
    expect(review.focused).toBe(id);
    review.show('p');
    expect(review.proposals.map(item => item.proposal.id)).toEqual(['p']);
    expect(review.focused).toBe('p');
  });

  it('builds on nothing that is decided', () => {
    pend('p', { status: 'accepted' });
    expect(review.refine('p', 'more')).toBeNull();
    expect(review.refine('nothing', 'more')).toBeNull();
    pend('q');
    expect(review.refine('q', ' ')).toBeNull();
  });

  it('accepted, sets the other versions aside; taken back, they wait again', async () => {
    pend('p');
    pend('p2', { root: 'p', version: 2 });
    await review.accept('p2');
    review.show('p');
    expect(view('p')?.proposal.status).toBe('superseded');
    expect((await review.accept('p')).outcome).toBe('gone');
    host.shared.undo();
    expect(view('p2')?.proposal.status).toBe('pending');
    review.show('p');
    expect(view('p')?.proposal.status).toBe('pending');
    review.reject('p');
    review.show('p2');
    expect(view('p2')?.proposal.status).toBe('rejected');
  });

  it('that is not in view is shown where a cell accepts it, and accepted the next time', async () => {
    pend('p');
    pend('p2', { root: 'p', version: 2 });
    const run = async (): Promise<void> => {
      host.cellScheduled.emit({ id: 'b', source: '%llm accept p', metadata: {}, byHand: true });
      const verdict = 'accepted' as const;
      channel.message.emit({ type: 'decide_requested', proposal_id: 'p', verdict, cell_id: 'b' });
      await Promise.resolve();
    };
    await run();
    expect(view('p')?.proposal.status).toBe('pending');
    look();
    await run();
    expect(view('p')?.proposal.status).toBe('accepted');
  });

  it('remembers all the words that led to it', async () => {
    pend('p', { origin: originOf({ prompt: 'plot', model: 'm:x' }) });
    pend('p2', {
      root: 'p',
      version: 2,
      origin: originOf({ prompt: 'log scale', model: 'm:x', refines: 'p' })
    });
    await review.accept('p2');
    expect(cell('n').getMetadata(PROVENANCE_KEY)).toMatchObject({ prompt: 'plot\nlog scale' });
    const book = new Map<string, { proposal: Proposal }>();
    const put = (id: string, prompt: string, more: object): Proposal => {
      const origin = originOf({ prompt, model: 'm:x', ...more });
      book.set(id, { proposal: proposal(id, [], { origin }) });
      return book.get(id)!.proposal;
    };
    const asked = { find: (id: string) => book.get(id) };
    put('1', 'plot', {});
    put('2', 'plot', { refines: '1' });
    expect(promptOf(put('3', 'plot by city', { clarifies: '2' }), asked)).toBe(
      'plot\nplot by city'
    );
    expect(promptOf(put('4', 'x', { refines: '4' }), asked)).toBe('x');
  });
});

describe('the same again', () => {
  it('is the next version of one that waits, and a new one else', () => {
    pend('p', { origin: originOf({ prompt: 'plot', model: 'm:x', target: 'b' }) });
    review.regenerate('p');
    expect(asked().origin).toMatchObject({ prompt: 'plot', refines: 'p', target: 'b' });
    pend('q', { status: 'failed' });
    review.regenerate('q');
    expect(asked().origin.refines).toBeNull();
  });

  const error = { type: 'E', message: 'm', line: '', frame: '', cell: 'a' };
  const scope = { cells: ['a'], first: 1, last: 1 };
  const about = { target: 'b', scope, wants: 'text', without: ['cell:m'] } as const;

  it('of what failed is about the same: cells, error, what is wanted and what stays out', () => {
    const id = review.ask('explain', { ...about, error })!;
    const { origin } = asked();
    pend(id, { status: 'failed', origin });
    host.activeCell = 'm';
    const again = review.again(id)!;
    expect(asked()).toMatchObject({ proposal_id: again, origin, error });
    expect(view(id)).toBeUndefined();
    expect(view(again)?.proposal.status).toBe('drafting');
    // Once more, although the first card is gone.
    pend(again, { status: 'cancelled', origin });
    review.again(again);
    expect(asked()).toMatchObject({ origin, error });
  });

  it('of a version that failed builds on the same one, where that waits', () => {
    pend('p');
    const origin = originOf({
      prompt: 'mend it',
      model: 'm:x',
      refines: 'p',
      repairs: 'automatic'
    });
    pend('p2', { root: 'p', version: 2, status: 'failed', origin });
    review.again('p2');
    // One repair is made by itself; this one is asked for.
    expect(asked().origin).toMatchObject({ prompt: 'mend it', refines: 'p', repairs: 'asked' });
    review.reject('p');
    pend('p3', { root: 'p', version: 3, status: 'failed', origin });
    review.again('p3');
    expect(asked().origin).toMatchObject({ refines: null, repairs: '' });
  });

  it('keeps the card of what cannot be asked', () => {
    pend('p', { status: 'failed' });
    channel.open = false;
    expect(review.again('p')).toBeNull();
    expect(view('p')).toBeDefined();
    channel.open = true;
    pend('q');
    expect(review.again('q')).toBeNull();
  });
});

describe('what is suggested instead', () => {
  it('is asked about the same cells, and wants the same', () => {
    const scope = { cells: ['a'], first: 1, last: 1 };
    const origin = originOf({ prompt: 'x', model: 'm:x', target: 'b', scope, wants: 'text' });
    const suggestions = [{ label: 'City', prompt: 'plot by city' }];
    pend('q', { status: 'declined', suggestions, origin });
    expect(review.choose('q', 1)).toBeNull();
    review.choose('q', 0);
    expect(asked().origin).toMatchObject({
      prompt: 'plot by city',
      target: 'b',
      scope,
      wants: 'text',
      clarifies: null
    });
  });
});

describe('a question', () => {
  it('is answered by one of its choices', () => {
    const suggestions = [{ label: 'City', prompt: 'plot by city' }];
    pend('p', { status: 'asking', suggestions, answer: 'By what?' });
    expect(review.choose('p', 1)).toBeNull();
    expect(review.choose('p', 0)).not.toBeNull();
    expect(asked().origin).toMatchObject({ prompt: 'plot by city', clarifies: 'p' });
    pend('q', { status: 'answered', suggestions });
    expect(review.choose('q', 0)).toBeNull();
  });
});

describe('a %%llm cell that runs again', () => {
  const request = {
    type: 'ask_requested',
    proposal_id: 'x',
    prompt: 'plot it',
    model: 'm:x',
    cell_id: 'm',
    wants: 'edits',
    refines: null,
    clarifies: null,
    repairs: ''
  } as const;
  const make = async (face: 'magic' | 'panel'): Promise<void> => {
    const origin = originOf({ prompt: 'plot it', model: 'm:x', face, target: 'm' });
    pend('p', { origin });
    expect((await review.accept('p')).outcome).toBe('accepted');
  };

  it('names the cells that it made', async () => {
    await make('magic');
    channel.message.emit(request);
    expect(asked().origin).toMatchObject({ face: 'magic', target: 'm', made: ['n'] });
  });

  it('did not make what was asked about it in the panel', async () => {
    await make('panel');
    channel.message.emit(request);
    expect(asked().origin.made).toEqual([]);
  });

  it('shows its cells as out of date when its words are others', async () => {
    await make('magic');
    expect(review.outdated).toEqual([]);
    cell('m').setSource('%%llm --model m:y\nplot it\n');
    expect(review.outdated).toEqual([]);
    cell('m').setSource('%%llm\nplot it in red');
    expect(review.outdated).toEqual([{ source: 'm', made: ['n'] }]);
    review.remake('m');
    expect(host.ran).toEqual([['m']]);
    cell('m').setSource('print(1)');
    expect(review.outdated).toEqual([]);
  });
});

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

describe('with other windows', () => {
  beforeEach(() => channel.message.emit({ type: 'windows', count: 2 }));

  const claimed = (granted: boolean): void =>
    channel.message.emit({ type: 'claimed', proposal_id: 'p', granted });

  it('the session says which decides, before anything is written', async () => {
    expect(review.windows).toBe(2);
    pend('p');
    const before = contents(host.shared);
    const accept = review.accept('p');
    expect(channel.sent.at(-1)).toEqual({
      type: 'claim',
      proposal_id: 'p',
      edits_hash: editsHash([insert('n', 'a', 'x')])
    });
    expect(contents(host.shared)).toEqual(before);
    claimed(true);
    expect(await accept).toEqual({ outcome: 'accepted' });
    expect(host.shared.cells).toHaveLength(4);
  });

  it.each([
    ['another one may', () => claimed(false), 'another window'],
    ['nobody says', () => vi.advanceTimersByTime(CLAIM_MS), 'in time']
  ])('is refused where %s', async (_, then, reason) => {
    pend('p');
    const before = contents(host.shared);
    const accept = review.accept('p');
    then();
    const result = await accept;
    expect(result.outcome).toBe('refused');
    expect((result as { reason: string }).reason).toContain(reason);
    expect(contents(host.shared)).toEqual(before);
    expect(view('p')?.proposal.status).toBe('pending');
  });

  it('nothing is written that changed meanwhile', async () => {
    pend('p');
    const accept = review.accept('p');
    channel.change(proposal('p', [insert('n', 'a', 'rm')]));
    now += INERT_MS;
    claimed(true);
    expect((await accept).outcome).toBe('inert');
    expect(host.shared.cells).toHaveLength(3);
  });

  it('is not asked where nobody can be', async () => {
    pend('p');
    channel.open = false;
    expect((await review.accept('p')).outcome).toBe('accepted');
  });

  it('shows what was decided in another one', () => {
    pend('p');
    pend('p', { status: 'accepted' });
    expect(view('p')).toMatchObject({ elsewhere: true });
    expect(view('p')?.canTakeBack).toBe(false);
    pend('q');
    review.reject('q');
    pend('q', { status: 'rejected' });
    expect(view('q')).toMatchObject({ elsewhere: false });
    // The other one was first.
    pend('r');
    review.reject('r');
    pend('r', { status: 'accepted' });
    expect(view('r')).toMatchObject({ elsewhere: true, proposal: { status: 'accepted' } });
  });
});

describe('changing what is proposed', () => {
  it('is told, and remembered by the cell', async () => {
    pend('p');
    review.revise('p', 0, 'mine');
    expect(channel.sent.at(-1)).toEqual({
      type: 'revised',
      proposal_id: 'p',
      edits_hash: editsHash([insert('n', 'a', 'x')]),
      edits: [insert('n', 'a', 'mine')],
      edited: ['n']
    });
    // An older word of the kernel's does not take it away.
    pend('p', { notice: 'late' });
    expect(view('p')?.proposal).toMatchObject({ notice: 'late', edited: ['n'] });
    look();
    await review.accept('p');
    expect(cell('n').getSource()).toBe('mine');
    expect(cell('n').getMetadata(PROVENANCE_KEY)).toMatchObject({ edited: true });
  });

  it('says nothing where nothing is changed, or nothing can be', () => {
    pend('p');
    const before = channel.sent.length;
    review.revise('p', 0, 'x');
    review.revise('p', 3, 'y');
    review.rebase('p', 0);
    review.revise('nothing', 0, 'y');
    expect(channel.sent).toHaveLength(before);
  });

  it('counts as the person’s where only some hunks were taken', async () => {
    cell('b').setSource('1\n2\n3\n4');
    channel.change(proposal('p', [replace('b', '1\n2\n3\n4', 'A\n2\n3\nD')]));
    look();
    await review.accept('p', { part: { edit: 0, hunk: 0 } });
    expect(cell('b').getMetadata(PROVENANCE_KEY)).toMatchObject({
      edited: true,
      hash: cellHash('code', 'A\n2\n3\n4')
    });
    review.reject('p', { edit: 0, hunk: 0 });
    expect(view('p')?.proposal.status).toBe('accepted');
    channel.change(proposal('q', [replace('b', 'A\n2\n3\n4', 'AA\n2\n3\nD')]));
    look();
    review.reject('q', { edit: 0, hunk: 1 });
    expect(channel.sent.at(-1)).toMatchObject({ type: 'revised', edited: ['b'] });
    look();
    await review.accept('q');
    expect(cell('b').getMetadata(PROVENANCE_KEY)).toMatchObject({ edited: true });
  });
});

describe('a stale edit', () => {
  it('put on the cell as it is shows against that, and can be accepted', async () => {
    channel.change(proposal('p', [replace('b', 'b = 2', 'b = 3'), insert('n', 'a', 'x')]));
    cell('b').setSource('b = 2 # mine');
    look();
    expect(view('p')).toMatchObject({ stale: true });
    expect((await review.accept('p')).outcome).toBe('stale');
    expect((await review.accept('p', { part: { edit: 0 } })).outcome).toBe('stale');
    expect((await review.accept('p', { part: { edit: 1 } })).outcome).toBe('accepted');
    review.rebase('p', 0);
    expect(channel.sent.at(-1)).toMatchObject({
      type: 'revised',
      edits: [replace('b', 'b = 2 # mine', 'b = 3')]
    });
    expect(view('p')?.edits[0]).toMatchObject({ applies: true, before: 'b = 2 # mine' });
    look();
    expect((await review.accept('p')).outcome).toBe('accepted');
    expect(cell('b').getSource()).toBe('b = 3');
  });

  it.each([
    ['replace', replace('b', 'b = 2', 'new'), { op: 'insert', after: 'a', source: 'new' }],
    ['insert', insert('n', 'b', 'x'), { op: 'insert', after: 'a', source: 'x' }]
  ])('keeps its text where the cell of a %s is gone', (_, edit, now) => {
    channel.change(proposal('p', [edit]));
    host.shared.deleteCell(2);
    review.rebase('p', 0);
    expect(view('p')?.edits[0]).toMatchObject({ applies: true, edit: now });
  });

  it('of a cell that is to be deleted and is gone has nothing left to do', () => {
    channel.change(
      proposal('p', [{ op: 'delete', cell_id: 'b', expects: cellHash('code', 'b = 2') }])
    );
    host.shared.deleteCell(2);
    review.rebase('p', 0);
    expect(view('p')?.proposal.status).toBe('rejected');
  });
});
