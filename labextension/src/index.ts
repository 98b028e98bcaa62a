import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { cellsPlugin } from './plugins/cells';
import { completePlugin } from './plugins/complete';
import { panelPlugin } from './plugins/panel';
import { reviewsPlugin } from './plugins/reviews';
import { statusPlugin } from './plugins/status';
import { statusbarPlugin } from './plugins/statusbar';
import { ghostsPlugin } from './widgets/ghosts';

export { IReviews } from './tokens';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  reviewsPlugin,
  panelPlugin,
  statusPlugin,
  statusbarPlugin,
  cellsPlugin,
  completePlugin,
  ghostsPlugin
];

export default plugins;
