import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';

import { STATUS_MIME } from '../protocol.gen';
import { IReviews } from '../tokens';
import { keysOf } from '../widgets/keys';
import { StatusLine } from '../widgets/status';

export const statusPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-llm-notebook:status',
  description: 'The live line over the output of a %%llm cell.',
  autoStart: true,
  requires: [IReviews, IRenderMimeRegistry],
  activate: (
    { commands }: JupyterFrontEnd,
    reviews: IReviews,
    registry: IRenderMimeRegistry
  ): void => {
    const keys = keysOf(commands);
    registry.addFactory(
      {
        // Text only, and what it can do comes from this page, not from the document.
        safe: true,
        mimeTypes: [STATUS_MIME],
        defaultRank: 20,
        createRenderer: () => new StatusLine(reviews, keys)
      },
      20
    );
  }
};
