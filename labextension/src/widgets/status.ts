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
import type { IProposalView, IReview, IReviews } from '../tokens';
import { plain, redraw } from './dom';
import type { IKeys } from './keys';
import { liveNodes } from './live';

const ID = /^[\w-]{1,64}$/;

export class StatusLine extends Panel implements IRenderMime.IRenderer {
  constructor(
    private readonly _reviews: IReviews,
    private readonly _keys: IKeys
  ) {
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
    redraw(this._line.node, found ? liveNodes({ ...found, keys: this._keys }) : [saved(this._id)]);
  }

  private _id = '';
  /** What is drawn: a view, null for the saved line, undefined for nothing yet. */
  private _drawn: IProposalView | null | undefined;
  private readonly _line = new Widget();
}

function saved(id: string): Node {
  return plain(
    'span',
    'llm-Status-title',
    id ? `Proposal ${id}, asked in an earlier session` : 'A proposal asked in an earlier session'
  );
}
