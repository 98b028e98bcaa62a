import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { panelPlugin } from './plugins/panel';
import { reviewsPlugin } from './plugins/reviews';
import { statusPlugin } from './plugins/status';
import { ghostsPlugin } from './widgets/ghosts';

export { IReviews } from './tokens';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  reviewsPlugin,
  panelPlugin,
  statusPlugin,
  ghostsPlugin
];

export default plugins;
