/**
 * Ghosts: what a proposal looks like in the notebook before it is accepted.
 */
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { IStateDB } from '@jupyterlab/statedb';

import { IReviews } from '../../tokens';
import type { IReview } from '../../tokens';
import { DownstreamBars } from '../previews/downstream-bars';
import { typesettingOf } from '../previews/typesetting';
import { unsentOf } from '../unsent';
import { REVIEW_CLASS } from './ghost';
import { keysOf } from './keys';
import { GhostOverlay } from './overlay';

const REST = 'llm-notebook:rest';

export const ghostsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-llm-notebook:ghosts',
  description: 'Shows proposed edits in the notebook, outside the document.',
  autoStart: true,
  requires: [IReviews, IEditorLanguageRegistry, INotebookTracker, IRenderMimeRegistry, IStateDB],
  activate: (
    app,
    reviews: IReviews,
    languages: IEditorLanguageRegistry,
    tracker: INotebookTracker,
    rendermime: IRenderMimeRegistry,
    state: IStateDB
  ) => {
    const known = new WeakSet<IReview>();
    const overlays = new Set<GhostOverlay>();
    const keys = keysOf(app.commands);
    const typesetting = typesettingOf(rendermime);
    const attach = (review: IReview) => {
      if (!known.has(review)) {
        known.add(review);
        overlays.add(
          new GhostOverlay(review, languages, keys, typesetting, unsentOf(state, review))
        );
        new DownstreamBars(review, typesetting);
      }
    };
    reviews.added.connect((_, review) => attach(review));
    tracker.forEach(panel => {
      const review = reviews.of(panel);
      if (review) {
        attach(review);
      }
    });

    // JupyterLab runs the active cell on this key anywhere in a notebook.
    app.commands.addCommand(REST, {
      label: 'Do Not Run the Cell Behind a Proposal',
      execute: () => undefined
    });
    app.commands.addKeyBinding({
      command: REST,
      selector: `.jp-Notebook .${REVIEW_CLASS}`,
      keys: ['Shift Enter']
    });
  }
};
