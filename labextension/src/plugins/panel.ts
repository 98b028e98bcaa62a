import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';

import { addCommands, CommandIDs } from '../commands';
import { IReviews } from '../tokens';
import { PANEL_ID, ProposalPanel } from '../widgets/panel';

export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-llm-notebook:panel',
  description: 'The side panel, and the commands of the review.',
  autoStart: true,
  requires: [IReviews],
  optional: [ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    reviews: IReviews,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const panel = new ProposalPanel(reviews);
    restorer?.add(panel, PANEL_ID);
    app.shell.add(panel, 'right', { rank: 500 });
    addCommands(app, reviews, panel, palette);
    if (new URLSearchParams(window.location.search).get('llm-notebook') === 'open') {
      void app.restored.then(() => app.commands.execute(CommandIDs.openPanel));
    }
  }
};
