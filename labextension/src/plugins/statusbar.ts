import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';

import { CommandIDs } from '../command-ids';
import { IReviews } from '../tokens';
import { keysOf } from '../widgets/keys';
import { StatusItem } from '../widgets/statusbar';

export const statusbarPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-llm-notebook:statusbar',
  description: 'The level and the number of pending proposals, in the status bar.',
  autoStart: true,
  requires: [IReviews],
  optional: [IStatusBar],
  activate: (app: JupyterFrontEnd, reviews: IReviews, bar: IStatusBar | null): void => {
    if (!bar) {
      return;
    }
    const item = new StatusItem(reviews, keysOf(app.commands), pending => {
      void app.commands.execute(pending > 0 ? CommandIDs.enterReview : CommandIDs.openPanel);
    });
    bar.registerStatusItem('llm-notebook:status', {
      item,
      align: 'left',
      rank: 90,
      isActive: () => item.isActive,
      activeStateChanged: item.activeChanged
    });
  }
};
