/** At later cells that were run too: what they would show with a proposal. */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import type { CellRun } from '../../protocol.gen';
import type { IReview } from '../../tokens';
import { CellBars, type IBar } from '../cell-bars';
import { element, set } from '../ghosts/dom';
import { revealed } from '../../text';
import { titleOf } from '../ghosts/words';
import { OutputList } from './output-list';
import type { ITypesetting } from './outputs';
import { firstLine, plain } from './words';

interface IShown {
  readonly key: string;
  readonly title: string;
  readonly run: CellRun;
  readonly isOld: boolean;
}

export class DownstreamBars implements IDisposable {
  constructor(
    private readonly review: IReview,
    private readonly typesetting: ITypesetting
  ) {
    this.bars = new CellBars(review.panel.content);
    review.changed.connect(this.draw, this);
    review.panel.disposed.connect(this.dispose, this);
  }

  get isDisposed(): boolean {
    return this.bars.isDisposed;
  }

  dispose(): void {
    Signal.clearData(this);
    this.bars.dispose();
  }

  private draw(): void {
    const shown = this.review.proposals.flatMap(view => {
      const preview = this.review.previews.of(view.proposal);
      const title = revealed(titleOf(view));
      const runs = preview?.shown?.cells.filter(run => run.downstream) ?? [];
      return runs
        .filter(run => run.status !== 'waiting')
        .map(run => ({
          key: `${view.proposal.id}:${run.cell}`,
          title,
          run,
          isOld: preview?.age !== ''
        }));
    });
    if (shown.length === 0 && !this.hasBars) {
      return;
    }
    this.hasBars = shown.length > 0;
    this.bars.set(
      shown.map((item): IBar => ({
        key: item.key,
        cell: item.run.cell,
        at: 'bottom',
        make: () => new DownstreamBar(this.typesetting, item)
      }))
    );
    for (const item of shown) {
      const bar = this.bars.get(item.key);
      if (bar instanceof DownstreamBar) {
        bar.render(item);
      }
    }
  }

  private readonly bars: CellBars;
  private hasBars = false;
}

class DownstreamBar extends Widget {
  constructor(typesetting: ITypesetting, item: IShown) {
    super();
    this.addClass('llm-CellBar');
    this.addClass('llm-DownstreamBar');
    this.list = new OutputList(typesetting, 'Output with the proposal');
    this.node.setAttribute('role', 'group');
    this.node.setAttribute('aria-label', 'With a proposal');
    this.node.append(this.words, this.list.node);
    this.render(item);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.list.dispose();
    }
    super.dispose();
  }

  render({ title, run, isOld }: IShown): void {
    const { error } = run;
    const line = error?.line ? ` (line ${error.line})` : '';
    const fate = error
      ? `this cell would break: ${plain(error.name)}: ${plain(firstLine(error.message))}${line}`
      : run.status === 'ran'
        ? run.outputs.length > 0
          ? 'this cell would show:'
          : 'this cell still runs.'
        : 'this cell did not come to its end.';
    set(this.words, `With “${title}” ${fate}`);
    this.toggleClass('llm-mod-breaks', error !== null);
    this.toggleClass('llm-mod-old', isOld);
    this.list.render(run.outputs, run.status === 'running');
    this.list.node.hidden = run.outputs.length === 0;
  }

  private readonly words = element('div', 'llm-DownstreamBar-words');
  private readonly list: OutputList;
}
