/** Whether what a kernel says of itself and of what it kept can be read. */
import type { KernelTruth } from '../protocol.gen';
import { isList, isObject, isText, type Loose } from './checks';

const BY_NAME = (value: unknown): boolean =>
  isObject(value) && isText(value.name) && isText(value.why);

export function isTruth(value: unknown): value is KernelTruth {
  return (
    isObject(value) &&
    isList(value.variables, one => BY_NAME(one) && isText((one as Loose).standing)) &&
    isList(
      value.cells,
      one =>
        isObject(one) &&
        isText(one.cell) &&
        isText(one.standing) &&
        isText(one.label) &&
        isText(one.why)
    ) &&
    isList(value.rerun, isText) &&
    typeof value.is_certain === 'boolean' &&
    isText(value.doubt) &&
    isText(value.summary) &&
    (value.seconds === null || typeof value.seconds === 'number')
  );
}

export const isOutcome = (data: Loose): boolean =>
  isText(data.proposal_id) &&
  isList(data.names, isText) &&
  isList(data.not_kept ?? data.not_restored, BY_NAME) &&
  isText(data.text);
