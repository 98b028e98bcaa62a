import { beforeEach, describe, expect, it } from 'vitest';

import { cellHash } from '../../hash';
import { PROVENANCE_KEY, type Edit, type Proposal } from '../../protocol.gen';
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

const BEFORE = 'a = 1\nb = 2\nc = 3';
const AFTER = 'a = 10\nb = 2\nc = 30';

let now = 5_000_000;
let channel: TestChannel;
let host: TestHost;
let review: Review;

function open(isDocumentWide: boolean): void {
  channel = new TestChannel();
  host = new TestHost(
    notebook({ a: BEFORE, b: 'b = 2', c: 'c = 3', d: '# words' }, !isDocumentWide)
  );
  review = new Review({
    ...authority(),
    panel: {} as never,
    host,
    channel,
    choices: new TestChoices(),
    nextFrame: () => undefined,
    now: () => now
  });
  channel.welcome();
}

const look = (): void => {
  void review.proposals;
  now += INERT_MS;
};
const pend = (id: string, edits: Edit[], more: Partial<Proposal> = {}): void => {
  channel.change(proposal(id, edits, more));
  look();
};
const shown = (id: string): Proposal =>
  review.proposals.find(view => view.proposal.id === id)!.proposal;
const canTakeBack = (id: string): boolean =>
  review.proposals.find(view => view.proposal.id === id)!.canTakeBack;
const cell = (id: string) => host.shared.cells.find(one => one.id === id)!;
const whole = (): string => JSON.stringify(host.shared.toJSON());
const remove = (id: string, source: string): Edit => ({
  op: 'delete',
  cell_id: id,
  expects: cellHash('code', source)
});
const move = (id: string, source: string, after: string | null): Edit => ({
  op: 'move',
  cell_id: id,
  expects: cellHash('code', source),
  after
});

beforeEach(() => open(false));

describe('undo of the notebook', () => {
  it('takes a part back, so that it waits with the rest again; redo accepts it again', async () => {
    const edits = [replace('a', BEFORE, AFTER), insert('n', 'b', 'n = 1')];
    pend('p', edits);
    await review.accept('p', { part: { edit: 0, hunk: 1 } });
    expect(cell('a').getSource()).toBe('a = 1\nb = 2\nc = 30');
    expect(channel.sent.at(-1)).toMatchObject({
      verdict: 'accepted',
      edits: [replace('a', BEFORE, 'a = 1\nb = 2\nc = 30')],
      rest: [replace('a', 'a = 1\nb = 2\nc = 30', AFTER), edits[1]]
    });
    host.shared.undo();
    expect(cell('a').getSource()).toBe(BEFORE);
    expect(shown('p')).toMatchObject({ status: 'pending', edits, taken: [] });
    expect(channel.sent.at(-1)).toMatchObject({
      verdict: 'reopened',
      edits: [replace('a', BEFORE, 'a = 1\nb = 2\nc = 30')],
      rest: edits
    });
    host.shared.redo();
    expect(shown('p').edits).toEqual([replace('a', 'a = 1\nb = 2\nc = 30', AFTER), edits[1]]);
    expect(shown('p').taken).toHaveLength(1);
  });

  it('keeps what was rejected in between rejected', async () => {
    pend('p', [replace('a', BEFORE, AFTER), insert('n', 'b', 'n = 1')]);
    await review.accept('p', { part: { edit: 0 } });
    review.reject('p', { edit: 0 });
    expect(shown('p').status).toBe('accepted');
    host.shared.undo();
    expect(shown('p')).toMatchObject({ status: 'pending', edits: [replace('a', BEFORE, AFTER)] });
    host.shared.redo();
    expect(shown('p').status).toBe('accepted');
  });
});

describe('taking back', () => {
  it('is one step, after other edits, and gives everything back', async () => {
    const before = whole();
    pend('p', [
      replace('a', BEFORE, AFTER),
      remove('b', 'b = 2'),
      move('c', 'c = 3', null),
      insert('n', 'a', 'n = 1')
    ]);
    expect((await review.accept('p')).outcome).toBe('accepted');
    const accepted = whole();
    host.shared.insertCell(4, { cell_type: 'code', id: 'mine', source: 'mine' });
    expect(canTakeBack('p')).toBe(true);
    expect(review.takeBack('p')).toEqual({ outcome: 'accepted' });
    expect(contents(host.shared)[4]).toBe('mine code mine');
    host.shared.deleteCell(4);
    expect(whole()).toBe(before);
    expect(shown('p').status).toBe('pending');
    expect(canTakeBack('p')).toBe(false);
    expect(channel.sent.at(-1)).toMatchObject({ type: 'decided', verdict: 'reopened' });
    look();
    // The steps: the person's delete, the taking back, the person's cell, the accept.
    host.shared.undo();
    host.shared.undo();
    expect(shown('p').status).toBe('accepted');
    expect(canTakeBack('p')).toBe(true);
    host.shared.undo();
    expect(whole()).toBe(accepted);
    host.shared.undo();
    expect(whole()).toBe(before);
    expect(shown('p').status).toBe('pending');
  });

  it('takes all parts of it, and restores provenance that was there', async () => {
    cell('a').setMetadata(PROVENANCE_KEY, { proposal: 'old' });
    const before = whole();
    const edits = [replace('a', BEFORE, AFTER), insert('n', 'b', 'n = 1')];
    pend('p', edits);
    for (const part of [{ edit: 0, hunk: 0 }, { edit: 0, hunk: 0 }, { edit: 0 }]) {
      expect((await review.accept('p', { part })).outcome).toBe('accepted');
      look();
    }
    expect(shown('p').status).toBe('accepted');
    expect(cell('a').getMetadata(PROVENANCE_KEY)).toMatchObject({ proposal: 'p', edited: false });
    expect(review.takeBack('p').outcome).toBe('accepted');
    expect(whole()).toBe(before);
    expect(shown('p')).toMatchObject({ status: 'pending', taken: [] });
    look();
    expect((await review.accept('p')).outcome).toBe('accepted');
    expect(cell('a').getSource()).toBe(AFTER);
    expect(cell('n').getSource()).toBe('n = 1');
  });

  it.each<[string, Edit[], () => void]>([
    ['a replaced cell was edited', [replace('b', 'b = 2', 'B')], () => cell('b').setSource('x')],
    ['an inserted cell was edited', [insert('n', 'b', 'N')], () => cell('n').setSource('x')],
    ['an inserted cell was deleted', [insert('n', 'b', 'N')], () => host.shared.deleteCell(2)],
    ['a moved cell was moved', [move('c', 'c = 3', null)], () => host.shared.moveCell(0, 2)],
    ['a moved cell was deleted', [move('c', 'c = 3', null)], () => host.shared.deleteCell(0)],
    [
      'a replaced cell was locked',
      [replace('b', 'b = 2', 'B')],
      () => cell('b').setMetadata('editable', false)
    ]
  ])('is refused where %s', async (_, edits, change) => {
    pend('p', [insert('other', null, 'o'), ...edits].slice(edits[0]!.op === 'move' ? 1 : 0));
    await review.accept('p');
    if (edits[0]!.op === 'insert' && host.shared.cells[2]!.id !== 'n') {
      host.shared.moveCell(
        host.shared.cells.findIndex(one => one.id === 'n'),
        2
      );
    }
    change();
    const before = whole();
    const result = review.takeBack('p');
    expect(result).toMatchObject({ outcome: 'refused' });
    expect((result as { reason: string }).reason).toMatch(/(changed|moved|deleted) since|marked/);
    expect(whole()).toBe(before);
    expect(shown('p').status).toBe('accepted');
  });

  it('lets a moved cell keep what was typed into it since', async () => {
    pend('p', [move('c', 'c = 3', null)]);
    await review.accept('p');
    cell('c').setSource('typed');
    expect(review.takeBack('p').outcome).toBe('accepted');
    expect(contents(host.shared).map(line => line.split(' ')[0])).toEqual(['a', 'b', 'c', 'd']);
    expect(cell('c').getSource()).toBe('typed');
  });

  it('is gone where nothing was accepted in this page', () => {
    pend('p', [insert('n', 'a', 'x')]);
    expect(review.takeBack('p').outcome).toBe('gone');
    expect(canTakeBack('p')).toBe(false);
  });
});

describe.each([
  ['a history of each cell', false],
  ['one history of the notebook', true]
])('Ctrl+Z in a replaced cell, with %s', (_, isDocumentWide) => {
  beforeEach(() => open(isDocumentWide));

  const type = (text: string): void => {
    cell('a').updateSource(0, 0, text);
  };

  it('takes the replaced text back, and it waits again; redo brings it again', async () => {
    pend('p', [replace('a', BEFORE, AFTER)]);
    await review.accept('p');
    cell('a').undo();
    expect(cell('a').getSource()).toBe(BEFORE);
    expect(cell('a').getMetadata(PROVENANCE_KEY)).toBeUndefined();
    expect(shown('p').status).toBe('pending');
    cell('a').redo();
    expect(cell('a').getSource()).toBe(AFTER);
    expect(shown('p').status).toBe('accepted');
    cell('a').undo();
    expect(cell('a').getSource()).toBe(BEFORE);
    expect(shown('p').status).toBe('pending');
  });

  it('takes what was typed after it first, and what was typed before it last', async () => {
    type('# before\n');
    pend('p', [replace('a', `# before\n${BEFORE}`, `# before\n${AFTER}`)]);
    await review.accept('p');
    type('# after\n');
    cell('a').undo();
    expect(cell('a').getSource()).toBe(`# before\n${AFTER}`);
    expect(shown('p').status).toBe('accepted');
    cell('a').undo();
    expect(cell('a').getSource()).toBe(`# before\n${BEFORE}`);
    expect(shown('p').status).toBe('pending');
    cell('a').undo();
    expect(cell('a').getSource()).toBe(BEFORE);
    cell('a').redo();
    cell('a').redo();
    expect(cell('a').getSource()).toBe(`# before\n${AFTER}`);
    cell('a').redo();
    expect(cell('a').getSource()).toBe(`# after\n# before\n${AFTER}`);
  });

  it('goes hunk by hunk where they were accepted so', async () => {
    pend('p', [replace('a', BEFORE, AFTER)]);
    await review.accept('p', { part: { edit: 0, hunk: 0 } });
    look();
    await review.accept('p', { part: { edit: 0, hunk: 0 } });
    cell('a').undo();
    expect(cell('a').getSource()).toBe('a = 10\nb = 2\nc = 3');
    expect(shown('p')).toMatchObject({ status: 'pending' });
    cell('a').undo();
    expect(cell('a').getSource()).toBe(BEFORE);
    expect(shown('p')).toMatchObject({ edits: [replace('a', BEFORE, AFTER)], taken: [] });
  });
});

describe('Ctrl+Z in one of several replaced cells', () => {
  it('takes back that cell alone, also after other accepts', async () => {
    pend('p', [replace('a', BEFORE, AFTER), replace('b', 'b = 2', 'B')]);
    await review.accept('p');
    pend('q', [insert('n', 'c', 'n')]);
    await review.accept('q');
    cell('a').undo();
    expect(cell('a').getSource()).toBe(BEFORE);
    expect(cell('b').getSource()).toBe('B');
    expect(shown('p')).toMatchObject({
      status: 'pending',
      edits: [replace('a', BEFORE, AFTER)],
      taken: [replace('b', 'b = 2', 'B')]
    });
    cell('a').redo();
    expect(cell('a').getSource()).toBe(AFTER);
    expect(shown('p').status).toBe('accepted');
    // And then all of it, each once.
    expect(review.takeBack('p').outcome).toBe('accepted');
    expect(contents(host.shared).slice(0, 2)).toEqual([`a code ${BEFORE}`, 'b code b = 2']);
  });

  it('does nothing of ours where the cell was changed by somebody else', async () => {
    pend('p', [replace('a', BEFORE, AFTER), replace('b', 'b = 2', 'B')]);
    await review.accept('p');
    host.shared.ydoc.transact(() => cell('a').ysource.insert(0, 'theirs '), 'remote');
    cell('a').undo();
    expect(cell('a').getSource()).toBe(`theirs ${AFTER}`);
    expect(shown('p').status).toBe('accepted');
  });

  it('is nothing of ours after an undo of the notebook', async () => {
    cell('a').updateSource(0, 0, '# typed\n');
    const typed = `# typed\n${BEFORE}`;
    pend('p', [replace('a', typed, AFTER)]);
    await review.accept('p');
    host.shared.undo();
    expect(cell('a').getSource()).toBe(typed);
    cell('a').undo();
    expect(cell('a').getSource()).toBe(BEFORE);
  });
});
