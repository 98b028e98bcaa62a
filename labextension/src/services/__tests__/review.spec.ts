import { beforeEach, describe, expect, it, vi } from 'vitest';

import { cellHash, editsHash } from '../../hash';
import type { Proposal } from '../../protocol.gen';
import type { IProposalView } from '../../tokens';
import { INERT_MS } from '../decisions';
import { Review } from '../review';
import {
  contents,
  insert,
  notebook,
  proposal,
  replace,
  authority,
  TestChannel,
  TestChoices,
  TestHost
} from './helpers';

let now: number;
let frames: (() => void)[];
let channel: TestChannel;
let host: TestHost;
let choices: TestChoices;
let review: Review;

const view = (id: string): IProposalView | undefined =>
  review.proposals.find(item => item.proposal.id === id);
const status = (id: string): string | undefined => view(id)?.proposal.status;
/** Draw, and let the person look at it long enough. */
const look = (): void => {
  frames.splice(0).forEach(frame => frame());
  void review.proposals;
  now += INERT_MS;
};
const pend = (id: string, edits: Proposal['edits'], more: Partial<Proposal> = {}): void => {
  channel.change(proposal(id, [...edits], more));
  look();
};

beforeEach(() => {
  now = 5_000_000;
  frames = [];
  channel = new TestChannel();
  host = new TestHost(notebook({ a: 'a = 1', b: 'b = 2', c: 'c = 3' }));
  choices = new TestChoices();
  review = new Review({
    ...authority(),
    panel: {} as never,
    host,
    channel,
    choices,
    nextFrame: callback => frames.push(callback),
    now: () => now
  });
  channel.welcome();
});

describe('asking', () => {
  it('shows a card at once, and is confirmed by the first answer', () => {
    host.activeCell = 'b';
    const id = review.ask('plot it')!;
    expect(channel.sent.at(-1)).toMatchObject({
      type: 'ask',
      proposal_id: id,
      origin: { prompt: 'plot it', target: 'b', face: 'panel' },
      level: 2
    });
    expect(view(id)).toMatchObject({ confirmed: false, acceptable: false });
    expect(status(id)).toBe('drafting');
    channel.change(proposal(id, [], { status: 'drafting' }));
    expect(view(id)?.confirmed).toBe(true);
  });

  it('asks nothing at level Off, without words, or without a session', () => {
    expect(review.ask('  ')).toBeNull();
    choices.setLevel(0);
    expect(review.ask('plot')).toBeNull();
    choices.setLevel(2);
    channel.open = false;
    expect(review.ask('plot')).toBeNull();
    expect(review.proposals).toHaveLength(0);
  });

  it('gives an unanswered ask the failure that names no proposal', () => {
    const id = review.ask('plot')!;
    const problem = { code: 'level', message: 'Off.', kept: '', next: '' };
    channel.message.emit({ type: 'failed', problem });
    expect(view(id)?.proposal).toMatchObject({ status: 'failed', problem });
    expect(review.problem).toBeNull();
    channel.message.emit({ type: 'failed', problem });
    expect(review.problem).toEqual(problem);
  });

  it('answers a %%llm cell of this notebook only', () => {
    const request = {
      type: 'ask_requested',
      prompt: 'p',
      model: 'm:x',
      wants: 'edits',
      refines: null,
      clarifies: null,
      repairs: ''
    } as const;
    channel.message.emit({ ...request, proposal_id: 'x1', cell_id: 'elsewhere' });
    expect(channel.sent).toHaveLength(0);
    channel.message.emit({ ...request, proposal_id: 'x2', cell_id: 'b' });
    expect(channel.sent).toMatchObject([
      { type: 'ask', proposal_id: 'x2', origin: { target: 'b', face: 'magic', model: 'm:x' } }
    ]);
    const problem = { code: 'level', message: 'Off.', kept: '', next: '' };
    channel.message.emit({ type: 'failed', problem });
    expect(view('x2')?.proposal).toMatchObject({ status: 'failed', problem });
  });
});

describe('streaming', () => {
  it('grows title, text and edits, and ends with the whole', () => {
    channel.change(proposal('p', [], { status: 'drafting', title: '' }));
    const more = {
      type: 'streamed',
      proposal_id: 'p',
      title: '',
      rationale: '',
      answer: ''
    } as const;
    channel.message.emit({
      ...more,
      title: 'Plot',
      growth: [{ index: 0, edit: insert('n', 'a', ''), text: 'x' }]
    });
    channel.message.emit({ ...more, growth: [{ index: 0, edit: null, text: ' = 1' }] });
    channel.message.emit({
      ...more,
      growth: [{ index: 9, edit: null, text: 'lost' }],
      answer: 'ok'
    });
    expect(view('p')?.proposal).toMatchObject({
      title: 'Plot',
      answer: 'ok',
      edits: [insert('n', 'a', 'x = 1')]
    });
    channel.change(proposal('p', [insert('n', 'a', 'x = 2')]));
    channel.message.emit({ ...more, growth: [{ index: 0, edit: null, text: '!!' }] });
    expect(view('p')?.proposal.edits).toEqual([insert('n', 'a', 'x = 2')]);
  });

  it('draws once a frame', () => {
    look();
    const changed = vi.fn();
    review.changed.connect(changed);
    for (let i = 0; i < 20; i++) {
      pendQuietly();
    }
    expect(changed).not.toHaveBeenCalled();
    expect(frames).toHaveLength(1);
    frames[0]!();
    expect(changed).toHaveBeenCalledTimes(1);
  });

  const pendQuietly = (): void => channel.change(proposal('p', [insert('n', 'a', 'x')]));
});

describe('accepting', () => {
  it('applies, tells the session what was on screen, and runs only when told', async () => {
    const edits = [insert('n', 'a', 'x = 1')];
    pend('p', edits);
    expect(await review.accept('p')).toEqual({ outcome: 'accepted' });
    expect(contents(host.shared)[1]).toBe('n code x = 1');
    expect(status('p')).toBe('accepted');
    expect(host.ran).toEqual([]);
    expect(channel.sent.at(-1)).toEqual({
      type: 'decided',
      proposal_id: 'p',
      verdict: 'accepted',
      edits_hash: editsHash(edits),
      ran: false,
      auto: false,
      edits: null,
      rest: []
    });
    pend('q', [insert('m', 'n', 'y = 1'), replace('b', 'b = 2', 'b = 22')]);
    await review.accept('q', { run: true });
    expect(host.ran).toEqual([['m', 'b']]);
    expect(channel.sent.at(-1)).toMatchObject({ verdict: 'accepted', ran: true });
  });

  it('does nothing while it streams, and for a moment after what is shown changed', async () => {
    const before = contents(host.shared);
    channel.change(proposal('p', [insert('n', 'a', 'x')], { status: 'drafting' }));
    look();
    expect((await review.accept('p')).outcome).toBe('inert');
    channel.change(proposal('p', [insert('n', 'a', 'x')]));
    expect((await review.accept('p')).outcome).toBe('inert');
    now += INERT_MS - 1;
    expect((await review.accept('p')).outcome).toBe('inert');
    channel.change(proposal('p', [insert('n', 'a', 'rm -rf')]));
    now += INERT_MS;
    expect((await review.accept('p')).outcome).toBe('inert');
    expect(contents(host.shared)).toEqual(before);
    expect(channel.sent).toEqual([]);
    now += INERT_MS;
    expect((await review.accept('p')).outcome).toBe('accepted');
  });

  it('applies nothing of a stale proposal, and is well again when the cell is', async () => {
    pend('p', [insert('n', 'a', 'x'), replace('b', 'b = 2', 'b = 3')]);
    host.shared.cells[1]!.setSource('b = 99');
    look();
    expect(view('p')).toMatchObject({ stale: true, acceptable: false });
    expect(view('p')?.edits.map(edit => edit.applies)).toEqual([true, false]);
    expect((await review.accept('p')).outcome).toBe('stale');
    expect(contents(host.shared)).toEqual(['a code a = 1', 'b code b = 99', 'c code c = 3']);
    host.shared.cells[1]!.setSource('b = 2');
    look();
    expect(view('p')).toMatchObject({ stale: false, acceptable: true });
  });

  it('refuses a read-only notebook and a locked cell', async () => {
    pend('p', [replace('b', 'b = 2', 'b = 3')]);
    host.lockedReason = 'read-only';
    expect(await review.accept('p')).toEqual({ outcome: 'refused', reason: 'read-only' });
    host.lockedReason = '';
    host.shared.cells[1]!.setMetadata('editable', false);
    expect((await review.accept('p')).outcome).toBe('refused');
    expect(status('p')).toBe('pending');
  });

  it('accepts once', async () => {
    pend('p', [insert('n', 'a', 'x')]);
    await review.accept('p');
    expect((await review.accept('p')).outcome).toBe('gone');
    expect((await review.accept('nothing')).outcome).toBe('gone');
    expect(host.shared.cells).toHaveLength(4);
  });

  it('is pending again after an undo, and accepted after a redo', async () => {
    pend('p', [insert('n', 'a', 'x')]);
    await review.accept('p');
    channel.change(proposal('p', [insert('n', 'a', 'x')], { status: 'accepted' }));
    review.dismiss('p');
    expect(view('p')).toBeUndefined();
    host.shared.undo();
    expect(status('p')).toBe('pending');
    expect(channel.sent.at(-1)).toMatchObject({ type: 'decided', verdict: 'reopened' });
    host.shared.redo();
    expect(status('p')).toBe('accepted');
    expect(channel.sent.at(-1)).toMatchObject({ type: 'decided', verdict: 'accepted' });
  });

  it('is not taken back by an older word of the kernel', async () => {
    pend('p', [insert('n', 'a', 'x')]);
    await review.accept('p');
    channel.change(proposal('p', [insert('n', 'a', 'x')], { notice: 'late' }));
    expect(status('p')).toBe('accepted');
    channel.change(proposal('p', [insert('n', 'a', 'x')], { status: 'accepted' }));
    channel.change(proposal('p', [insert('n', 'a', 'x')]));
    expect(status('p')).toBe('pending');
  });

  it('leaves the notebook as it is on a reject', () => {
    pend('p', [replace('b', 'b = 2', 'b = 3')]);
    const before = JSON.stringify(host.shared.toJSON());
    review.reject('p');
    expect(JSON.stringify(host.shared.toJSON())).toBe(before);
    expect(status('p')).toBe('rejected');
    expect(channel.sent.at(-1)).toMatchObject({ type: 'decided', verdict: 'rejected' });
  });
});

describe('%llm accept in a cell', () => {
  const request = {
    type: 'decide_requested',
    proposal_id: 'p',
    verdict: 'accepted',
    cell_id: 'b'
  } as const;

  it('counts for a cell that was run in this page', () => {
    pend('p', [insert('n', 'a', 'x')]);
    host.cellScheduled.emit({ id: 'b', source: '%llm accept', metadata: {}, byHand: true });
    channel.message.emit(request);
    expect(status('p')).toBe('accepted');
  });

  it('does nothing when forged', () => {
    pend('p', [insert('n', 'a', 'x')]);
    channel.message.emit(request);
    host.cellScheduled.emit({ id: 'b', source: 'evil()', metadata: {}, byHand: true });
    channel.message.emit(request);
    expect(status('p')).toBe('pending');
    expect(host.shared.cells).toHaveLength(3);
  });

  it('rejects likewise', () => {
    pend('p', [insert('n', 'a', 'x')]);
    channel.message.emit({ ...request, verdict: 'rejected' });
    expect(status('p')).toBe('pending');
    host.cellScheduled.emit({ id: 'b', source: '%llm reject', metadata: {}, byHand: true });
    channel.message.emit({ ...request, verdict: 'rejected' });
    expect(status('p')).toBe('rejected');
  });
});

describe('the kernel goes away', () => {
  it('ends drafts clearly and keeps pending proposals', async () => {
    const id = review.ask('plot')!;
    pend('p', [insert('n', 'a', 'x')]);
    channel.lost.emit();
    expect(view(id)?.proposal).toMatchObject({
      status: 'failed',
      problem: { code: 'kernel-gone' }
    });
    expect(status('p')).toBe('pending');
    channel.open = false;
    expect((await review.accept('p')).outcome).toBe('accepted');
    expect(channel.sent.filter(message => message.type === 'decided')).toEqual([]);
    // The next kernel took it up from the store as pending, and hears of the decision.
    channel.open = true;
    channel.welcome([proposal('p', [insert('n', 'a', 'x')])]);
    expect(status('p')).toBe('accepted');
    expect(channel.sent.at(-1)).toMatchObject({ type: 'decided', verdict: 'accepted' });
  });

  it('fails a draft that the session does not know of', () => {
    const id = review.ask('plot')!;
    channel.change(proposal(id, [], { status: 'drafting' }));
    channel.welcome();
    expect(view(id)?.proposal).toMatchObject({
      status: 'failed',
      problem: { code: 'interrupted' }
    });
  });

  it('goes on with a draft that the session lists', () => {
    const id = review.ask('plot')!;
    channel.welcome([proposal(id, [], { status: 'drafting', title: 'So far' })]);
    expect(view(id)?.proposal).toMatchObject({ status: 'drafting', title: 'So far' });
  });
});

describe('turning to proposals', () => {
  it('steps in notebook order, whatever was asked first', () => {
    pend('last', [insert('n1', 'c', 'x')], { created: 1 });
    pend('first', [insert('n2', null, 'x')], { created: 2 });
    pend('middle', [replace('b', 'b = 2', 'x')], { created: 3 });
    const seen: (string | null)[] = [];
    for (const by of [1, 1, 1, 1, -1] as const) {
      review.step(by);
      seen.push(review.focused);
    }
    expect(seen).toEqual(['middle', 'last', 'first', 'middle', 'first'].map(String));
  });

  it('starts at the active cell', () => {
    host.activeCell = 'b';
    pend('first', [insert('n2', 'a', 'x')]);
    pend('last', [insert('n1', 'c', 'x')]);
    review.step(1);
    expect(review.focused).toBe('last');
    review.focus(null);
    review.step(-1);
    expect(review.focused).toBe('first');
  });

  it('comes to a change of a cell before what would stand behind that cell', () => {
    host.activeCell = 'b';
    pend('behind', [insert('n', 'b', 'x')], { created: 1 });
    pend('change', [replace('b', 'b = 2', 'x')], { created: 2 });
    review.step(1);
    expect(review.focused).toBe('change');
    review.focus(null);
    review.step(-1);
    expect(review.focused).toBe('behind');
  });

  it('leaves a proposal that is decided', async () => {
    pend('p', [insert('n', 'a', 'x')]);
    review.focus('p');
    await review.accept('p');
    expect(review.focused).toBeNull();
    review.focus('p');
    expect(review.focused).toBeNull();
  });
});

describe('views', () => {
  it('are the same object while nothing that is shown changes', () => {
    pend('p', [replace('b', 'b = 2', 'b = 3')]);
    const first = view('p');
    host.shared.cells[0]!.setSource('other');
    expect(view('p')).toBe(first);
    host.shared.cells[1]!.setSource('b = 5');
    expect(view('p')).not.toBe(first);
    expect(view('p')?.edits[0]).toMatchObject({ before: 'b = 5', applies: false });
  });

  it('hold each edit against what earlier ones leave', () => {
    pend('p', [
      insert('n', 'a', 'x'),
      insert('m', 'n', 'y'),
      { op: 'delete', cell_id: 'b', expects: cellHash('code', 'b = 2') },
      replace('b', 'b = 2', 'z')
    ]);
    expect(view('p')?.edits.map(edit => edit.applies)).toEqual([true, true, true, false]);
    expect(view('p')?.edits.map(edit => edit.anchor)).toEqual(['a', 'n', 'b', 'b']);
  });
});

describe('level and model', () => {
  it('can only be lowered by notebook and kernel, with the reason', () => {
    host.metadata = { level: 5 };
    expect(review.level).toBe(2);
    host.metadata = { level: 0 };
    expect(review.level).toBe(0);
    expect(review.levelReason).toContain('notebook');
    host.metadata = { level: '0' };
    expect(review.level).toBe(2);
    channel.message.emit({ type: 'lowered', level: 0 });
    expect(review.level).toBe(0);
    expect(review.levelReason).toContain('kernel');
    channel.message.emit({ type: 'lowered', level: null });
    expect(review.level).toBe(2);
    choices.setLevel(0);
    channel.message.emit({ type: 'lowered', level: 2 });
    expect(review.level).toBe(0);
    expect(review.levelReason).toBe('');
  });

  it('remembers a model, and follows %llm use without remembering', () => {
    review.use('openai:x');
    expect(choices).toMatchObject({ model: 'openai:x', models: ['openai:x'] });
    expect(channel.sent.at(-1)).toEqual({ type: 'use', model: 'openai:x', role: 'propose' });
    channel.message.emit({ type: 'used', role: 'propose', model: 'other:y' });
    expect(review.model).toBe('other:y');
    expect(choices.model).toBe('openai:x');
    expect(review.models.map(choice => choice.id)).toEqual([
      'offline:rules',
      'openai:x',
      'other:y'
    ]);
  });

  it('tells a kernel in which nobody has chosen the remembered model', () => {
    choices.model = 'openai:x';
    channel.welcome([], null);
    expect(channel.sent).toEqual([{ type: 'use', model: 'openai:x', role: 'propose' }]);
    expect(review.model).toBe('openai:x');
  });

  it('explains by the model for that, and tells a kernel where its magics chose none', () => {
    choices.roles = { describe: 'ollama:words' };
    channel.welcome([], 'openai:x');
    expect(channel.sent).toEqual([{ type: 'use', model: 'ollama:words', role: 'describe' }]);
    const asked = (wants: 'edits' | 'text'): unknown => {
      review.ask('please', { wants });
      return channel.sent.at(-1);
    };
    expect(asked('text')).toMatchObject({ origin: { model: 'ollama:words' } });
    expect(asked('edits')).toMatchObject({ origin: { model: 'openai:x' } });
    channel.message.emit({ type: 'used', role: 'describe', model: '' });
    expect(asked('text')).toMatchObject({ origin: { model: 'openai:x' } });
  });

  it('tells a change of the settings, also that a role has no model of its own any more', () => {
    channel.welcome([], 'openai:x');
    choices.roles = { complete: 'ollama:quick' };
    choices.changed.emit();
    expect(channel.sent).toContainEqual({ type: 'use', model: 'ollama:quick', role: 'complete' });
    choices.roles = {};
    choices.changed.emit();
    expect(channel.sent.slice(-3)).toContainEqual({ type: 'use', model: '', role: 'complete' });
  });

  it.each(['other:y', 'offline:rules'])('takes %s where the kernel names it', model => {
    choices.model = 'openai:x';
    channel.welcome([], model);
    expect(review.model).toBe(model);
    expect(channel.sent).toEqual([]);
    expect(choices.model).toBe('openai:x');
  });
});
