/** Over each cell that was accepted and run by itself: that it was, and what it stood on. */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import { cellHash } from '../hash';
import { PROVENANCE_KEY, type Provenance } from '../protocol.gen';
import type { IReview } from '../tokens';
import { CellBars, type IBar } from './cell-bars';
import { plain } from './dom';

/** Typing in a cell is not held up by looking at all of them. */
const PAUSE = 300;
/** A notebook may hold anything. */
const LONGEST = 400;

export class AutoMarks implements IDisposable {
  constructor(private readonly review: IReview) {
    const notebook = review.panel.content;
    this.bars = new CellBars(notebook);
    notebook.modelChanged.connect(this.onModel, this);
    review.panel.disposed.connect(this.dispose, this);
    this.onModel();
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (!this.disposed) {
      this.disposed = true;
      clearTimeout(this.timer);
      Signal.clearData(this);
      this.bars.dispose();
    }
  }

  private onModel(): void {
    this.review.panel.content.model?.contentChanged.connect(this.schedule, this);
    this.schedule();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.draw(), PAUSE);
  }

  private draw(): void {
    const cells = this.review.panel.content.model?.sharedModel.cells;
    if (this.disposed || !cells) {
      return;
    }
    const bars: IBar[] = [];
    for (const cell of cells) {
      const found = cell.getMetadata(PROVENANCE_KEY) as Partial<Provenance> | undefined;
      if (typeof found?.auto === 'string' && found.auto) {
        const evidence = found.auto.slice(0, LONGEST);
        const isAsRun = found.hash === cellHash(cell.cell_type, cell.getSource());
        bars.push({
          key: `${cell.id}:${isAsRun}:${evidence}`,
          cell: cell.id,
          at: 'top',
          make: () => mark(evidence, isAsRun)
        });
      }
    }
    this.bars.set(bars);
  }

  private readonly bars: CellBars;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private disposed = false;
}

function mark(evidence: string, isAsRun: boolean): Widget {
  const widget = new Widget();
  widget.addClass('llm-AutoMark');
  widget.node.setAttribute('role', 'note');
  widget.node.append(
    plain('span', 'llm-AutoMark-name', isAsRun ? 'Auto-run' : 'Auto-run, changed since'),
    plain('span', 'llm-AutoMark-text', evidence)
  );
  widget.node.title = 'No person accepted this cell: it was run by itself, on what stands here.';
  return widget;
}
