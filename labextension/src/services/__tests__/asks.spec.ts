import { describe, expect, it } from 'vitest';

import { PROVENANCE_KEY, type Proposal } from '../../protocol.gen';
import { originOf } from '../origins';
import { promptOf } from '../provenance';
import {
  asked,
  atAsking,
  cell,
  channel,
  choices,
  host,
  look,
  pend,
  review,
  view
} from './asks-world';
import { insert, proposal } from './helpers';

atAsking();

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
