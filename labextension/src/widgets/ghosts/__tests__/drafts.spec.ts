// @vitest-environment jsdom
import { Signal } from '@lumino/signaling';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { insert, proposal } from '../../../services/__tests__/helpers';
import type { IEditView, IReview } from '../../../tokens';
import { Notes } from '../notes';
import { Drafts } from '../drafts';
import { keyOf } from '../parts';

// What is rescued is said by JupyterLab, which wants a whole browser.
vi.mock('@jupyterlab/apputils', () => ({ Notification: { warning: vi.fn() } }));

const EDIT = insert('n', 'a', 'x = 1');
const TARGET = { proposal: 'p', key: keyOf(EDIT) };

let said: string[];
let closed: Signal<object, void>;
let drafts: Drafts;
let written: string[];

const write = (): void => {
  written = [...said];
};

beforeEach(() => {
  said = [];
  // As the page does, which is there before any ghost.
  window.addEventListener('pagehide', write);
  closed = new Signal({});
  const view = { index: 0, edit: EDIT, applies: true } as unknown as IEditView;
  const shown = proposal('p', [EDIT]);
  const review = {
    panel: { content: { disposed: closed } },
    proposals: [{ proposal: shown, edits: [view] }],
    version: () => shown,
    revise: (_: string, __: number, text: string) => said.push(text)
  } as unknown as IReview;
  const notes = new Notes();
  drafts = new Drafts(review, notes, () => undefined);
  drafts.begin('p', view);
  const draft = [...notes.drafts.values()][0]!;
  draft.text = 'x = 12';
  drafts.typed(TARGET, draft);
  expect(said).toEqual([]);
});

afterEach(() => {
  window.removeEventListener('pagehide', write);
});

describe('what was typed in a ghost a moment ago', () => {
  it.each([
    ['the ghosts go', () => drafts.dispose()],
    ['the notebook is closed', () => closed.emit()]
  ])('is told when %s', (_, happens) => {
    happens();
    expect(said).toEqual(['x = 12']);
  });

  it('is told before what the page keeps is written for the last time', () => {
    window.dispatchEvent(new Event('pagehide'));
    expect(written).toEqual(['x = 12']);
  });
});
