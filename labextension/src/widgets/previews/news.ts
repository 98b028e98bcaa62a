/** Tells a screen reader, once, how a dry run ended. */
import type { IReview } from '../../tokens';
import { titleOf } from '../ghosts/words';
import { revealed } from '../../text';
import type { IPreviewView } from '../../previewing';
import { newsOf } from './words';

export class News {
  constructor(
    private readonly review: IReview,
    private readonly say: (words: string) => void
  ) {}

  /** What ended since the last time is told; what is there at first is not. */
  follow(): void {
    const views = this.review.proposals;
    const pending = views.filter(view => view.proposal.status === 'pending');
    for (const view of pending) {
      const { id } = view.proposal;
      const preview = this.review.previews.of(view.proposal);
      const before = this.last.get(id);
      this.last.set(id, preview);
      if (preview && before?.isGoingOn && !preview.isGoingOn) {
        const news = newsOf(preview);
        if (news) {
          this.say(pending.length > 1 ? `${revealed(titleOf(view))}: ${news}` : news);
        }
      }
    }
  }

  private readonly last = new Map<string, IPreviewView | null>();
}
