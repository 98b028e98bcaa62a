/**
 * The follow-up of a proposal: its words, what goes with them, and the ask.
 *
 * It is kept by thread, so that it is the same in the card, in the ghost and at
 * each version, and after a reload.
 */
import type { Proposal } from '../protocol.gen';
import { threadOf } from '../services/threads';
import type { IAskOptions, IReview } from '../tokens';
import { surveyed } from './context/waiting';
import type { Unsent } from './unsent';

export class FollowUpWords {
  constructor(
    readonly review: IReview,
    readonly unsent: Unsent,
    private readonly proposal: Pick<Proposal, 'id' | 'root' | 'origin'>
  ) {
    this.place = `follow-up:${threadOf(proposal)}`;
  }

  get words(): string {
    return this.unsent.get(this.place);
  }

  /** What it is about; what was taken out before stays out until the person puts it back. */
  get about(): IAskOptions {
    const { id, origin } = this.proposal;
    return { refines: id, without: this.unsent.takenOut(this.place) ?? origin.without };
  }

  typed(words: string): void {
    this.unsent.set(this.place, words);
  }

  readonly takeOut = (pieces: ReadonlyArray<string>): void => {
    this.unsent.takeOut(this.place, pieces);
  };

  /**
   * Ask for the next version, once what is sent could be shown.
   *
   * @param owner - The field that shows it.
   * @param isWanted - Whether it is still to be asked then.
   * @returns Whether it was asked. The words are kept where it was not.
   */
  async ask(owner: object, isWanted: () => boolean): Promise<boolean> {
    const { review, unsent, place, words } = this;
    await surveyed(review, owner, words, this.about);
    const { without } = this.about;
    if (!isWanted() || review.refine(this.proposal.id, words, { without }) === null) {
      return false;
    }
    // What was typed meanwhile is another follow-up.
    if (this.words === words) {
      unsent.sent(place);
    }
    return true;
  }

  private readonly place: string;
}
