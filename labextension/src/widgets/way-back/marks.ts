/** A line over each cell that does not show what the notebook would give now. */
import { Widget } from '@lumino/widgets';

import type { CellTruth } from '../../protocol.gen';
import type { IReview } from '../../tokens';
import type { IBar } from '../cell-bars';
import { CellMarks } from '../cell-marks';
import { plain } from '../dom';

/** One that only runs again for others, or that a person is editing, is as it should be. */
const WORDS: { readonly [standing in CellTruth['standing']]?: string } = {
  outdated: 'Out of date',
  interrupted: 'Stopped midway',
  hidden: ''
};

export class StaleMarks extends CellMarks {
  constructor(review: IReview) {
    super(review);
    review.changed.connect(this.draw, this);
    this.draw();
  }

  private draw(): void {
    const { truth } = this.review.wayBack;
    if (!this.isDisposed && truth !== this.drawn) {
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

  private drawn: unknown = null;
}
