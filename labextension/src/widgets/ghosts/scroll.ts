/**
 * Keeping the page still while ghosts grow, and bringing one into view.
 */
import type { Cell } from '@jupyterlab/cells';
import type { Notebook } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { PanelLayout } from '@lumino/widgets';

const CELL = '.jp-Notebook-cell';
const MARGIN = 16;
const SETTLED = 3;
const PATIENCE = 4000;
/** In `defer` windowing cells above are drawn, and push, as the page finds time. */
const DEFER_PATIENCE = 30_000;

const owing = new WeakMap<Notebook, number>();

/**
 * Runs `act` such that what is at the top of the visible part stays there.
 *
 * The notebook switches the browser's own scroll anchoring off for all but the
 * active cell. In `full` windowing the notebook places cells itself.
 */
export function holdStill(notebook: Notebook, act: () => void): void {
  const outer = notebook.outerNode;
  if (
    notebook.notebookConfig.windowingMode === 'full' ||
    !notebook.isVisible ||
    outer.scrollTop === 0
  ) {
    act();
    return;
  }
  const box = outer.getBoundingClientRect();
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + 1);
  const marks = [hit, hit?.closest(CELL)]
    .filter(mark => !!mark && outer.contains(mark) && !!mark.closest(CELL))
    .map(mark => ({ mark: mark!, top: mark!.getBoundingClientRect().top }));
  act();
  const held = marks.find(({ mark }) => mark.isConnected);
  if (held) {
    const by = held.mark.getBoundingClientRect().top - held.top;
    // Scrolling is by whole pixels, lines are not: what is left over is owed.
    const owed = by + (owing.get(notebook) ?? 0);
    if (by) {
      const before = outer.scrollTop;
      outer.scrollTop += owed;
      const rest = owed - (outer.scrollTop - before);
      owing.set(notebook, Math.abs(rest) < 1 ? rest : 0);
    }
  }
}

/** Draws a cell that was not drawn yet; the notebook itself might take seconds to get there. */
export async function draw(notebook: Notebook, cell: Cell): Promise<void> {
  const index = notebook.widgets.indexOf(cell);
  if (index !== -1 && cell.isPlaceholder()) {
    if (notebook.notebookConfig.windowingMode === 'full') {
      // Ends early when another scroll takes over; then that one draws.
      await notebook.scrollToItem(index, 'center').catch(() => undefined);
    } else {
      cell.dataset.windowedListIndex = String(index);
      (notebook.layout as PanelLayout).insertWidget(index, cell);
    }
    await cell.ready;
  }
}

/**
 * Scrolls until a cell's node (or a ghost in it) stands in view and stays there.
 *
 * Cells on the way are drawn as they come near, so one scroll is not enough.
 * A person who scrolls meanwhile has the last word.
 *
 * @param node - What to show; asked again each time, as it may be drawn anew.
 * @param wanted - Asked each time whether it is still wanted.
 */
export async function bringIntoView(
  notebook: Notebook,
  cell: Cell,
  node: () => HTMLElement | null,
  wanted: () => boolean
): Promise<void> {
  const outer = notebook.outerNode;
  let stopped = false;
  const stop = () => {
    stopped = true;
  };
  const gestures = ['wheel', 'pointerdown', 'touchstart', 'keydown'] as const;
  gestures.forEach(type => outer.addEventListener(type, stop));
  try {
    if (cell.isHidden) {
      NotebookActions.expandParent(cell, notebook);
    }
    if (!cell.inViewport || !isVisible(outer, cell.node)) {
      const index = notebook.widgets.indexOf(cell);
      await Promise.race([
        notebook.scrollToItem(index, 'center').catch(() => undefined),
        new Promise(resolve => setTimeout(resolve, 500))
      ]);
    }
    const begun = Date.now();
    let still = 0;
    const goesOn = () =>
      (still < SETTLED && Date.now() < begun + PATIENCE) ||
      (isStillDrawing(notebook) && Date.now() < begun + DEFER_PATIENCE);
    while (goesOn() && !stopped && wanted()) {
      const target = node();
      const by = target ? offset(outer, target) : 0;
      if (by) {
        outer.scrollTop += by;
      }
      still = target && !by ? still + 1 : 0;
      await frame();
    }
  } finally {
    gestures.forEach(type => outer.removeEventListener(type, stop));
  }
}

function isStillDrawing(notebook: Notebook): boolean {
  return (
    notebook.notebookConfig.windowingMode === 'defer' &&
    notebook.widgets.some(cell => cell.isPlaceholder())
  );
}

/** How far to scroll: nothing where it is in view, else to the middle, or to its top if it is tall. */
function offset(outer: HTMLElement, node: HTMLElement): number {
  const view = outer.getBoundingClientRect();
  const box = node.getBoundingClientRect();
  const tall = box.height > view.height - 2 * MARGIN;
  if (
    box.top >= view.top &&
    (box.bottom <= view.bottom || (tall && box.top <= view.top + 2 * MARGIN))
  ) {
    return 0;
  }
  const goal = tall ? view.top + MARGIN : view.top + (view.height - box.height) / 2;
  const most = outer.scrollHeight - outer.clientHeight - outer.scrollTop;
  const by = Math.max(-outer.scrollTop, Math.min(most, box.top - goal));
  return Math.abs(by) < 1 ? 0 : by;
}

function isVisible(outer: HTMLElement, node: HTMLElement): boolean {
  const view = outer.getBoundingClientRect();
  const box = node.getBoundingClientRect();
  return node.isConnected && box.height > 0 && box.bottom > view.top && box.top < view.bottom;
}

function frame(): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, 100);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
