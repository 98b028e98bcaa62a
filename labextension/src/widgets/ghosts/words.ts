/** What a ghost says. Pure. */
import type { Edit, Proposal } from '../../protocol.gen';
import type { IProposalView } from '../../tokens';
import { KEYS } from './actions';
import { revealed } from '../../text';
import { keyOf } from './parts';
import type { IMark } from './parts';
import type { IPlace, Kind } from './places';

const NAMES: Record<Kind, string> = {
  insert: 'Proposed new cell',
  replace: 'Proposed change',
  delete: 'Proposed deletion',
  move: 'Proposed move',
  landing: 'Proposed place'
};

export const SIGNS: Record<Kind, string> = {
  insert: '+',
  replace: '±',
  delete: '−',
  move: '↕',
  landing: '→'
};

export function isCode(edit: Edit): boolean {
  return 'cell_type' in edit && edit.cell_type === 'code';
}

export function titleOf({ proposal }: IProposalView): string {
  return proposal.title || (proposal.origin.prompt.trim().split('\n')[0] ?? '');
}

export function whatOf(place: IPlace): string {
  const change = place.edit.edit;
  switch (change.op) {
    case 'insert':
      return `New ${revealed(change.cell_type, false)} cell`;
    case 'replace':
      return 'Proposed change';
    case 'delete':
      return 'Proposed deletion';
    case 'move':
      return place.destination
        ? `Proposed move: after cell ${place.destination}`
        : 'Proposed move: to the top';
  }
}

/** Which of a proposal's changes this is; empty where there is one. */
export function ordinalOf({ view, edit }: IPlace): string {
  const count = view.edits.length;
  return count > 1 ? `change ${edit.index + 1} of ${count}` : '';
}

export function nameOf(place: IPlace, stale: boolean): string {
  const change = place.edit.edit;
  const name =
    change.op === 'insert'
      ? `Proposed new ${revealed(change.cell_type, false)} cell`
      : NAMES[place.kind];
  const ordinal = ordinalOf(place);
  const old = stale ? 'Out of date: ' : '';
  return `${old}${name}: ${revealed(titleOf(place.view))}${ordinal && `, ${ordinal}`}`;
}

/** Why a stale edit cannot be taken. */
export function staleNote(place: IPlace): string {
  if (place.lost) {
    return place.kind === 'insert'
      ? 'The cell that this would stand under is gone.'
      : 'The cell that this would change is gone.';
  }
  return place.kind === 'insert'
    ? 'The cell that this would stand under is no longer there as proposed.'
    : 'You changed this cell since it was proposed. Nothing was applied, nothing is lost.';
}

/** A proposal's place in the sequence that a long reply was cut into. */
export function sequenceOf({ proposal }: IProposalView): string {
  const { part } = proposal;
  if (!part || part.count < 2) {
    return '';
  }
  const more = part.count - part.index;
  const waits = more === 1 ? '1 more waits' : `${more} more wait`;
  return `part ${part.index} of ${part.count}${more > 0 ? `, ${waits}` : ''}`;
}

export function wasEdited({ view, edit }: IPlace): boolean {
  return view.proposal.edited.includes(edit.edit.cell_id);
}

/** What is to be said of a newer version that does not take this one's place. */
export function nextNote(next: Proposal | null): string {
  if (!next) {
    return '';
  }
  const said = next.problem?.message || next.answer;
  switch (next.status) {
    case 'drafting':
      return `Version ${next.version} is being written; this one can still be taken.`;
    case 'cancelled':
      return 'The next version was cancelled.';
    case 'declined':
      return `No next version: ${revealed(said)}`;
    case 'failed':
      return `The next version failed: ${revealed(said)} Asked was: ${revealed(next.origin.prompt)}`;
    default:
      return revealed(said);
  }
}

/** What the version before would have done that this one no longer does. */
export function droppedSince(view: IProposalView, before: ReadonlyArray<Edit>): string {
  const now = new Set(view.proposal.edits.map(keyOf));
  const count = before.filter(edit => !now.has(keyOf(edit))).length;
  return count === 0
    ? ''
    : count === 1
      ? 'One change of the version before is no longer proposed.'
      : `${count} changes of the version before are no longer proposed.`;
}

/** For a screen reader: what the keys act on now. */
export function spoken(
  view: IProposalView,
  mark: IMark | null,
  key: (command: string) => string
): string {
  const keys = `${key(KEYS.accept)} accepts it, ${key(KEYS.reject)} rejects it.`;
  const count = view.edits.length;
  if (mark === null) {
    return count > 1 ? `All ${count} changes. ${keys}` : `The proposal as a whole. ${keys}`;
  }
  const edit = view.edits.find(item => keyOf(item.edit) === mark.key);
  if (!edit) {
    return '';
  }
  const change = count > 1 ? `Change ${edit.index + 1} of ${count}` : '';
  const hunk = mark.hunk === null ? '' : `Hunk ${mark.hunk + 1} of ${edit.hunks.length}`;
  return `${[hunk, change].filter(Boolean).join(', ')}. ${keys}`;
}
