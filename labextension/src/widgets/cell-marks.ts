/** What is drawn at the cells of one notebook, for as long as it is open. */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import type { IReview } from '../tokens';
import { CellBars } from './cell-bars';

/** Typing in a cell is not held up by looking at all of them. */
const PAUSE = 300;

export abstract class CellMarks implements IDisposable {
  constructor(protected readonly review: IReview) {
    this.bars = new CellBars(review.panel.content);
    review.panel.disposed.connect(this.dispose, this);
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (!this.disposed) {
      this.disposed = true;
      Signal.clearData(this);
      this.bars.dispose();
    }
  }

  protected readonly bars: CellBars;
  private disposed = false;
}

/** Drawn anew a moment after anything in the notebook has changed. */
export abstract class ContentMarks extends CellMarks {
  constructor(review: IReview) {
    super(review);
    review.panel.content.modelChanged.connect(this.onModel, this);
    this.onModel();
  }

  override dispose(): void {
    clearTimeout(this.timer);
    super.dispose();
  }

  protected schedule(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.draw(), PAUSE);
  }

  protected abstract draw(): void;

  private onModel(): void {
    this.review.panel.content.model?.contentChanged.connect(this.schedule, this);
    this.schedule();
  }

  private timer: ReturnType<typeof setTimeout> | undefined;
}
