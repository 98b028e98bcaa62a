/** The commands of the review, with the keys in `schema/plugin.json`. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification, type ICommandPalette } from '@jupyterlab/apputils';
import { NotebookActions } from '@jupyterlab/notebook';
import { MessageLoop } from '@lumino/messaging';

import { CommandIDs } from './command-ids';
import { DEFAULT_LEVEL } from './services/choices';
import { revealed } from './text';
import type { IReview, IReviews } from './tokens';
import type { Whereabouts } from './widgets/choosers';
import { deskOf, type Desk } from './widgets/ghosts/desk';
import { accept } from './widgets/live';
import { PANEL_ID, type ProposalPanel } from './widgets/panel';

const CATEGORY = 'Proposals';

interface ITarget {
  readonly review: IReview;
  readonly id: string;
  readonly isCard: boolean;
}

/** The proposal that the keyboard is on: by its card, else by review mode. */
function targetAt(where: Whereabouts, reviews: IReviews): ITarget | null {
  const element = where.element?.closest<HTMLElement>('.llm-Review[data-proposal]');
  const id = element?.dataset.proposal;
  const found = id ? reviews.find(id) : null;
  if (found && id) {
    return { review: found.review, id, isCard: true };
  }
  const review = reviews.current;
  return review?.focused ? { review, id: review.focused, isCard: false } : null;
}

/** In a ghost, keys act on the part that is marked there; false elsewhere. */
function atGhost(
  { review, isCard }: ITarget,
  act: (desk: Desk, marked: NonNullable<Desk['target']>) => void
): boolean {
  const desk = isCard ? null : deskOf(review);
  const marked = desk?.target ?? null;
  if (desk && marked) {
    act(desk, marked);
  }
  return marked !== null;
}

async function decide(at: ITarget | null, run: boolean): Promise<void> {
  if (at && !atGhost(at, (desk, marked) => desk.accept(marked, run))) {
    await accept(at.review, at.id, { run });
  }
}

/** The accept that was made last and can be taken back; proposals are newest first. */
function lastAccepted(reviews: IReviews): string | null {
  const views = reviews.current?.proposals ?? [];
  return views.find(view => view.canTakeBack)?.proposal.id ?? null;
}

export function addCommands(
  app: JupyterFrontEnd,
  reviews: IReviews,
  panel: ProposalPanel,
  where: Whereabouts,
  palette: ICommandPalette | null
): void {
  const { commands, shell } = app;
  const target = (): ITarget | null => targetAt(where, reviews);
  const open = (): void => {
    if (!panel.isAttached) {
      shell.add(panel, 'right', { rank: 500 });
    }
    shell.activateById(PANEL_ID);
  };
  const hasTarget = (): boolean => target() !== null;
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
    const review = target()?.review ?? reviews.current;
    if (!review) {
      return;
    }
    const question = review.proposals.find(view => view.proposal.status === 'asking');
    if (review.proposals.some(view => view.proposal.status === 'pending')) {
      show(review);
      review.step(by);
    } else if (question) {
      open();
      panel.focusQuestion(question.proposal.id);
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
    execute: () => decide(target(), false)
  });
  commands.addCommand(CommandIDs.acceptAndRun, {
    label: 'Accept Proposal and Run It',
    isEnabled: hasTarget,
    execute: () => decide(target(), true)
  });
  commands.addCommand(CommandIDs.reject, {
    label: 'Reject Proposal',
    isEnabled: hasTarget,
    execute: () => {
      const at = target();
      if (at && !atGhost(at, (desk, marked) => desk.reject(marked))) {
        at.review.reject(at.id);
      }
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
      const review = target()?.review;
      // First from a part to the proposal that it is of.
      if (review && !deskOf(review)?.unmark()) {
        review.focus(null);
        shell.activateById(review.panel.id);
        void NotebookActions.focusActiveCell(review.panel.content);
      }
    }
  });
  commands.addCommand(CommandIDs.takeBack, {
    label: 'Take Back the Last Accept',
    caption: 'Undo an accept as one step; its proposal waits again',
    isEnabled: () => lastAccepted(reviews) !== null,
    execute: () => {
      const review = reviews.current;
      const id = lastAccepted(reviews);
      if (review && id !== null) {
        const result = review.takeBack(id);
        if (result.outcome !== 'accepted') {
          Notification.warning(`Not taken back. ${revealed(result.reason)}`, { autoClose: 8000 });
        }
      }
    }
  });
  commands.addCommand(CommandIDs.focusLevel, {
    label: 'Set the Level',
    caption: 'Open the panel with the keys on the slider; only your own hand raises it to Auto-run',
    isEnabled: hasNotebook,
    execute: () => {
      open();
      panel.focusLevel();
    }
  });
  commands.addCommand(CommandIDs.rerunStale, {
    label: 'Re-run the Cells That Are out of Date',
    caption: 'Run the fewest cells after which notebook and kernel agree',
    isEnabled: hasNotebook,
    execute: async () => {
      const way = reviews.current?.wayBack;
      if (way?.truth && !way.truth.is_certain) {
        await commands.execute('notebook:restart-run-all');
      } else if (way?.truth?.rerun.length) {
        way.rerun();
      } else {
        Notification.info('No cell has to run again.', { autoClose: 3000 });
      }
    }
  });
  commands.addCommand(CommandIDs.toggleLevel, {
    label: 'Let Models Propose',
    caption: 'Off: nothing is asked of a model',
    isEnabled: hasNotebook,
    isToggled: () => (reviews.current?.level ?? 0) > 1,
    execute: () => {
      const review = reviews.current;
      review?.setLevel(review.chosenLevel > 1 ? 0 : DEFAULT_LEVEL);
    }
  });
  reviews.currentChanged.connect(() => commands.notifyCommandChanged());
  for (const command of Object.values(CommandIDs)) {
    palette?.addItem({ command, category: CATEGORY });
  }
}
