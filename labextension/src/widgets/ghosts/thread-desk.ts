/** Following up on a proposal, and going through its versions. */
import type { IDryRunOptions } from '../../previewing';
import type { Proposal } from '../../protocol.gen';
import type { IProposalView, IReview } from '../../tokens';
import { FollowUpWords } from '../follow-up';
import { offersOf } from '../previews/offers';
import type { Unsent } from '../unsent';
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
    protected readonly stage: IDeskStage,
    private readonly unsent: Unsent
  ) {}

  readonly notes = new Notes();

  openFollowUp(proposal: string): void {
    this.notes.followUps.add(this.thread(proposal));
    this.stage.sync();
    this.stage.focusField(proposal);
    // The keyboard stays in the field.
    this.stage.turnTo({ proposal });
  }

  /** What is typed in the field; null where that is not open. */
  followUpOf({ proposal }: IProposalView): FollowUpWords | null {
    return proposal.status === 'pending' && this.notes.followUps.has(threadOf(proposal))
      ? new FollowUpWords(this.review, this.unsent, proposal)
      : null;
  }

  /** @param isHere - The keyboard is in the field, and goes back to the proposal. */
  followUpAsked(proposal: string, isAsked: boolean, isHere: boolean): void {
    this.remark(proposal, isAsked ? '' : NOT_SENT);
    if (isAsked) {
      this.closeFollowUp(proposal, isHere);
    }
  }

  leaveFollowUp(proposal: string): void {
    this.closeFollowUp(proposal, true);
  }

  private closeFollowUp(proposal: string, isHere: boolean): void {
    this.notes.followUps.delete(this.thread(proposal));
    this.stage.sync();
    if (isHere) {
      this.turn(proposal);
    }
  }

  private thread(proposal: string): string {
    const known = this.review.version(proposal);
    return known ? threadOf(known) : proposal;
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
