import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { DryRun, Edit, Preview, Proposal } from '../../protocol.gen';
import type { IPreviewView } from '../../previewing';
import { originOf } from '../origins';
import { REST_MS } from '../previews';
import { Review } from '../review';
import {
  FORKED,
  insert,
  notebook,
  preview,
  proposal,
  authority,
  TestChannel,
  TestChoices,
  TestHost
} from './helpers';

let channel: TestChannel;
let host: TestHost;
let choices: TestChoices;
let review: Review;

const EDITS = [insert('n', 'a', 'print(1)')];

const runs = (): DryRun[] => channel.sent.filter(message => message.type === 'dry_run');
const stops = (): string[] =>
  channel.sent.flatMap(message => (message.type === 'stop_dry_run' ? [message.proposal_id] : []));
const tell = (told: Preview): void => {
  channel.message.emit({ type: 'previewed', preview: told });
  vi.advanceTimersByTime(1);
};
const pend = (id: string, edits: Edit[] = EDITS, more: Partial<Proposal> = {}): void => {
  channel.change(proposal(id, edits, more));
  vi.advanceTimersByTime(1);
};
const seen = (id: string): IPreviewView => {
  const view = review.proposals.find(item => item.proposal.id === id)!;
  return review.previews.of(view.proposal)!;
};

beforeEach(() => {
  vi.useFakeTimers();
  channel = new TestChannel();
  host = new TestHost(notebook({ a: 'a = 1', b: 'b = 2' }));
  choices = new TestChoices();
  choices.level = 3;
  review = new Review({
    ...authority(),
    panel: {} as never,
    host,
    channel,
    choices,
    nextFrame: callback => void setTimeout(callback),
    now: () => Date.now()
  });
  channel.welcome([], undefined, { isolation: FORKED });
});

afterEach(() => {
  review.dispose();
  vi.useRealTimers();
});

describe('by itself', () => {
  it('tries a proposal once, as soon as it is whole', () => {
    pend('p', EDITS, { status: 'drafting' });
    expect(runs()).toHaveLength(0);
    pend('p');
    expect(runs()).toHaveLength(1);
    expect(runs()[0]).toMatchObject({
      proposal_id: 'p',
      automatic: true,
      level: 3,
      budget: 5,
      sample: 0,
      snapshot: { cells: [{ id: 'a' }, { id: 'b' }] }
    });
    pend('p');
    tell(preview('p', EDITS));
    vi.advanceTimersByTime(5000);
    expect(runs()).toHaveLength(1);
  });

  it('does not where the level, the setting, the kernel or the edits say so', () => {
    choices.setLevel(2);
    pend('p');
    choices.setLevel(3);
    choices.preview = { ...choices.preview, automatic: false };
    pend('q');
    choices.preview = { ...choices.preview, automatic: true };
    channel.message.emit({ type: 'lowered', level: 2 });
    pend('r');
    expect(runs()).toHaveLength(0);
    channel.message.emit({ type: 'lowered', level: null });
    pend('s', [{ op: 'delete', cell_id: 'a', expects: 'x' }]);
    pend('t', [{ ...EDITS[0]!, cell_type: 'markdown' } as Edit]);
    expect(runs().map(run => run.proposal_id)).not.toContain('s');
    expect(runs().map(run => run.proposal_id)).not.toContain('t');
  });

  it('tries changed edits again once they have stood still, and stands by the old meanwhile', () => {
    pend('p');
    const old = preview('p', EDITS, { summary: 'old' });
    tell(old);
    review.revise('p', 0, 'print(2)');
    vi.advanceTimersByTime(REST_MS - 10);
    review.revise('p', 0, 'print(3)');
    vi.advanceTimersByTime(REST_MS - 10);
    expect(runs()).toHaveLength(1);
    expect(seen('p')).toMatchObject({ shown: old, age: 'edits' });
    vi.advanceTimersByTime(30);
    expect(runs()).toHaveLength(2);
    const now = [insert('n', 'a', 'print(3)')];
    expect(seen('p')).toMatchObject({ shown: old, age: 'edits', isGoingOn: true });
    tell(preview('p', now, { status: 'running' }));
    expect(seen('p')).toMatchObject({ shown: old, age: 'edits', isGoingOn: true });
    tell(preview('p', now, { summary: 'new' }));
    expect(seen('p')).toMatchObject({ age: '', isGoingOn: false });
    expect(seen('p').shown?.summary).toBe('new');
  });

  it('does not let the end of a replaced one hide the new one', () => {
    pend('p');
    tell(preview('p', EDITS, { status: 'running' }));
    review.revise('p', 0, 'print(2)');
    vi.advanceTimersByTime(REST_MS + 10);
    tell(preview('p', EDITS, { status: 'stopped' }));
    expect(seen('p').isGoingOn).toBe(true);
    expect(seen('p').shown).toBeNull();
  });

  it('makes one at a time', () => {
    pend('p');
    pend('q', [insert('m', 'b', 'x')]);
    expect(runs().map(run => run.proposal_id)).toEqual(['p']);
    tell(preview('p', EDITS));
    expect(runs().map(run => run.proposal_id)).toEqual(['p', 'q']);
  });

  it('ends what nobody waits for any more', () => {
    pend('p');
    review.reject('p');
    vi.advanceTimersByTime(1);
    expect(stops()).toEqual(['p']);
  });

  it('is done in the window that asked, where several have the notebook', () => {
    channel.message.emit({ type: 'windows', count: 2 });
    pend('other');
    expect(runs()).toHaveLength(0);
    const id = review.ask('plot')!;
    pend(id);
    expect(runs().map(run => run.proposal_id)).toEqual([id]);
    // A cell that was run in the other window asks here too, by the kernel's request.
    const request = {
      prompt: 'p',
      model: '',
      wants: 'edits',
      refines: null,
      clarifies: null,
      repairs: ''
    };
    channel.message.emit({
      type: 'ask_requested',
      proposal_id: 'm1',
      cell_id: 'b',
      ...request
    } as never);
    tell(preview(id, EDITS));
    pend('m1', EDITS, { origin: originOf({ prompt: 'p', model: '', face: 'magic', target: 'b' }) });
    expect(runs()).toHaveLength(1);
    // Alone again, this window does it.
    channel.message.emit({ type: 'windows', count: 1 });
    vi.advanceTimersByTime(1);
    expect(runs().length).toBeGreaterThan(1);
  });
});

describe('where there can be none', () => {
  it('falls to Propose and says why', () => {
    const lacks = ['There are no user namespaces.'];
    channel.welcome([], undefined, { isolation: { ...FORKED, tier: 'none', lacks } });
    expect(review.level).toBe(2);
    expect(review.chosenLevel).toBe(3);
    expect(review.levelReason).toContain('There are no user namespaces.');
    channel.welcome([], undefined, { isolation: null });
    expect(review.level).toBe(2);
    expect(review.levelReason).not.toBe('');
    pend('p');
    expect(runs()).toHaveLength(0);
    expect(review.previews.run('p')).not.toBe('');
    expect(runs()).toHaveLength(0);
  });

  it('says what a lower hand says', () => {
    host.metadata = { level: 2 };
    expect(review.level).toBe(2);
    expect(review.levelReason).toContain('Propose');
    host.metadata = { level: 1 };
    channel.welcome([], undefined, { isolation: null });
    expect(review.level).toBe(1);
    expect(review.levelReason).toContain('Complete');
  });
});

describe('on request', () => {
  it('runs at level Propose, on a sample, with more time, downstream', () => {
    choices.setLevel(2);
    pend('p');
    expect(review.previews.run('p', { sample: 1000, budget: 60, downstream: true })).toBe('');
    expect(runs()[0]).toMatchObject({
      automatic: false,
      sample: 1000,
      budget: 60,
      downstream: true
    });
  });

  it('is stopped', () => {
    pend('p');
    tell(preview('p', EDITS, { status: 'running' }));
    review.previews.stop('p');
    expect(stops()).toEqual(['p']);
    expect(seen('p').isStopping).toBe(true);
    tell(preview('p', EDITS, { status: 'stopped' }));
    expect(seen('p')).toMatchObject({ isGoingOn: false, isStopping: false });
  });

  it('is all there is after a restart', () => {
    pend('p');
    tell(preview('p', EDITS));
    pend('q', [insert('m', 'b', 'x')]);
    channel.lost.emit();
    channel.welcome([proposal('p', EDITS), proposal('q', [insert('m', 'b', 'x')])], undefined, {
      isolation: FORKED
    });
    vi.advanceTimersByTime(5000);
    expect(runs()).toHaveLength(2);
    expect(seen('p').age).toBe('restart');
    expect(seen('q').note).toContain('restarted');
    expect(seen('q').canRun).toBe(true);
    expect(review.previews.run('q')).toBe('');
    expect(seen('q').note).toBe('');
  });

  it('is all there is after a reload, and what the kernel kept is shown', () => {
    channel.welcome([proposal('p', EDITS), proposal('q', [insert('m', 'b', 'x')])], undefined, {
      isolation: FORKED,
      previews: [preview('p', EDITS), { status: 'nonsense' } as never]
    });
    vi.advanceTimersByTime(5000);
    expect(runs()).toHaveLength(0);
    expect(seen('p')).toMatchObject({ age: '', isGoingOn: false });
    expect(seen('q').shown).toBeNull();
  });
});

describe('what it is no longer true of', () => {
  it('says that other cells have run since', () => {
    pend('p');
    tell(preview('p', EDITS, { status: 'waiting' }));
    vi.advanceTimersByTime(2000);
    host.cellExecuted.emit('a');
    tell(preview('p', EDITS, { status: 'running' }));
    // The word of the cell that it waited for may come late.
    host.cellExecuted.emit('a');
    tell(preview('p', EDITS));
    expect(seen('p').age).toBe('');
    vi.advanceTimersByTime(2000);
    host.cellExecuted.emit('b');
    expect(seen('p').age).toBe('runs');
    review.previews.run('p');
    tell(preview('p', EDITS, { status: 'running' }));
    tell(preview('p', EDITS));
    expect(seen('p').age).toBe('');
  });

  it('takes a failure that names nobody for its own while it is owed an answer', () => {
    pend('p');
    const problem = { code: 'x', message: 'It cannot.', kept: '', next: '' };
    channel.message.emit({ type: 'failed', problem });
    expect(seen('p').note).toContain('It cannot.');
    expect(review.problem).toBeNull();
  });
});

describe('repair', () => {
  const broken = (id: string, edits = EDITS): Preview =>
    preview(id, edits, {
      status: 'failed',
      cells: [
        {
          cell: 'n',
          status: 'failed',
          outputs: [],
          error: { name: 'KeyError', message: "'x'", line: 1, traceback: '' },
          seconds: 0,
          line: 1,
          downstream: false
        }
      ]
    });

  it('is offered, and asks for the next version with the error', () => {
    pend('p');
    tell(broken('p'));
    expect(seen('p').canRepair).toBe(true);
    const id = review.previews.repair('p')!;
    expect(channel.sent.at(-1)).toMatchObject({
      type: 'ask',
      proposal_id: id,
      origin: { refines: 'p', prompt: 'Fix this error', repairs: 'asked' },
      error: null
    });
    expect(review.proposals[0]!.versions).toHaveLength(2);
  });

  it('is made by itself once, by setting', () => {
    choices.preview = { ...choices.preview, repair: 'once' };
    pend('p');
    tell(broken('p'));
    const asks = (): unknown[] => channel.sent.filter(message => message.type === 'ask');
    expect(asks()).toHaveLength(1);
    const id = review.proposals[0]!.next!.id;
    const origin = review.version(id)!.origin;
    const edits = [insert('n', 'a', 'print(4)')];
    pend(id, edits, { origin, root: 'p', version: 2 });
    tell(broken(id, edits));
    expect(asks()).toHaveLength(1);
    // A person may ask for another.
    expect(seen(id).canRepair).toBe(true);
  });

  it('is not offered where the setting says never', () => {
    choices.preview = { ...choices.preview, repair: 'never' };
    pend('p');
    tell(broken('p'));
    expect(seen('p').canRepair).toBe(false);
  });
});
