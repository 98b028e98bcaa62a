/** Over each cell that was accepted and run by itself: that it was, and what it stood on. */
import { Widget } from '@lumino/widgets';

import { cellHash } from '../hash';
import { PROVENANCE_KEY, type Provenance } from '../protocol.gen';
import type { IBar } from './cell-bars';
import { ContentMarks } from './cell-marks';
import { plain } from './dom';

/** A notebook may hold anything. */
const LONGEST = 400;

export class AutoMarks extends ContentMarks {
  protected draw(): void {
    const cells = this.review.panel.content.model?.sharedModel.cells;
    if (this.isDisposed || !cells) {
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
