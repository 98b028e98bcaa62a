/** The commands of review mode that act within a proposal, with the keys in `schema/plugin.json`. */
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { CommandRegistry } from '@lumino/commands';

import { CommandIDs } from './command-ids';
import type { IReviews } from './tokens';
import type { Whereabouts } from './widgets/choosers';
import { KEYS, type ITarget } from './widgets/ghosts/actions';
import { deskOf, type Desk } from './widgets/ghosts/desk';
import type { ProposalPanel } from './widgets/panel';

const CATEGORY = 'Proposals';

/** Those that the panel names too are put into the palette with the panel's. */
const COMMON: ReadonlySet<string> = new Set(Object.values(CommandIDs));

export function addReviewCommands(
  commands: CommandRegistry,
  reviews: IReviews,
  palette: ICommandPalette | null,
  panel: Pick<ProposalPanel, 'focusFollowUp'>,
  where: Whereabouts
): void {
  const at = (): { desk: Desk; target: ITarget } | null => {
    const desk = deskOf(reviews.current);
    const target = desk?.target ?? null;
    return desk && target ? { desk, target } : null;
  };
  /** The proposal whose card has the focus. */
  const card = (): string | undefined =>
    where.element?.closest<HTMLElement>('.llm-Card')?.dataset.proposal;
  const add = (
    id: string,
    label: string,
    caption: string,
    act: (desk: Desk, target: ITarget) => void
  ): void => {
    commands.addCommand(id, {
      label,
      caption,
      isEnabled: () => at() !== null,
      execute: () => {
        const found = at();
        if (found) {
          act(found.desk, found.target);
        }
      }
    });
    if (!COMMON.has(id)) {
      palette?.addItem({ command: id, category: CATEGORY });
    }
  };

  add(
    KEYS.nextPart,
    'Next Part of the Proposal',
    'Mark the next hunk or cell; accept and reject then act on it',
    desk => desk.step(1)
  );
  add(
    KEYS.previousPart,
    'Previous Part of the Proposal',
    'Mark the hunk or cell before; before the first is all of the proposal',
    desk => desk.step(-1)
  );
  add(
    KEYS.edit,
    'Edit the Proposed Text',
    'Change what is proposed before you accept it',
    (desk, target) => desk.edit(target)
  );
  add(
    KEYS.acceptEdited,
    'Accept the Proposed Text as Edited',
    'Accept with your own changes',
    (desk, target) => desk.acceptEdited(target)
  );
  commands.addCommand(KEYS.refine, {
    label: 'Follow Up on the Proposal',
    caption: 'Say what should be different; it is drafted as the next version',
    isEnabled: () => card() !== undefined || at() !== null,
    execute: () => {
      const id = card();
      const found = at();
      if (id !== undefined) {
        panel.focusFollowUp(id);
      } else {
        found?.desk.openFollowUp(found.target.proposal);
      }
    }
  });
  add(
    KEYS.previousVersion,
    'Previous Version of the Proposal',
    'Show the version before',
    (desk, { proposal }) => desk.version(proposal, -1)
  );
  add(
    KEYS.nextVersion,
    'Next Version of the Proposal',
    'Show the version after',
    (desk, { proposal }) => desk.version(proposal, 1)
  );
  add(
    KEYS.since,
    'Show What Changed since the Version Before',
    'Turn the difference from the version before on or off',
    (desk, { proposal }) => desk.since(proposal)
  );
  add(
    KEYS.regenerate,
    'Regenerate the Proposal',
    'Ask the same about the notebook as it is now',
    (desk, { proposal }) => desk.regenerate(proposal)
  );
  add(
    KEYS.seeBoth,
    'See Both Texts of a Change That Is out of Date',
    'Show the cell as it is now beside what was proposed',
    (desk, target) => desk.seeBoth(target)
  );
  add(
    KEYS.otherEnd,
    'Turn to the Other End of a Move',
    'From the cell to where it would go, and back',
    (desk, target) => desk.otherEnd(target)
  );
  add(
    KEYS.preview,
    'Preview the Proposal Again, or Stop It',
    'Run what is proposed in a sandbox, and see what it would do; while it runs, end it',
    (desk, { proposal }) => desk.togglePreview(proposal)
  );
}
