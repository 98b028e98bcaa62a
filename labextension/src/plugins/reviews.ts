import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISessionContextDialogs } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import { IStateDB } from '@jupyterlab/statedb';
import { Ceiling } from '../services/ceiling';
import { SettingChoices } from '../services/choices';
import { Gestures } from '../services/gestures';
import { Reviews } from '../services/reviews';
import { IReviews } from '../tokens';

/** The settings and key bindings are those of this plugin: `schema/plugin.json`. */
export const reviewsPlugin: JupyterFrontEndPlugin<IReviews> = {
  id: 'jupyterlab-llm-notebook:plugin',
  description: 'Proposals of the open notebooks, and what a person can do with them.',
  autoStart: true,
  requires: [INotebookTracker, ISettingRegistry],
  optional: [ISessionContextDialogs, IStateDB],
  provides: IReviews,
  activate: async (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    registry: ISettingRegistry,
    dialogs: ISessionContextDialogs | null,
    store: IStateDB | null
  ): Promise<IReviews> => {
    // Before any notebook can show an output of its own.
    const gestures = new Gestures(window, () => app.commands.keyBindings);
    const ceiling = new Ceiling();
    void ceiling.read();
    const settings = await registry.load(reviewsPlugin.id);
    const choices = new SettingChoices(settings);
    const authority = { gestures, ceiling };
    return new Reviews(tracker, choices, dialogs ?? undefined, store, authority);
  }
};
