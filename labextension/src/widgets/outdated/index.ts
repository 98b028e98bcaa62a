/**
 * `%%llm` cells whose words have changed since they were run: a line under
 * such a cell, and a mark over each cell that it made.
 */
import { Widget } from '@lumino/widgets';

import type { IOutdated, IReview } from '../../tokens';
import type { IBar } from '../cell-bars';
import { ContentMarks } from '../cell-marks';
import { counted } from '../context/summary';
import { button, plain } from '../dom';
import { whyNot } from '../live';

export class OutdatedCells extends ContentMarks {
  constructor(review: IReview) {
    super(review);
    // What was answered last is told by the session too.
    review.changed.connect(this.schedule, this);
  }

  protected draw(): void {
    if (!this.isDisposed && this.review.panel.content.model) {
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
}
