/** Following up on a proposal, and going through its versions. */
import type { IDryRunOptions } from '../../previewing';
import type { Proposal } from '../../protocol.gen';
import type { IProposalView, IReview } from '../../tokens';
import { offersOf } from '../previews/offers';
import type { ITarget } from './actions';
import { Notes, threadOf, toggle } from './notes';
import type { IStop } from './parts';

/** What the desk asks of the overlay. */
export interface IDeskStage {
  /** The parts of a proposal as they stand now, from top to bottom. */
  stops(proposal: string): IStop[];
  /** What is shown of it has stood still for long enough. */
  isSettled(proposal: string): boolean;
  key(command: string): string;
  sync(): void;
  schedule(): void;
  announce(words: string): void;
  /** Bring a ghost into view and give it the keyboard. */
  turnTo(target: ITarget): void;
  turnToLanding(target: ITarget): void;
  focusField(proposal: string): void;
  focusEditor(target: ITarget): void;
}

const NOT_SENT = 'It could not be asked for now; your words are kept.';

export abstract class ThreadDesk {
  constructor(
    protected readonly review: IReview,
    protected readonly stage: IDeskStage
  ) {}

  readonly notes = new Notes();

  openFollowUp(proposal: string): void {
    this.notes.followUps.add(proposal);
    this.stage.sync();
    this.stage.focusField(proposal);
    // The keyboard stays in the field.
    this.stage.turnTo({ proposal });
  }

  followUpTyped(proposal: string, words: string): void {
    this.notes.words.set(proposal, words);
  }

  sendFollowUp(proposal: string): void {
    const words = this.notes.words.get(proposal)?.trim();
    if (!words) {
      return;
    }
    if (this.review.refine(proposal, words) === null) {
      this.remark(proposal, NOT_SENT);
      return;
    }
    this.notes.words.delete(proposal);
    this.remark(proposal, '');
    this.leaveFollowUp(proposal);
  }

  leaveFollowUp(proposal: string): void {
    this.notes.followUps.delete(proposal);
    this.stage.sync();
    this.turn(proposal);
  }

  version(proposal: string, by: 1 | -1): void {
    const view = this.view(proposal);
    const versions = view ? this.versionsOf(view) : [];
    const at = versions.indexOf(proposal) + by;
    const other = versions[at];
    if (other === undefined) {
      this.stage.announce(by > 0 ? 'This is the newest version.' : 'This is the first version.');
      return;
    }
    this.review.show(other);
    this.review.focus(other);
    this.stage.announce(`Version ${at + 1} of ${versions.length}.`);
  }

  /** The versions that can be looked at, oldest first. */
  versionsOf({ proposal, versions }: IProposalView): string[] {
    return versions.filter(
      id => id === proposal.id || this.review.version(id)?.status === 'pending'
    );
  }

  since(proposal: string): void {
    const view = this.view(proposal);
    if (view && this.versionsOf(view).indexOf(proposal) > 0) {
      toggle(this.notes.since, threadOf(view.proposal));
      this.unmarkHunk(proposal);
      this.stage.sync();
    }
  }

  /** The version before, where the person looks at the difference from it. */
  sinceOf(view: IProposalView): Proposal | null {
    const versions = this.versionsOf(view);
    const before = versions[versions.indexOf(view.proposal.id) - 1];
    return before !== undefined && this.notes.since.has(threadOf(view.proposal))
      ? this.review.version(before)
      : null;
  }

  regenerate(proposal: string): void {
    this.remark(proposal, this.review.regenerate(proposal) === null ? NOT_SENT : '');
  }

  preview(proposal: string, options: IDryRunOptions): void {
    this.remark(proposal, this.review.previews.run(proposal, options));
  }

  stopPreview(proposal: string): void {
    this.review.previews.stop(proposal);
  }

  /** By its key: end the dry run that goes on, or make one. */
  togglePreview(proposal: string): void {
    const view = this.view(proposal);
    const preview = view && this.review.previews.of(view.proposal);
    if (preview?.isGoingOn) {
      this.stopPreview(proposal);
    } else if (preview) {
      const { options } = offersOf(preview, this.review.previews.sample)[0]!;
      this.preview(proposal, options);
    } else {
      this.remark(proposal, 'There is no code in it to preview.');
    }
  }

  repair(proposal: string): void {
    this.remark(proposal, this.review.previews.repair(proposal) === null ? NOT_SENT : '');
  }

  /** Give the keyboard to what is marked. */
  protected abstract turn(proposal: string): void;

  /** Hunks are of the difference from the notebook; where that is not shown, they cannot be marked. */
  protected abstract unmarkHunk(proposal: string): void;

  protected remark(proposal: string, words: string): void {
    this.notes.remarks.set(proposal, words);
    this.stage.schedule();
  }

  protected view(proposal: string): IProposalView | undefined {
    return this.review.proposals.find(item => item.proposal.id === proposal);
  }
}
