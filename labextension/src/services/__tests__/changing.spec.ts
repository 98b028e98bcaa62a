import { beforeEach, describe, expect, it, vi } from 'vitest';

import { cellHash, editsHash } from '../../hash';
import { PROVENANCE_KEY } from '../../protocol.gen';
import { CLAIM_MS } from '../claims';
import { atAsking, cell, channel, host, look, pass, pend, review, view } from './asks-world';
import { contents, insert, proposal, replace } from './helpers';

atAsking();

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
    pass();
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
