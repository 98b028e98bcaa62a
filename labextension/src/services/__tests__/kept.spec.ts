import type { IStateDB } from '@jupyterlab/statedb';
import { StateDB } from '@jupyterlab/statedb';
import type { YNotebook } from '@jupyter/ydoc';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { editsHash } from '../../hash';
import { PROVENANCE_KEY, type Proposal } from '../../protocol.gen';
import type { IProposalView } from '../../tokens';
import { INERT_MS } from '../decisions';
import { fetchKept, WRITE_MS } from '../keeping';
import { MOST, read } from '../kept';
import { originOf } from '../origins';
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

const CELLS = { a: 'a = 1', b: 'b = 2', c: 'c = 3\nd = 4\ne = 5' };
const NEW = 'c = 30\nd = 4\ne = 50';

let now: number;
let store: IStateDB;
let channel: TestChannel;
let host: TestHost;
let review: Review;

/** A page with the notebook as its file has it. */
async function page(shared: YNotebook, path = 'n.ipynb'): Promise<void> {
  channel = new TestChannel();
  channel.open = false;
  host = new TestHost(shared);
  host.path = path;
  review = new Review({
    ...authority(),
    panel: {} as never,
    host,
    channel,
    choices: new TestChoices(),
    kept: { store, text: await fetchKept(store, path) },
    nextFrame: () => undefined,
    now: () => now
  });
}
/** The kernel is there. */
function connect(proposals: Proposal[] = []): void {
  channel.open = true;
  channel.welcome(proposals);
}
async function end(): Promise<void> {
  review.dispose();
  await vi.advanceTimersByTimeAsync(WRITE_MS);
}
const saved = (shared: YNotebook): YNotebook => {
  const copy = notebook({});
  copy.fromJSON(shared.toJSON());
  return copy;
};
const look = (): void => {
  void review.proposals;
  now += INERT_MS;
};
const view = (id: string): IProposalView | undefined =>
  review.proposals.find(item => item.proposal.id === id);
const status = (id: string): string | undefined => view(id)?.proposal.status;
const decided = (): unknown[] =>
  channel.sent.flatMap(message => (message.type === 'decided' ? [message.verdict] : []));

beforeEach(async () => {
  vi.useFakeTimers();
  now = 5_000_000;
  store = new StateDB();
  await page(notebook(CELLS));
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a reload', () => {
  it('keeps words and proposals, to be read and decided without a kernel', async () => {
    connect();
    review.setWords('half a sent');
    const edits = [insert('n', 'a', 'x'), replace('c', CELLS.c, NEW)];
    channel.change(proposal('p', edits, { title: 'Kept' }));
    channel.change(proposal('q', [insert('m', 'b', 'y')]));
    await end();
    await page(notebook(CELLS));
    expect(review.words).toBe('half a sent');
    expect(view('p')).toMatchObject({ acceptable: true, proposal: { title: 'Kept', edits } });
    look();
    expect((await review.accept('p', { part: { edit: 1, hunk: 0 } })).outcome).toBe('accepted');
    review.reject('q');
    expect(channel.sent).toEqual([]);
    host.saving.emit();
    host.saved.emit();
    const file = saved(host.shared);
    await end();
    // Yet another page, and now the kernel comes: it is told what was decided.
    await page(file);
    const rest = view('p')!.proposal.edits;
    expect(rest).toEqual([edits[0], replace('c', 'c = 30\nd = 4\ne = 5', NEW)]);
    connect([proposal('p', edits), proposal('q', [insert('m', 'b', 'y')])]);
    expect(decided()).toEqual(['accepted', 'rejected']);
    expect(channel.sent.find(message => message.type === 'decided')).toMatchObject({
      proposal_id: 'p',
      edits_hash: editsHash(edits),
      rest
    });
    expect(status('p')).toBe('pending');
    expect(status('q')).toBe('rejected');
  });

  it('keeps what was taken out of the context, and reads a record from before that was kept', async () => {
    connect();
    const origin = originOf({ prompt: 'plot', model: 'm:x', without: ['cell:a'] });
    channel.change(proposal('p', [insert('n', 'a', 'x')], { origin }));
    channel.change(
      proposal('q', [insert('m', 'b', 'y')], { origin: { ...origin, without: undefined } as never })
    );
    await end();
    await page(notebook(CELLS));
    expect(view('p')?.proposal.origin.without).toEqual(['cell:a']);
    expect(view('q')?.proposal.origin.without).toEqual([]);
  });

  it('offers an accept again that was never saved', async () => {
    connect();
    const edits = [insert('n', 'a', 'x'), replace('c', CELLS.c, NEW)];
    channel.change(proposal('p', edits));
    look();
    await review.accept('p', { part: { edit: 0 } });
    channel.change(proposal('p', edits.slice(1), { taken: edits.slice(0, 1) }));
    look();
    await review.accept('p');
    channel.change(proposal('p', edits.slice(1), { status: 'accepted', taken: edits }));
    await end();
    await page(notebook(CELLS));
    expect(view('p')).toMatchObject({ acceptable: true, proposal: { edits, taken: [] } });
    connect();
    expect(decided()).toEqual(['reopened']);
    expect(channel.sent.at(-1)).toMatchObject({ edits, rest: edits });
    expect(status('p')).toBe('pending');
  });

  it('does not open again what was accepted and saved after the last word was kept', async () => {
    connect();
    const edits = [insert('n', 'a', 'x')];
    channel.change(proposal('p', edits));
    look();
    await review.accept('p');
    channel.change(proposal('p', edits, { status: 'accepted' }));
    await end();
    await page(notebook(CELLS));
    await vi.advanceTimersByTimeAsync(WRITE_MS);
    const early = await fetchKept(store, 'n.ipynb');
    look();
    await review.accept('p');
    const file = saved(host.shared);
    await end();
    // JupyterLab writes what it is given a moment later: the page was gone before.
    store = new StateDB();
    await store.save('llm-notebook-kept:n.ipynb', { at: 1, text: early as string });
    await page(file);
    connect();
    expect(status('p')).toBe('accepted');
    expect(decided()).toEqual([]);
  });

  it('says nothing more of an accept that was saved and heard', async () => {
    connect();
    channel.change(proposal('p', [insert('n', 'a', 'x')]));
    look();
    await review.accept('p');
    host.saving.emit();
    host.saved.emit();
    channel.change(proposal('p', [insert('n', 'a', 'x')], { status: 'accepted' }));
    const file = saved(host.shared);
    await end();
    expect((await store.list('llm-notebook-kept')).ids).toEqual([]);
    await page(file);
    expect(review.proposals).toEqual([]);
  });

  it('says nothing more of one that the notebook holds, and knows its words still', async () => {
    connect();
    channel.change(
      proposal('q', [], {
        status: 'asking',
        suggestions: [{ label: 'City', prompt: 'plot by city' }],
        origin: originOf({ prompt: 'plot', model: 'm:x' })
      })
    );
    const id = review.choose('q', 0)!;
    const origin = originOf({ prompt: 'plot by city', model: 'm:x', clarifies: 'q' });
    channel.change(proposal('q', [], { ...view('q')!.proposal, status: 'answered' }));
    channel.change(proposal(id, [insert('m', 'b', 'y')], { origin }));
    channel.change(proposal('p', [insert('n', 'a', 'x')]));
    look();
    await review.accept('p');
    channel.change(proposal('p', [insert('n', 'a', 'x')], { status: 'accepted' }));
    const file = saved(host.shared);
    await end();
    await page(file);
    expect(review.proposals.map(item => item.proposal.id)).toEqual([id]);
    look();
    await review.accept(id);
    const cell = host.shared.cells.find(one => one.id === 'm')!;
    expect(cell.getMetadata(PROVENANCE_KEY)).toMatchObject({ prompt: 'plot\nplot by city' });
  });

  it('does not take for saved what was accepted while the file was written', async () => {
    connect();
    channel.change(proposal('p', [insert('n', 'a', 'x')]));
    look();
    host.saving.emit();
    await review.accept('p');
    host.saved.emit();
    channel.change(proposal('p', [insert('n', 'a', 'x')], { status: 'accepted' }));
    await end();
    await page(notebook(CELLS));
    expect(status('p')).toBe('pending');
  });

  it('applies nothing twice: what the notebook holds was accepted', async () => {
    connect();
    const edits = [insert('n', 'a', 'x'), replace('c', CELLS.c, NEW), insert('m', 'b', 'y')];
    channel.change(proposal('p', edits));
    look();
    await review.accept('p', { part: { edit: 0 } });
    look();
    await review.accept('p', { part: { edit: 0, hunk: 0 } });
    const file = saved(host.shared);
    const before = contents(file);
    // Neither page nor session remember.
    store = new StateDB();
    await page(file);
    connect([proposal('p', edits)]);
    expect(contents(host.shared)).toEqual(before);
    expect(decided()).toEqual(['accepted']);
    expect(view('p')!.proposal).toMatchObject({
      status: 'pending',
      edits: [replace('c', 'c = 30\nd = 4\ne = 5', NEW), insert('m', 'b', 'y')],
      taken: [edits[0], replace('c', CELLS.c, 'c = 30\nd = 4\ne = 5')]
    });
    expect(view('p')!.acceptable).toBe(true);
  });

  it('ends a draft clearly, unless the session goes on with it', async () => {
    connect();
    const one = review.ask('first')!;
    const two = review.ask('second')!;
    await end();
    await page(notebook(CELLS));
    expect(view(one)?.proposal).toMatchObject({ status: 'failed', origin: { prompt: 'first' } });
    connect([proposal(two, [], { status: 'drafting', title: 'So far' })]);
    expect(view(two)?.proposal).toMatchObject({ status: 'drafting', title: 'So far' });
  });

  it('shows the other versions too', async () => {
    connect();
    channel.change(proposal('p', [insert('n', 'a', 'x')]));
    channel.change(proposal('p2', [insert('n', 'a', 'xx')], { root: 'p', version: 2 }));
    await end();
    await page(notebook(CELLS));
    expect(review.proposals.map(item => item.versions)).toEqual([['p', 'p2']]);
  });
});

describe('where the session knows otherwise', () => {
  it('its word holds for what was decided in another window', async () => {
    connect();
    const edits = [replace('c', CELLS.c, NEW), insert('n', 'a', 'x')];
    channel.change(proposal('p', edits));
    look();
    channel.open = false;
    await review.accept('p', { part: { edit: 0, hunk: 0 } });
    await end();
    await page(notebook(CELLS));
    connect([proposal('p', [insert('n', 'a', 'x')], { taken: [edits[0]!] })]);
    expect(view('p')!.proposal.edits).toEqual([insert('n', 'a', 'x')]);
    expect(decided()).toEqual([]);
  });

  it('what it does not list stays, is decided here and told to nobody', async () => {
    connect();
    channel.change(proposal('p', [insert('n', 'a', 'x')]));
    await end();
    await page(notebook(CELLS));
    connect();
    look();
    expect((await review.accept('p')).outcome).toBe('accepted');
    expect(decided()).toEqual([]);
  });
});

describe('the record', () => {
  it('follows a rename', async () => {
    connect();
    review.setWords('mine');
    await vi.advanceTimersByTimeAsync(WRITE_MS);
    expect(await fetchKept(store, 'n.ipynb')).toContain('mine');
    host.path = 'new.ipynb';
    host.renamed.emit('new.ipynb');
    expect(channel.sent.at(-1)).toEqual({ type: 'renamed', notebook: 'new.ipynb' });
    await end();
    expect(await fetchKept(store, 'n.ipynb')).toBeUndefined();
    await page(notebook(CELLS), 'new.ipynb');
    expect(review.words).toBe('mine');
  });

  it('is written once in a while, and taken away when there is nothing to keep', async () => {
    const save = vi.spyOn(store, 'save');
    for (const words of ['a', 'ab', 'abc']) {
      review.setWords(words);
    }
    await vi.advanceTimersByTimeAsync(WRITE_MS);
    expect(save).toHaveBeenCalledTimes(1);
    review.setWords('abc');
    await vi.advanceTimersByTimeAsync(WRITE_MS);
    expect(save).toHaveBeenCalledTimes(1);
    review.setWords('');
    await vi.advanceTimersByTimeAsync(WRITE_MS);
    expect(await fetchKept(store, 'n.ipynb')).toBeUndefined();
  });

  it('has an end: the oldest proposals go first', async () => {
    connect();
    for (let i = 0; i < 30; i++) {
      channel.change(proposal(`p${i}`, [insert(`n${i}`, 'a', 'x'.repeat(50_000))], { created: i }));
    }
    await end();
    const text = await fetchKept(store, 'n.ipynb');
    expect((text as string).length).toBeLessThan(MOST + 100_000);
    expect(read(text).entries.map(entry => entry.proposal.id)).toContain('p29');
    expect(read(text).entries.map(entry => entry.proposal.id)).not.toContain('p0');
  });

  it('of few notebooks is kept, those written last', async () => {
    for (let i = 0; i < 40; i++) {
      await end();
      vi.setSystemTime(1_000_000 + i * 1000);
      await page(notebook(CELLS), `n${i}.ipynb`);
      review.setWords('words');
    }
    await end();
    const { ids } = await store.list('llm-notebook-kept');
    expect(ids).toHaveLength(30);
    expect(ids).toContain('llm-notebook-kept:n39.ipynb');
  });

  it.each([
    ['nothing', undefined],
    ['no text', { at: 1 }],
    ['no JSON', { text: '{' }],
    ['another version', { text: '{"version":99,"words":"x","entries":[]}' }],
    ['another shape', { text: '{"version":1,"words":4,"entries":[null,3,{"proposal":{}}]}' }],
    ['null', { text: 'null' }]
  ])('counts for nothing where it is %s', async (_, value) => {
    await store.save('llm-notebook-kept:n.ipynb', value as never);
    await page(notebook(CELLS));
    expect(review.words).toBe('');
    expect(review.proposals).toEqual([]);
  });

  it('that cannot be read or written stops nothing', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const broken = (): never => {
      throw new Error('no');
    };
    store = { fetch: broken, save: broken, remove: broken, list: broken } as unknown as IStateDB;
    await page(notebook(CELLS));
    review.setWords('words');
    await vi.advanceTimersByTimeAsync(WRITE_MS);
    expect(review.words).toBe('words');
  });
});
