// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { ILimit } from '../../autonomy';
import { Arming, WATCH_MS } from '../arming';
import { Ceiling } from '../ceiling';
import { Gestures, isPersons } from '../gestures';
import { TestChoices } from './helpers';

let answer: unknown;
let limits: ILimit[];
let choices: TestChoices;
let arming: Arming;
let range: HTMLInputElement;
let root: HTMLElement;
let isByHand: boolean;

const FREE = { level: 4, where: '', problem: '' };

const slider = (): HTMLInputElement =>
  Object.assign(document.createElement('input'), { type: 'range', min: '0', max: '4' });

/** An event as script makes it; counted as a person's where the test says so. */
const slide = async (level: number): Promise<void> => {
  range.value = String(level);
  range.dispatchEvent(new Event('input', { bubbles: true }));
  await vi.advanceTimersByTimeAsync(0);
};

beforeEach(() => {
  vi.useFakeTimers();
  root = document.createElement('div');
  range = slider();
  const elsewhere = document.createElement('b');
  for (const mark of [document.createElement('i'), elsewhere]) {
    mark.dataset.level = '4';
    root.append(mark);
  }
  root.append(range);
  document.body.replaceChildren(root, elsewhere);
  answer = FREE;
  limits = [];
  isByHand = true;
  choices = new TestChoices();
  choices.level = 3;
  choices.autoRun = { runs: 2, minutes: 5 };
  const gestures = new Gestures(
    document,
    () => [],
    event => isByHand || isPersons(event)
  );
  const ceiling = new Ceiling(() => Promise.resolve(answer));
  arming = new Arming({
    gestures,
    ceiling,
    choices,
    limits: () => [...(ceiling.limit ? [ceiling.limit] : []), ...limits],
    now: () => Date.now(),
    changed: () => undefined
  });
  arming.control(root);
});

afterEach(() => {
  arming.dispose();
  vi.useRealTimers();
});

describe('a person’s hand', () => {
  it('arms at the slider or at its mark, and lowers again', async () => {
    await slide(4);
    expect(arming.budget).toEqual({ runs: 2, used: 0, minutes: 5 });
    await slide(2);
    expect(arming.isArmed).toBe(false);
    expect(choices.level).toBe(2);
    root.querySelector('i')!.click();
    await vi.advanceTimersByTimeAsync(0);
    expect(arming.isArmed).toBe(true);
    // What is left when it ends.
    expect(choices.level).toBe(3);
  });

  it('is not what script does: events that it makes have no effect', async () => {
    isByHand = false;
    await slide(4);
    root.querySelector('i')!.click();
    const forged = Object.create(Event.prototype, { isTrusted: { value: true } }) as Event;
    expect(isPersons(forged)).toBe(false);
    expect(() => document.dispatchEvent(forged)).toThrow();
    await vi.advanceTimersByTimeAsync(10);
    expect(arming.isArmed).toBe(false);
    await slide(0);
    expect(choices.level).toBe(3);
  });

  it('counts on our control alone', async () => {
    document.querySelector('b')!.click();
    const other = slider();
    other.value = '4';
    document.body.append(other);
    other.dispatchEvent(new Event('input', { bubbles: true }));
    await vi.advanceTimersByTimeAsync(0);
    expect(arming.isArmed).toBe(false);
  });
});

describe('Auto-run', () => {
  it('is not armed where anybody limits it, and says who', async () => {
    limits = [{ level: 3, who: 'notebook', reason: 'The notebook.' }];
    await slide(4);
    expect(arming.isArmed).toBe(false);
    expect(arming.ended).toBe('Auto-run is not possible here. The notebook.');
    limits = [];
    answer = { ...FREE, level: 3, where: '/etc/f' };
    await slide(4);
    expect(arming.isArmed).toBe(false);
    expect(arming.ended).toContain('/etc/f');
  });

  it('ends by a limit, and does not come back when that is lifted', async () => {
    await slide(4);
    limits = [{ level: 2, who: 'kernel', reason: 'The kernel.' }];
    arming.check();
    limits = [];
    arming.check();
    expect(arming.isArmed).toBe(false);
    expect(arming.ended).toContain('The kernel.');
  });

  it('ends by the administrator’s file while it is armed', async () => {
    await slide(4);
    answer = { ...FREE, level: 0, where: '/etc/f' };
    await vi.advanceTimersByTimeAsync(WATCH_MS + 1);
    expect(arming.isArmed).toBe(false);
  });

  it('ends with its runs, and with its time', async () => {
    await slide(4);
    arming.use();
    arming.check();
    expect(arming.isArmed).toBe(true);
    arming.use();
    arming.check();
    expect(arming.ended).toContain('its 2 runs are used');
    await slide(3);
    await slide(4);
    expect(arming.budget?.used).toBe(0);
    // A setting that is changed meanwhile does not lengthen it.
    choices.autoRun = { runs: 1000, minutes: 1000 };
    await vi.advanceTimersByTimeAsync(5 * 60_000 + WATCH_MS);
    expect(arming.ended).toContain('its time is over');
  });

  it('ends where the settings are lowered, and is never raised by them', async () => {
    await slide(4);
    choices.setLevel(1);
    expect(arming.isArmed).toBe(false);
    choices.setLevel(4);
    await vi.advanceTimersByTimeAsync(10);
    expect(arming.isArmed).toBe(false);
  });

  it('is not armed by a gesture that another one has overtaken', async () => {
    let tell: (value: unknown) => void = () => undefined;
    const slow = new Promise(resolve => (tell = resolve));
    answer = slow;
    await slide(4);
    await slide(2);
    tell(FREE);
    await vi.advanceTimersByTimeAsync(10);
    expect(arming.isArmed).toBe(false);
  });
});
