import { beforeEach, describe, expect, it } from 'vitest';

import { PROVENANCE_KEY, type DecideRequested } from '../../protocol.gen';
import { RunGuard } from '../guard';

const request = (more: Partial<DecideRequested> = {}): DecideRequested => ({
  type: 'decide_requested',
  proposal_id: 'ab12cd',
  verdict: 'accepted',
  cell_id: 'c1',
  ...more
});

describe('RunGuard', () => {
  let now = 0;
  let guard: RunGuard;
  const run = (source: string, metadata = {}, byHand = true): void =>
    guard.scheduled({ id: 'c1', source, metadata, byHand });

  beforeEach(() => {
    now = 1_000_000;
    guard = new RunGuard(() => now);
  });

  it('does not hear a cell that script in the page ran', () => {
    run('%llm accept', {}, false);
    expect(guard.allows(request())).toBe(false);
  });

  it('knows nothing of a cell that was not run here', () => {
    expect(guard.allows(request())).toBe(false);
    run('%llm accept');
    expect(guard.allows(request({ cell_id: 'c2' }))).toBe(false);
    expect(guard.allows(request({ cell_id: null }))).toBe(false);
  });

  it.each(['%llm accept', '  %llm  accept ', '%llm accept ab12', '%llm accept ab12cd\nx = 1'])(
    'allows %j once',
    source => {
      run(source);
      expect(guard.allows(request())).toBe(true);
      expect(guard.allows(request())).toBe(false);
    }
  );

  it.each([
    'x = 1\n%llm accept',
    '# %llm accept',
    '%llm acceptance',
    '%llm reject',
    '%llm accept ff',
    'get_ipython().run_line_magic("llm", "accept")'
  ])('does not allow %j', source => {
    run(source);
    expect(guard.allows(request())).toBe(false);
  });

  it('holds the verdict to the text', () => {
    run('%llm reject');
    expect(guard.allows(request({ verdict: 'accepted' }))).toBe(false);
    expect(guard.allows(request({ verdict: 'rejected' }))).toBe(true);
  });

  it('does not listen to a cell that a model wrote', () => {
    run('%llm accept', { [PROVENANCE_KEY]: { proposal: 'x' } });
    expect(guard.allows(request())).toBe(false);
  });

  it('forgets a run when the cell runs again with another text', () => {
    run('%llm accept');
    run('x = 1');
    expect(guard.allows(request())).toBe(false);
  });

  it('takes a late message, and none long after the run', () => {
    run('%llm accept');
    now += 60_000;
    guard.executed('c1');
    now += 2_000;
    expect(guard.allows(request())).toBe(true);
    run('%llm accept');
    guard.executed('c1');
    now += 4_000;
    expect(guard.allows(request())).toBe(false);
  });
});
