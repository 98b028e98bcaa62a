// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';

import { editsHash } from '../../hash';
import { PROVENANCE_KEY } from '../../protocol.gen';
import { SAID_MS } from '../auto-run';
import { PAUSE_MS } from '../judging';
import {
  EDITS,
  allowed,
  asked,
  atAutoRun,
  channel,
  choices,
  decisions,
  fate,
  host,
  judged,
  review,
  slide,
  tried,
  wait
} from './auto-run-world';
import { contents, insert, proposal } from './helpers';

atAutoRun();

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

  it('Stop leaves the person’s own cell alone, also after one of its own was deleted', async () => {
    await allowed();
    host.cellScheduled.emit({ id: 'n', source: 'z = 1', metadata: {}, byHand: true });
    host.shared.deleteCell(host.shared.cells.findIndex(({ id }) => id === 'n'));
    host.cellScheduled.emit({ id: 'a', source: 'a = 1', metadata: {}, byHand: true });
    review.autonomy.stop();
    expect(host.interrupted).toBe(0);
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

describe('what an undo could not put back', () => {
  it('is said before the step runs, and stays with it', async () => {
    channel.notKept = [{ name: 'model', why: 'It is no frame, array or plain value.' }];
    await allowed();
    await wait(SAID_MS - 200);
    expect(host.shared.cells).toHaveLength(2);
    expect(review.wayBack.note).toBe('An undo will not put back model.');
    await wait(400);
    expect(host.shared.cells).toHaveLength(3);
    expect(review.autonomy.happened[0]!.evidence).toContain('an undo will not put back model');
  });

  it('leaves time to stop it', async () => {
    channel.notKept = [{ name: 'model', why: 'It is no frame, array or plain value.' }];
    await allowed();
    await wait(SAID_MS - 200);
    review.autonomy.stop();
    await wait(SAID_MS);
    expect(host.shared.cells).toHaveLength(2);
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
