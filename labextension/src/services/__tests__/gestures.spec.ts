// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';

import type { Hand } from '../../tokens';
import { Gestures } from '../gestures';

let gestures: Gestures;
let isPersons: boolean;
let seen: (Hand | null)[];

const made = (tag: string, id: string): HTMLElement =>
  Object.assign(document.createElement(tag), { id });

beforeEach(() => {
  const classed = (name: string): HTMLElement =>
    Object.assign(document.createElement('div'), { className: name });
  const card = classed('llm-Card');
  const menu = classed('lm-Menu');
  document.body.replaceChildren(card, made('button', 'other'), menu);
  card.append(made('button', 'ours'));
  menu.append(made('i', 'item'));
  isPersons = true;
  seen = [];
  const keys = [
    { command: 'llm-notebook:accept', keys: ['Y'] },
    { command: 'llm-notebook:accept-edited', keys: ['E'], selector: '.llm-Ghost button' },
    { command: 'notebook:run-cell', keys: ['Shift Enter'] }
  ];
  gestures = new Gestures(
    document,
    () => keys,
    () => isPersons
  );
  for (const node of document.querySelectorAll('button, i')) {
    node.addEventListener('click', () => seen.push(gestures.hand()));
  }
});

const click = (id: string): void => document.getElementById(id)!.click();

describe('a hand', () => {
  it('is the key or click on a part of ours, or in a menu, that is being handled', () => {
    click('ours');
    click('item');
    expect(seen.map(hand => gestures.take(hand))).toEqual([true, true]);
    expect(gestures.isRecent()).toBe(true);
    expect(gestures.hand()).toBeNull();
  });

  it('is not the person’s click on something else, which script may have waited for', () => {
    click('other');
    expect(seen).toEqual([null]);
    expect(gestures.isRecent()).toBe(false);
  });

  it('is not what script clicks, also within a click of the person’s', () => {
    isPersons = false;
    click('ours');
    document.getElementById('other')!.addEventListener('click', () => {
      isPersons = false;
      click('ours');
    });
    isPersons = true;
    click('other');
    expect(seen).toEqual([null, null, null]);
  });

  it('is the key of an accept that JupyterLab holds for a moment, in a part of ours, once', () => {
    const press = (id: string, key: string, keyCode: number): void => {
      const options = { key, keyCode, code: `Key${key}`, bubbles: true };
      document.getElementById(id)!.dispatchEvent(new KeyboardEvent('keydown', options));
    };
    press('ours', 'j', 74);
    expect(gestures.hand()).toBeNull();
    press('other', 'y', 89);
    expect(gestures.hand()).toBeNull();
    press('ours', 'y', 89);
    expect(gestures.take(gestures.hand())).toBe(true);
    expect(gestures.hand()).toBeNull();
    // Bound to an accept, but not where it was pressed.
    press('ours', 'e', 69);
    expect(gestures.hand()).toBeNull();
    document.querySelector('.llm-Card')!.classList.add('llm-Ghost');
    press('ours', 'e', 69);
    expect(gestures.take(gestures.hand())).toBe(true);
    isPersons = false;
    press('ours', 'y', 89);
    expect(gestures.hand()).toBeNull();
  });

  it('is good for one deed, and cannot be made', () => {
    click('ours');
    const [hand] = seen;
    expect(gestures.take(hand!)).toBe(true);
    expect(gestures.take(hand!)).toBe(false);
    expect(gestures.take({ at: Date.now() })).toBe(false);
    expect(gestures.take(null)).toBe(false);
  });
});
