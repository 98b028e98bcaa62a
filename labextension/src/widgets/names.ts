/** What a proposal and its parts are called. Pure. */
import type { Edit, Status } from '../protocol.gen';
import { revealed } from '../text';
import type { IProposalView } from '../tokens';

const STATUS: { readonly [status in Status]: string } = {
  drafting: 'Writing…',
  queued: 'Waits for its turn',
  pending: 'Pending',
  asking: 'Asks you',
  accepted: 'Accepted',
  rejected: 'Rejected',
  superseded: 'Superseded',
  answered: 'Answer',
  declined: 'Declined',
  cancelled: 'Cancelled',
  failed: 'Failed'
};

/** A proposal's name: its title, or what was asked. */
export function titleOf({ proposal }: IProposalView): string {
  // Only a change has a name of its own; an answer is called after its question.
  const { status } = proposal;
  const named = status !== 'answered' && status !== 'declined' && status !== 'asking';
  return (named && proposal.title) || proposal.origin.prompt.split('\n')[0] || 'Proposal';
}

/** The status as shown; a pending one that no longer fits says so. */
export function statusOf(view: IProposalView): { readonly text: string; readonly kind: string } {
  const { status } = view.proposal;
  if (view.stale) {
    return { text: 'Out of date', kind: 'stale' };
  }
  if (view.elsewhere && (status === 'accepted' || status === 'rejected')) {
    return { text: `${STATUS[status]} in another window`, kind: status };
  }
  if (status === 'answered' && view.proposal.suggestions.length > 0) {
    return { text: 'You answered', kind: status };
  }
  return { text: STATUS[status], kind: status };
}

/** Whether something still waits, for the model or for a person. */
export function isOpen({ proposal: { status } }: IProposalView): boolean {
  return (
    status === 'drafting' || status === 'queued' || status === 'pending' || status === 'asking'
  );
}

/** "2 of 5 accepted", where a person takes it in parts; else empty. */
export function takenOf({ proposal }: IProposalView): string {
  const { taken, edits, status } = proposal;
  if (taken.length === 0 || status !== 'pending') {
    return '';
  }
  return `${taken.length} of ${taken.length + edits.length} accepted`;
}

/** Why the card still stands there, where its status alone does not say it. */
export function aboutStatus(view: IProposalView): string {
  const { proposal } = view;
  if (proposal.status === 'superseded') {
    return 'Another version of this was accepted. If that is taken back, this one can be accepted again.';
  }
  return '';
}

/** Whether there is something to run in it. */
export function isCode(edit: Edit): boolean {
  return (edit.op === 'insert' || edit.op === 'replace') && edit.cell_type === 'code';
}

/** @param numberOf - A cell's position from 1; undefined where it is not in the notebook. */
export function editName(edit: Edit, numberOf: (id: string) => number | undefined): string {
  const cell = (id: string): string => {
    const number = numberOf(id);
    return number === undefined ? 'a cell that is gone' : `cell ${number}`;
  };
  const place = (after: string | null): string => {
    if (after === null) {
      return 'at the top';
    }
    const number = numberOf(after);
    return number === undefined ? '' : `after cell ${number}`;
  };
  switch (edit.op) {
    case 'insert':
      return `New ${revealed(edit.cell_type, false)} cell ${place(edit.after)}`.trim();
    case 'replace':
      return `Change of ${cell(edit.cell_id)}`;
    case 'delete':
      return `Delete ${cell(edit.cell_id)}`;
    case 'move':
      return `Move ${cell(edit.cell_id)} ${
        edit.after === null ? 'to the top' : place(edit.after)
      }`.trim();
  }
}
