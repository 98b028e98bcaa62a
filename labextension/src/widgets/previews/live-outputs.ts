/** What a cell of the notebook shows now, in the form of a dry run's outputs. */
import { isCodeCellModel, type ICellModel } from '@jupyterlab/cells';

import type { Output } from '../../protocol.gen';
import { converted, type Loose } from './converted';

export function liveOutputs(model: ICellModel | null | undefined): Output[] {
  if (!model || model.isDisposed || !isCodeCellModel(model)) {
    return [];
  }
  return model.outputs.toJSON().flatMap(output => converted(output as unknown as Loose));
}
