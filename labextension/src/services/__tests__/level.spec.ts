import { describe, expect, it } from 'vitest';

import type { ILimit } from '../../autonomy';
import type { Isolation, Level } from '../../protocol.gen';
import { Ceiling } from '../ceiling';
import { effectiveLevel, limitsOf, type ILimiting } from '../level';
import { FORKED } from './helpers';

const NOBODY: ILimiting = { ceiling: null, lowered: null, metadata: undefined, isolation: FORKED };
const NONE: Isolation = { ...FORKED, tier: 'none', lacks: ['No Landlock.'] };

const at = (chosen: Level, more: Partial<ILimiting> = {}): ReturnType<typeof effectiveLevel> =>
  effectiveLevel(chosen, limitsOf({ ...NOBODY, ...more }));

describe('the level in effect', () => {
  it('is the person’s own where nobody limits it', () => {
    for (const level of [0, 1, 2, 3, 4] as const) {
      expect(at(level)).toEqual({ level, reason: '' });
    }
    expect(at(4, { isolation: undefined }).level).toBe(4);
  });

  it('is the lowest of all, and says whose that is', () => {
    const ceiling: ILimit = { level: 2, who: 'administrator', reason: 'The administrator.' };
    const limits = limitsOf({ ceiling, lowered: 1, metadata: { level: 3 }, isolation: NONE });
    expect(limits.map(({ who }) => who)).toEqual([
      'kernel',
      'administrator',
      'isolation',
      'notebook'
    ]);
    expect(at(4, { ceiling })).toEqual({ level: 2, reason: 'The administrator.' });
    expect(at(4, { ceiling, lowered: 1 }).reason).toContain('%llm level');
    expect(at(4, { metadata: { level: 3 } }).reason).toContain('llm_notebook.level');
    expect(at(4, { isolation: NONE }).reason).toContain('No Landlock.');
    expect(at(4, { isolation: null }).level).toBe(2);
    // Nobody raises.
    expect(at(1, { ceiling, lowered: 3, metadata: { level: 4 } })).toEqual({
      level: 1,
      reason: ''
    });
  });

  it('counts a notebook’s level that cannot be read as Preview', () => {
    for (const level of ['4', true, NaN, {}, [4]]) {
      expect(at(4, { metadata: { level } }).level).toBe(3);
    }
    expect(at(4, { metadata: { level: 3.9 } }).level).toBe(3);
    expect(at(4, { metadata: { level: -1 } }).level).toBe(0);
    expect(at(4, { metadata: { level: 99 } }).level).toBe(4);
    expect(at(4, { metadata: 'none' }).level).toBe(4);
  });
});

describe('the administrator’s ceiling', () => {
  const read = async (answer: () => Promise<unknown>): Promise<ILimit | null> => {
    const ceiling = new Ceiling(answer);
    expect(ceiling.limit?.level).toBe(3);
    await ceiling.read();
    return ceiling.limit;
  };
  const says = (answer: unknown): Promise<ILimit | null> => read(() => Promise.resolve(answer));

  it('is what the server says', async () => {
    expect(await says({ level: 4, where: '', problem: '' })).toBeNull();
    expect(await says({ level: 2, where: '/etc/x.json', problem: '' })).toMatchObject({
      level: 2,
      reason: 'The administrator allows no more than Propose (/etc/x.json).'
    });
    const broken = await says({ level: 3, where: '/etc/x.json', problem: 'It is not JSON.' });
    expect(broken?.reason).toContain('/etc/x.json counts as Preview. It is not JSON.');
  });

  it('is Preview where the server does not say, or says nonsense', async () => {
    for (const answer of [null, 4, {}, { level: 5, where: '', problem: '' }, { level: '4' }]) {
      expect((await says(answer))?.level).toBe(3);
    }
    expect((await read(() => Promise.reject(new Error('404'))))?.level).toBe(3);
  });
});
