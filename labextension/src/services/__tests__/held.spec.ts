// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';

import { PROVENANCE_KEY, type Edit } from '../../protocol.gen';
import {
  EDITS,
  allowed,
  asked,
  atAutoRun,
  channel,
  choices,
  decisions,
  fate,
  gestures,
  host,
  judged,
  review,
  slide,
  tried,
  wait
} from './auto-run-world';
import { contents, insert, proposal, replace } from './helpers';

atAutoRun();

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
