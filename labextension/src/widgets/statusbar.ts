/** In the status bar: the level, and how many proposals wait. */
import { Widget } from '@lumino/widgets';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Status } from '../protocol.gen';
import { LEVEL_NAMES, type IReview, type IReviews } from '../tokens';
import { proposalIcon } from './icon';
import type { IKeys } from './keys';

export class StatusItem extends Widget {
  /** @param act - Turn to what waits next, or show the panel where nothing does. */
  constructor(
    private readonly reviews: IReviews,
    private readonly keys: IKeys,
    act: (pending: number) => void
  ) {
    super();
    this.addClass('llm-StatusItem');
    const { node } = this.button;
    node.type = 'button';
    node.className = 'llm-StatusItem-button';
    proposalIcon.element({ container: this.button.icon, width: '16px', height: '16px' });
    node.append(this.button.icon, this.button.text);
    node.addEventListener('click', () => act(this.pending + this.count('asking')));
    this.node.append(node);
    reviews.currentChanged.connect(this.onCurrent, this);
    this.onCurrent();
  }

  get isActive(): boolean {
    return this.reviews.current !== null;
  }

  get activeChanged(): ISignal<this, void> {
    return this._activeChanged;
  }

  private get pending(): number {
    return this.count('pending');
  }

  private count(status: Status): number {
    const views = this.review?.proposals ?? [];
    return views.filter(view => view.proposal.status === status).length;
  }

  private onCurrent(): void {
    this.review?.changed.disconnect(this.draw, this);
    this.review = this.reviews.current;
    this.review?.changed.connect(this.draw, this);
    this.draw();
    this._activeChanged.emit();
  }

  private draw(): void {
    const { review } = this;
    if (!review) {
      return;
    }
    const count = this.pending;
    const questions = this.count('asking');
    const level = LEVEL_NAMES[review.level];
    const text = [
      level,
      ...(count > 0 ? [`${count} pending`] : []),
      ...(questions > 0 ? [`${questions} asking`] : [])
    ].join(' · ');
    if (this.button.text.textContent !== text) {
      this.button.text.textContent = text;
    }
    const what =
      count > 0
        ? this.keys.tip(`${count} pending: turn to the next proposal`, 'enterReview')
        : questions > 0
          ? this.keys.tip('A question waits for your choice', 'enterReview')
          : this.keys.tip('Show the proposals panel', 'focusPrompt');
    const title = `Level of model proposals: ${level}. ${review.levelReason} ${what}`;
    this.button.node.title = title.replace(/ {2,}/g, ' ');
    this.button.node.setAttribute('aria-label', this.button.node.title);
  }

  private review: IReview | null = null;
  private readonly button = {
    node: document.createElement('button'),
    icon: document.createElement('span'),
    text: document.createElement('span')
  };
  private readonly _activeChanged = new Signal<this, void>(this);
}
