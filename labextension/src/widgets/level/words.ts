/** What is said of the slider and of what it does. Pure. */
import type { IAutonomy, IFate } from '../../autonomy';
import type { Level, Reason, Tally } from '../../protocol.gen';
import { counted } from '../context/summary';

/** What each position means, for a tip. */
export const ABOUT: { readonly [level in Level]: string } = {
  0: 'Nothing is asked of a model',
  1: 'A model goes on with what you type; Tab takes it',
  2: 'A model may propose changes; you accept or reject them',
  3: 'As Propose, and each proposal is run in a sandbox first, so that you see what it does',
  4: 'As Preview, and what the rules allow is accepted and run by itself; the rest is held for you'
};

export const KINDS: { readonly [kind in Tally['kind']]: string } = {
  adds: 'Adds a cell',
  changes: 'Changes a cell',
  removes: 'Deletes or moves a cell',
  plots: 'Shows a plot',
  writes: 'Writes files',
  reaches: 'Starts a process or contacts a host'
};

/** What the level does with a proposal; empty where there is nothing to say. */
export function fateLine({ fate, why, reasons }: IFate, level: Level): string {
  if (fate === 'denied') {
    return level === 4 ? `Denied: ${why}` : `Denied by the rules: ${why}`;
  }
  if (level === 4) {
    return fate === 'held' ? `Held: ${why}` : fate === 'waits' ? `Waits: ${why}` : '';
  }
  // Below, only what is known of the proposal itself is worth a line.
  return level === 3 && fate === 'held' && reasons.length > 0
    ? `Auto-run would hold it: ${why}`
    : '';
}

/** A reason with its rule and its place. */
export function reasonText(
  { text, rule, cell, line }: Reason,
  numberOf: (cell: string) => number | undefined
): string {
  const number = cell === '' ? undefined : numberOf(cell);
  const place = [
    rule && `rule ${rule}`,
    number !== undefined && `cell ${number}`,
    line !== null && `line ${line}`
  ].filter(Boolean);
  return place.length > 0 ? `${text} (${place.join(', ')})` : text;
}

/** "4 accepted, 1 rejected". */
export function tallyText({ accepted, rejected, undone, auto }: Tally): string {
  return [
    accepted > 0 && `${accepted} accepted`,
    auto > 0 && `${auto} run by ${auto === 1 ? 'itself' : 'themselves'}`,
    undone > 0 && `${undone} taken back`,
    rejected > 0 && `${rejected} rejected`
  ]
    .filter(Boolean)
    .join(', ');
}

/** The leash, and what is left of the budget. */
export function leashText({ leash, budget, grants }: IAutonomy): string {
  const may = grants.map(
    ({ effect, under }) => `${effect === 'reads' ? 'read' : 'write'} in ${under}`
  );
  const granted = may.length > 0 ? ` Granted: ${may.join(', ')}.` : '';
  const own = `Leash: ${counted(leash.cells, 'cell')}, ${counted(leash.lines, 'line')} a proposal.`;
  return budget
    ? `${own}${granted} Auto-run: ${budget.used} of ${counted(budget.runs, 'run')} used, ${counted(budget.minutes, 'minute')} left.`
    : `${own}${granted}`;
}
