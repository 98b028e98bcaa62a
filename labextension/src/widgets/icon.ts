import { LabIcon } from '@jupyterlab/ui-components';

import proposalSvg from '../../style/icons/proposal.svg';

/** One cell, and one put behind it. */
export const proposalIcon = new LabIcon({
  name: 'llm-notebook:proposal',
  svgstr: proposalSvg
});
