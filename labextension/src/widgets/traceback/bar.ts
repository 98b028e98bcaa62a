/** Under an error: Fix and Explain, and what came of them. */
import { Widget } from '@lumino/widgets';

import type { ErrorInfo } from '../../protocol.gen';
import { revealed } from '../../text';
import type { IProposalView, IReview } from '../../tokens';
import { button, plain, redraw } from '../dom';
import type { IKeys } from '../keys';
import { liveNodes, whyNot } from '../live';
import { isOpen } from '../names';
import { asked, named } from './errors';

export type Help = 'fix' | 'explain';

export interface IBarOptions {
  readonly review: IReview;
  readonly keys: IKeys;
  readonly cell: string;
  readonly error: () => ErrorInfo;
  /** Position of the cell, from 1. */
  readonly number: () => number;
}

export class TracebackBar extends Widget {
  constructor(private readonly options: IBarOptions) {
    super();
    this.addClass('llm-Traceback');
    this.node.setAttribute('role', 'group');
    options.review.changed.connect(this.draw, this);
    this.draw();
  }

  /** Ask about the error. The focus stays where it is. */
  ask(help: Help): void {
    const { review, cell } = this.options;
    const error = this.options.error();
    this.note = whyNot(review);
    if (!this.note) {
      const id =
        help === 'fix'
          ? review.ask(asked('Fix this error', error), {
              target: cell,
              scope: { cells: [cell], first: null, last: null },
              error
            })
          : review.ask(asked('Explain this error', error), {
              target: cell,
              wants: 'text',
              error
            });
      this.asked = id;
      this.note = id === null ? 'It could not be asked. Nothing was changed; try again.' : '';
    }
    this.drawn = undefined;
    this.draw();
  }

  /** The cell shows another error now. */
  renew(): void {
    this.asked = null;
    this.note = '';
    this.drawn = undefined;
    this.draw();
  }

  private draw(): void {
    if (this.isDisposed) {
      return;
    }
    const view = this.view();
    if (view === this.drawn) {
      return;
    }
    this.drawn = view;
    const { keys } = this.options;
    this.node.setAttribute(
      'aria-label',
      `Error in cell ${this.options.number()}: ${revealed(named(this.options.error()))}`
    );
    const nodes: Node[] = [
      button('Fix', keys.tip('Ask for a change that fixes this error', 'fix'), () =>
        this.ask('fix')
      ),
      button('Explain', keys.tip('Ask what this error means', 'explain'), () => this.ask('explain'))
    ];
    if (this.note) {
      const note = plain('span', 'llm-Status-text', this.note);
      note.setAttribute('role', 'status');
      nodes.push(note);
    }
    if (view) {
      const { review } = this.options;
      const onAway = isOpen(view) ? undefined : () => this.renew();
      nodes.push(...liveNodes({ review, view, keys, hasTitle: false, isBrief: true, onAway }));
    }
    this.toggleClass('llm-mod-asked', !!view);
    redraw(this.node, nodes);
  }

  /** What was asked, until it is decided. */
  private view(): IProposalView | null {
    const { asked } = this;
    if (asked === null) {
      return null;
    }
    const view = this.options.review.proposals.find(
      item => item.proposal.id === asked || item.versions.includes(asked)
    );
    const gone = !view || ['accepted', 'rejected', 'superseded'].includes(view.proposal.status);
    return gone ? null : view;
  }

  private asked: string | null = null;
  private note = '';
  private drawn: IProposalView | null | undefined;
}
