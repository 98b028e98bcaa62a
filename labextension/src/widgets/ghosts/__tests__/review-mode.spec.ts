// @vitest-environment jsdom
import { Signal } from '@lumino/signaling';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { IProposalView, IReview } from '../../../tokens';
import type { Desk } from '../desk';
import { ReviewMode } from '../review-mode';

vi.mock('@jupyterlab/notebook', () => ({ NotebookActions: {} }));
vi.mock('../ghost', () => ({ Ghost: vi.fn() }));
vi.mock('../scroll', () => ({}));

let views: IProposalView[];
let focused: string | null;
let said: string[];
let mode: ReviewMode;

const view = (id: string, status: string, elsewhere = false): IProposalView =>
  ({ proposal: { id, status, edits: [] }, versions: [id], elsewhere }) as unknown as IProposalView;

const made = (parent: Element, className: string): HTMLElement => {
  const node = Object.assign(document.createElement('div'), { className, tabIndex: 0 });
  parent.append(node);
  return node;
};

const ghostOf = (id: string): HTMLElement => {
  const ghost = made(document.querySelector('.jp-NotebookPanel')!, 'llm-Ghost llm-Review');
  ghost.dataset.llmProposal = id;
  return ghost;
};

beforeEach(() => {
  document.body.replaceChildren();
  const node = made(document.body, 'jp-NotebookPanel');
  const content = { node, widgets: [], activeCell: null, deselectAll: () => undefined };
  views = [view('one', 'pending'), view('two', 'pending')];
  focused = null;
  said = [];
  const review = {
    panel: { node, content },
    get proposals() {
      return views;
    },
    get focused() {
      return focused;
    },
    focus: (id: string | null) => (focused = id)
  };
  const stage = {
    ghostOf: () => null,
    landingOf: () => null,
    cellOf: () => null,
    pending: () => ['one', 'two'],
    sync: () => undefined,
    announce: (words: string) => said.push(words)
  };
  const desk = { target: null, stand: () => undefined } as unknown as Desk;
  const full = Object.assign(review, { focusRequested: new Signal<object, string>({}) });
  mode = new ReviewMode(full as unknown as IReview, stage, desk);
  ghostOf('one').focus();
});

describe('a proposal that closes while the keyboard is on it', () => {
  it('gives the keyboard to the next one where the person rejected it', () => {
    views[0] = view('one', 'rejected');
    mode.follow();
    expect(focused).toBe('two');
    expect(said).toEqual([]);
  });

  it.each([
    ['accepted in another window', view('one', 'accepted', true)],
    ['rejected in another window', view('one', 'rejected', true)],
    ['cancelled in another window', view('one', 'cancelled', true)],
    ['failed by itself', view('one', 'failed')],
    ['superseded', view('one', 'superseded')],
    ['gone', null]
  ])('leaves to the notebook where it is %s', (_, now) => {
    views = now ? [now, views[1]!] : [views[1]!];
    mode.follow();
    expect(focused).toBeNull();
    expect(said).toEqual(['The proposal was closed, not by you. You are in the notebook.']);
  });
});

describe('a menu', () => {
  const wait = (): Promise<void> => new Promise(done => setTimeout(done, 5));

  it('keeps review mode, and the keyboard comes back', async () => {
    const ghost = document.activeElement;
    const menu = made(document.body, 'lm-Menu');
    menu.focus();
    expect(focused).toBe('one');
    // A browser says this by itself where the node goes.
    menu.blur();
    menu.remove();
    await wait();
    expect(document.activeElement).toBe(ghost);
  });

  it('is left for good where the keyboard goes on to something else', async () => {
    made(document.body, 'lm-CommandPalette').focus();
    const other = made(document.body, 'llm-Panel');
    other.focus();
    await wait();
    expect(focused).toBeNull();
    expect(document.activeElement).toBe(other);
  });

  it('is left for the cell that the person clicks', async () => {
    made(document.body, 'lm-Menu').focus();
    const cell = made(document.querySelector('.jp-NotebookPanel')!, 'jp-Cell');
    cell.dispatchEvent(new Event('pointerdown', { bubbles: true }));
    cell.focus();
    await wait();
    expect(focused).toBeNull();
    expect(document.activeElement).toBe(cell);
  });

  it('gives back what JupyterLab’s palette gives to the notebook', async () => {
    const ghost = document.activeElement;
    made(document.body, 'lm-CommandPalette').focus();
    made(document.querySelector('.jp-NotebookPanel')!, 'jp-Cell').focus();
    await wait();
    expect(focused).toBe('one');
    expect(document.activeElement).toBe(ghost);
  });

  it('changes nothing about leaving without one', () => {
    made(document.body, 'other').focus();
    expect(focused).toBeNull();
  });
});
