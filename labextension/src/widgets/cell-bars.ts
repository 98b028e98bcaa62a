/**
 * Small widgets in the permanent places of cells, outside the document.
 *
 * What should stand where is told as a whole; what stands there already stays,
 * and what belongs to a cell that was not drawn yet comes when it is.
 */
import type { Cell } from '@jupyterlab/cells';
import type { Notebook } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import type { Widget } from '@lumino/widgets';

import type { ISlot } from './ghosts/places';
import { holdStill } from './ghosts/scroll';
import { BAR_CLASS, layoutOf } from './ghosts/slots';

export interface IBar {
  readonly key: string;
  /** Id of the cell. */
  readonly cell: string;
  readonly at: ISlot['at'];
  make(): Widget;
}

export class CellBars implements IDisposable {
  constructor(private readonly notebook: Notebook) {}

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (!this.disposed) {
      this.disposed = true;
      this.shown.forEach(widget => widget.dispose());
      this.shown.clear();
    }
  }

  /** The widget of a bar, where it is drawn. */
  get(key: string): Widget | null {
    const widget = this.shown.get(key);
    return widget && !widget.isDisposed ? widget : null;
  }

  set(bars: ReadonlyArray<IBar>): void {
    this.wanted = bars;
    this.draw();
  }

  private draw(): void {
    if (this.disposed || this.notebook.isDisposed || !this.isBehind()) {
      return;
    }
    const cells = new Map(this.notebook.widgets.map(cell => [cell.model.id, cell]));
    const keep = new Set(this.wanted.map(bar => bar.key));
    holdStill(this.notebook, () => {
      for (const [key, widget] of this.shown) {
        if (!keep.has(key) || widget.isDisposed) {
          widget.dispose();
          this.shown.delete(key);
        }
      }
      for (const bar of this.wanted) {
        const cell = cells.get(bar.cell);
        if (cell?.isPlaceholder()) {
          this.wait(cell);
        } else if (cell) {
          this.put(bar, cell);
        }
      }
    });
  }

  /** Most of what a notebook tells changes nothing here, and costs one look. */
  private isBehind(): boolean {
    const { wanted, shown } = this;
    return (
      shown.size !== wanted.length ||
      wanted.some(bar => {
        const widget = shown.get(bar.key);
        return !widget || widget.isDisposed || !widget.parent;
      })
    );
  }

  private put(bar: IBar, cell: Cell): void {
    const layout = layoutOf(cell, bar.at);
    if (!layout) {
      return;
    }
    let widget = this.shown.get(bar.key);
    if (widget && !widget.isDisposed && widget.parent === layout.parent) {
      return;
    }
    if (!widget || widget.isDisposed) {
      widget = bar.make();
      widget.addClass(BAR_CLASS);
      // The notebook would take the focus and change the selection.
      for (const type of ['mousedown', 'dblclick']) {
        widget.node.addEventListener(type, event => event.stopPropagation());
      }
      this.shown.set(bar.key, widget);
    }
    const bars = layout.widgets.filter(other => other.hasClass(BAR_CLASS)).length;
    layout.insertWidget(bars, widget);
  }

  private wait(cell: Cell): void {
    if (!this.awaited.has(cell)) {
      this.awaited.add(cell);
      void cell.ready.then(() => this.draw());
    }
  }

  private wanted: ReadonlyArray<IBar> = [];
  private readonly shown = new Map<string, Widget>();
  private readonly awaited = new WeakSet<Cell>();
  private disposed = false;
}
