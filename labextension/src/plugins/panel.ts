import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IStateDB } from '@jupyterlab/statedb';

import { CommandIDs } from '../command-ids';
import { addCommands } from '../commands';
import { addReviewCommands } from '../review-commands';
import { IReviews } from '../tokens';
import { Whereabouts } from '../widgets/choosers';
import { keysOf } from '../widgets/keys';
import { PANEL_ID, ProposalPanel } from '../widgets/panel';

export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-llm-notebook:panel',
  description: 'The side panel, and the commands of the review.',
  autoStart: true,
  requires: [IReviews, IStateDB],
  optional: [ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    reviews: IReviews,
    state: IStateDB,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const rerun = (): void => void app.commands.execute(CommandIDs.rerunStale);
    const panel = new ProposalPanel(reviews, keysOf(app.commands), state, rerun);
    restorer?.add(panel, PANEL_ID);
    app.shell.add(panel, 'right', { rank: 500 });
    const where = new Whereabouts();
    addCommands(app, reviews, panel, where, palette);
    addReviewCommands(app.commands, reviews, palette, panel, where);
    if (new URLSearchParams(window.location.search).get('llm-notebook') === 'open') {
      void app.restored.then(() => app.commands.execute(CommandIDs.openPanel));
    }
  }
};
