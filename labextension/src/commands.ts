/** The commands of the review, with the keys in `schema/plugin.json`. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification, type ICommandPalette } from '@jupyterlab/apputils';
import { NotebookActions } from '@jupyterlab/notebook';
import { MessageLoop } from '@lumino/messaging';

import type { IReview, IReviews } from './tokens';
import { PANEL_ID, type ProposalPanel } from './widgets/panel';

export const CommandIDs = {
  openPanel: 'llm-notebook:open-panel',
  focusPrompt: 'llm-notebook:focus-prompt',
  accept: 'llm-notebook:accept',
  acceptAndRun: 'llm-notebook:accept-and-run',
  reject: 'llm-notebook:reject',
  next: 'llm-notebook:next-proposal',
  previous: 'llm-notebook:previous-proposal',
  enterReview: 'llm-notebook:enter-review',
  leaveReview: 'llm-notebook:leave-review'
} as const;

const CATEGORY = 'Proposals';

interface ITarget {
  readonly review: IReview;
  readonly id: string;
}

/** The proposal that the keyboard is on: by focus, else by review mode. */
function target(reviews: IReviews): ITarget | null {
  const element = document.activeElement?.closest<HTMLElement>('.llm-Review[data-proposal]');
  const id = element?.dataset.proposal;
  const found = id ? reviews.find(id) : null;
  if (found && id) {
    return { review: found.review, id };
  }
  const review = reviews.current;
  return review && review.focused !== null ? { review, id: review.focused } : null;
}

async function accept(reviews: IReviews, run: boolean): Promise<void> {
  const at = target(reviews);
  if (!at) {
    return;
  }
  const result = await at.review.accept(at.id, { run });
  if (result.outcome !== 'accepted' && result.outcome !== 'inert') {
    Notification.warning(`Not accepted. ${result.reason}`, { autoClose: 8000 });
  }
}

export function addCommands(
  app: JupyterFrontEnd,
  reviews: IReviews,
  panel: ProposalPanel,
  palette: ICommandPalette | null
): void {
  const { commands, shell } = app;
  const open = (): void => {
    if (!panel.isAttached) {
      shell.add(panel, 'right', { rank: 500 });
    }
    shell.activateById(PANEL_ID);
  };
  const hasTarget = (): boolean => target(reviews) !== null;
  const hasNotebook = (): boolean => reviews.current !== null;

  /** Bring a notebook to the front; where it is there, the focus is left to its ghosts. */
  const show = (review: IReview): void => {
    if (!review.panel.isVisible) {
      shell.activateById(review.panel.id);
      // Else the notebook would take the focus after the ghost has.
      MessageLoop.flush();
    }
  };

  const step = (by: 1 | -1): void => {
    const review = target(reviews)?.review ?? reviews.current;
    if (!review) {
      return;
    }
    if (review.proposals.some(view => view.proposal.status === 'pending')) {
      show(review);
      review.step(by);
    } else {
      Notification.info('No proposal is waiting in this notebook.', { autoClose: 3000 });
    }
  };

  commands.addCommand(CommandIDs.openPanel, {
    label: 'Show the Proposals Panel',
    caption: 'Ask for changes to the notebook, and see what is proposed',
    execute: open
  });
  commands.addCommand(CommandIDs.focusPrompt, {
    label: 'Ask for a Change',
    caption: 'Open the panel with the cursor in the prompt',
    execute: () => {
      open();
      panel.focusPrompt();
    }
  });
  commands.addCommand(CommandIDs.accept, {
    label: 'Accept Proposal',
    isEnabled: hasTarget,
    execute: () => accept(reviews, false)
  });
  commands.addCommand(CommandIDs.acceptAndRun, {
    label: 'Accept Proposal and Run It',
    isEnabled: hasTarget,
    execute: () => accept(reviews, true)
  });
  commands.addCommand(CommandIDs.reject, {
    label: 'Reject Proposal',
    isEnabled: hasTarget,
    execute: () => {
      const at = target(reviews);
      at?.review.reject(at.id);
    }
  });
  commands.addCommand(CommandIDs.next, {
    label: 'Next Proposal',
    isEnabled: hasNotebook,
    execute: () => step(1)
  });
  commands.addCommand(CommandIDs.previous, {
    label: 'Previous Proposal',
    isEnabled: hasNotebook,
    execute: () => step(-1)
  });
  commands.addCommand(CommandIDs.enterReview, {
    label: 'Review Proposals',
    caption: 'Turn to the next proposal in the notebook',
    isEnabled: hasNotebook,
    execute: () => {
      const review = reviews.current;
      if (review?.focused) {
        show(review);
        review.focus(review.focused);
      } else {
        step(1);
      }
    }
  });
  commands.addCommand(CommandIDs.leaveReview, {
    label: 'Leave Review',
    isEnabled: hasTarget,
    execute: () => {
      const review = target(reviews)?.review;
      if (review) {
        review.focus(null);
        shell.activateById(review.panel.id);
        void NotebookActions.focusActiveCell(review.panel.content);
      }
    }
  });
  for (const command of Object.values(CommandIDs)) {
    palette?.addItem({ command, category: CATEGORY });
  }
}
