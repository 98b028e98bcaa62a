/** What can be done about a dry run, the first by its key. Pure. */
import type { IDryRunOptions, IPreviewView } from '../../previewing';
import { durationOf, largerBudget, offerOf } from './words';

export interface IOffer {
  readonly act: 'preview' | 'sample' | 'repair' | 'stop' | 'accept';
  readonly label: string;
  readonly title: string;
  readonly options: IDryRunOptions;
  readonly isEnabled: boolean;
}

/** @param sample - Rows of a sample. */
export function offersOf(view: IPreviewView, sample: number): IOffer[] {
  const { shown, isGoingOn, canRun, age } = view;
  if (isGoingOn) {
    return [
      {
        act: 'stop',
        label: 'Stop',
        title: 'End this dry run; what it has shown is kept',
        options: {},
        isEnabled: !view.isStopping
      }
    ];
  }
  const offers: IOffer[] = [];
  const add = (
    act: IOffer['act'],
    label: string,
    title: string,
    options: IDryRunOptions = {},
    isEnabled = canRun
  ): void => void offers.push({ act, label, title, options, isEnabled });
  const status = age === 'edits' ? null : (shown?.status ?? null);
  if (shown && (status === 'expensive' || status === 'budget')) {
    const budget = largerBudget(shown);
    const isBudget = status === 'budget';
    add(
      'preview',
      isBudget ? `Go on (up to ${durationOf(budget)})` : offerOf(shown.estimate),
      isBudget
        ? 'Run it again from its start, and allow it more time'
        : 'Run it in a sandbox, however long it takes',
      { budget }
    );
    const rows = sample.toLocaleString('en');
    add(
      'sample',
      'Try on a sample',
      `Cut data frames to ${rows} rows first; what you see is then only a hint`,
      { sample }
    );
    add('accept', 'Accept without preview', 'Take it as it is', {}, true);
  } else {
    const label = shown === null ? 'Preview' : 'Again';
    add('preview', label, 'Run it in a sandbox, and see what it would do');
  }
  if (view.canRepair) {
    add('repair', 'Repair', 'Ask for a next version, with the error');
  }
  return offers;
}
