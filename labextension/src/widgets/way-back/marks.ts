/** A line over each cell that does not show what the notebook would give now. */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import type { CellTruth } from '../../protocol.gen';
import type { IReview } from '../../tokens';
import { CellBars, type IBar } from '../cell-bars';
import { plain } from '../dom';

/** One that only runs again for others, or that a person is editing, is as it should be. */
const WORDS: { readonly [standing in CellTruth['standing']]?: string } = {
  outdated: 'Out of date',
  interrupted: 'Stopped midway',
  hidden: ''
};

export class StaleMarks implements IDisposable {
  constructor(private readonly review: IReview) {
    this.bars = new CellBars(review.panel.content);
    review.changed.connect(this.draw, this);
    review.panel.disposed.connect(this.dispose, this);
    this.draw();
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

  private draw(): void {
    const { truth } = this.review.wayBack;
    if (!this.disposed && truth !== this.drawn) {
      this.drawn = truth;
      this.bars.set((truth?.cells ?? []).flatMap(cell => this.barsOf(cell)));
    }
  }

  private barsOf({ cell, standing, why }: CellTruth): IBar[] {
    const words = WORDS[standing];
    if (words === undefined) {
      return [];
    }
    return [
      {
        key: `stale:${cell}:${why}`,
        cell,
        at: 'top',
        make: () => {
          const mark = new Widget();
          mark.addClass('llm-Stale');
          mark.node.title = why;
          mark.node.append(plain('span', 'llm-Stale-text', words ? `${words}. ${why}` : why));
          return mark;
        }
      }
    ];
  }

  private readonly bars: CellBars;
  private drawn: unknown = null;
  private disposed = false;
}
