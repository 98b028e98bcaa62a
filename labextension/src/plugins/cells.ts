import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { IStateDB } from '@jupyterlab/statedb';

import { CommandIDs } from '../command-ids';
import { IReviews, type IReview } from '../tokens';
import { AutoMarks } from '../widgets/auto-marks';
import { InPlace } from '../widgets/inplace';
import { keysOf } from '../widgets/keys';
import { OutdatedCells } from '../widgets/outdated';
import { Tracebacks } from '../widgets/traceback';
import type { Help } from '../widgets/traceback/bar';
import { unsentOf } from '../widgets/unsent';
import { StaleMarks } from '../widgets/way-back/marks';

const NEW_LINE = 'llm-notebook:new-line';

/** What stands in the cells of one notebook. */
interface IParts {
  readonly inPlace: InPlace;
  readonly tracebacks: Tracebacks;
}

export const cellsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-llm-notebook:cells',
  description: 'Asking in place, help with errors, and cells that are out of date.',
  autoStart: true,
  requires: [IReviews, IStateDB],
  activate: ({ commands }: JupyterFrontEnd, reviews: IReviews, state: IStateDB): void => {
    const keys = keysOf(commands);
    const parts = new WeakMap<IReview, IParts>();
    const attach = (review: IReview): void => {
      if (!parts.has(review)) {
        new OutdatedCells(review);
        new AutoMarks(review);
        new StaleMarks(review);
        parts.set(review, {
          inPlace: new InPlace(review, unsentOf(state, review), keys),
          tracebacks: new Tracebacks(review, keys)
        });
      }
    };
    reviews.added.connect((_, review) => attach(review));
    reviews.all.forEach(attach);
    const current = (): IParts | undefined =>
      reviews.current ? parts.get(reviews.current) : undefined;
    const isEnabled = (): boolean => current() !== undefined;

    const help = async (what: Help): Promise<void> => {
      const cell = reviews.current?.panel.content.activeCell;
      await cell?.ready;
      if (cell && !current()?.tracebacks.ask(cell.model.id, what)) {
        Notification.info('The active cell shows no error.', { autoClose: 3000 });
      }
    };

    // JupyterLab runs the active cell on this key anywhere in a notebook; here it is a new line.
    commands.addCommand(NEW_LINE, {
      label: 'New Line in the Prompt at a Cell',
      execute: () => document.execCommand('insertText', false, '\n')
    });
    commands.addKeyBinding({
      command: NEW_LINE,
      selector: '.jp-Notebook .llm-InPlace textarea',
      keys: ['Shift Enter']
    });
    commands.addCommand(CommandIDs.askInPlace, {
      label: 'Ask About the Selected Lines or Cells',
      caption: 'Open a small prompt at the active cell',
      isEnabled,
      execute: () => current()?.inPlace.open()
    });
    commands.addCommand(CommandIDs.fix, {
      label: 'Fix the Error of This Cell',
      caption: 'Ask for a change of the active cell that fixes the error it shows',
      isEnabled,
      execute: () => help('fix')
    });
    commands.addCommand(CommandIDs.explain, {
      label: 'Explain the Error of This Cell',
      caption: 'Ask what the error of the active cell means; nothing is changed',
      isEnabled,
      execute: () => help('explain')
    });
  }
};
