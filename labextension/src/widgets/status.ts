/**
 * The live line over a `%%llm` cell's saved output.
 *
 * The document keeps a proposal's id and one line of text. What stands here is
 * drawn from the page's own knowledge of that proposal; where the page knows
 * nothing of it, the saved line is all there is, and opening it does nothing.
 */
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { Message } from '@lumino/messaging';
import { Panel, Widget } from '@lumino/widgets';

import { STATUS_MIME } from '../protocol.gen';
import { pieces } from '../text';
import type { IProposalView, IReview, IReviews } from '../tokens';
import { statusOf, titleOf } from './card';

const ID = /^[\w-]{1,64}$/;

export class StatusLine extends Panel implements IRenderMime.IRenderer {
  constructor(private readonly _reviews: IReviews) {
    super();
    this.addClass('llm-Status');
    this._line.addClass('llm-Status-line');
    this.addWidget(this._line);
    _reviews.all.forEach(review => review.changed.connect(this.update, this));
    _reviews.added.connect(this._onAdded, this);
  }

  renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const data = model.data[STATUS_MIME] as { proposal_id?: unknown } | undefined;
    const id = data?.proposal_id;
    this._id = typeof id === 'string' && ID.test(id) ? id : '';
    this._drawn = undefined;
    this._draw();
    return Promise.resolve();
  }

  protected override onUpdateRequest(message: Message): void {
    super.onUpdateRequest(message);
    this._draw();
  }

  private _onAdded(_: IReviews, review: IReview): void {
    review.changed.connect(this.update, this);
    this.update();
  }

  private _draw(): void {
    const found = this._id ? this._reviews.find(this._id) : null;
    const view = found?.view ?? null;
    if (view === this._drawn) {
      return;
    }
    this._drawn = view;
    const node = this._line.node;
    // A redraw must not take the keyboard from a button that is still there.
    const focused = node.contains(document.activeElement)
      ? document.activeElement?.textContent
      : null;
    node.replaceChildren(...(found ? live(found.review, found.view) : [saved(this._id)]));
    if (focused) {
      const same = [...node.querySelectorAll('button')].find(b => b.textContent === focused);
      (same ?? node.closest<HTMLElement>('.jp-Cell'))?.focus();
    }
  }

  private _id = '';
  /** What is drawn: a view, null for the saved line, undefined for nothing yet. */
  private _drawn: IProposalView | null | undefined;
  private readonly _line = new Widget();
}

function saved(id: string): Node {
  return text(
    'llm-Status-title',
    id ? `Proposal ${id}, asked in an earlier session` : 'A proposal asked in an earlier session'
  );
}

function live(review: IReview, view: IProposalView): Node[] {
  const { id, status } = view.proposal;
  const shown = statusOf(view);
  const nodes: Node[] = [
    text('llm-Status-title', titleOf(view)),
    text(`llm-Chip llm-mod-${shown.kind}`, shown.text)
  ];
  const problem = view.proposal.problem;
  if (problem) {
    nodes.push(text('llm-Status-text', `${problem.message} ${problem.next}`));
  } else if (status === 'answered' || status === 'declined') {
    nodes.push(text('llm-Status-text', view.proposal.answer));
  }
  if (status === 'drafting') {
    nodes.push(button('Cancel', 'Stop the model', () => review.cancel(id)));
  }
  if (status === 'pending') {
    if (view.acceptable) {
      nodes.push(
        button('Accept', 'Accept (Y in review mode)', () => void review.accept(id)),
        button(
          'Accept & run',
          'Accept and run the new cells (Shift Y in review mode)',
          () => void review.accept(id, { run: true })
        )
      );
    }
    nodes.push(
      button('Reject', 'Reject (N in review mode)', () => review.reject(id)),
      button('Show', 'Show in the notebook, in review mode', () => review.focus(id))
    );
  }
  return nodes;
}

function text(className: string, content: string): HTMLElement {
  const node = document.createElement('span');
  node.className = className;
  for (const piece of pieces(content)) {
    if (piece.deceptive) {
      const mark = document.createElement('span');
      mark.className = 'llm-Deceptive';
      mark.textContent = piece.text;
      node.append(mark);
    } else {
      node.append(piece.text);
    }
  }
  return node;
}

function button(label: string, title: string, act: () => void): HTMLElement {
  const node = document.createElement('button');
  node.type = 'button';
  node.className = 'llm-Button jp-mod-styled';
  node.textContent = label;
  node.title = title;
  node.addEventListener('click', act);
  return node;
}
