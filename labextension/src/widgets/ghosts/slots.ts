/**
 * Permanent places for widgets inside cells.
 *
 * A cell's own header and footer are part of it for as long as it lives, and
 * the notebook attaches, hides and windows them with it. Widgets added to the
 * cell's layout itself are not, and break it when it leaves the screen.
 */
import type { Cell } from '@jupyterlab/cells';
import type { Widget } from '@lumino/widgets';
import { PanelLayout } from '@lumino/widgets';

import type { ISlot } from './places';

const SLOT_CLASS = 'llm-GhostSlot';

/** The slot's layout, or null where the cell is not drawn yet or another extension fills it. */
export function layoutOf(cell: Cell, at: ISlot['at']): PanelLayout | null {
  const name = at === 'top' ? 'jp-CellHeader' : 'jp-CellFooter';
  for (const child of cell.layout ?? []) {
    if (child.hasClass(name)) {
      child.layout ??= new PanelLayout();
      child.addClass(SLOT_CLASS);
      return child.layout instanceof PanelLayout ? child.layout : null;
    }
  }
  return null;
}

/** What belongs to the cell itself, such as to its output; it stands before ghosts. */
export const BAR_CLASS = 'llm-CellBar';

/** Puts widgets into a slot in this order, moving only those that stand elsewhere. */
export function arrange(layout: PanelLayout, widgets: ReadonlyArray<Widget>): void {
  const bars = layout.widgets.filter(widget => widget.hasClass(BAR_CLASS)).length;
  widgets.forEach((widget, i) => {
    if (layout.widgets[bars + i] !== widget) {
      layout.insertWidget(bars + i, widget);
    }
  });
}
