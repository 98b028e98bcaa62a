/**
 * `%%llm` cells whose words have changed since they were run: a line under
 * such a cell, and a mark over each cell that it made.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import type { IOutdated, IReview } from '../../tokens';
import { CellBars, type IBar } from '../cell-bars';
import { counted } from '../context/summary';
import { button, plain } from '../dom';
import { whyNot } from '../live';

/** Typing in a cell is not held up by looking at all of them. */
const PAUSE = 300;

export class OutdatedCells implements IDisposable {
  constructor(private readonly review: IReview) {
    const notebook = review.panel.content;
    this.bars = new CellBars(notebook);
    notebook.modelChanged.connect(this.onModel, this);
    // What was answered last is told by the session too.
    review.changed.connect(this.schedule, this);
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
    if (!this.disposed && this.review.panel.content.model) {
      this.bars.set(this.review.outdated.flatMap(item => this.barsOf(item)));
    }
  }

  private barsOf({ source, made }: IOutdated): IBar[] {
    return [
      {
        key: `${source}:${made.length}`,
        cell: source,
        at: 'bottom',
        make: () => this.line(source, made.length)
      },
      ...made.map(cell => ({
        key: `made:${cell}`,
        cell,
        at: 'top' as const,
        make: () => {
          const mark = new Widget();
          mark.addClass('llm-Made');
          mark.node.append(plain('span', 'llm-Made-text', 'Made from earlier words'));
          mark.node.title =
            'The %%llm cell that made this cell has other words now. Run that again to be shown the difference.';
          return mark;
        }
      }))
    ];
  }

  private line(source: string, count: number): Widget {
    const line = new Widget();
    line.addClass('llm-Outdated');
    line.node.setAttribute('role', 'group');
    line.node.setAttribute('aria-label', 'Cells made from earlier words');
    const note = plain('span', 'llm-Status-text');
    note.setAttribute('role', 'status');
    line.node.append(
      plain(
        'span',
        'llm-Outdated-text',
        `${counted(count, 'cell')} below ${count === 1 ? 'was' : 'were'} made from earlier words`
      ),
      button('Run again', 'Run this cell again; what it proposes is a diff against them', () => {
        note.textContent = this.review.level < 2 ? whyNot(this.review) : '';
        if (!note.textContent) {
          this.review.remake(source);
        }
      }),
      note
    );
    return line;
  }

  private readonly bars: CellBars;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private disposed = false;
}
