/** A proposal's card: what it says, what it would change, what can be done. */
import * as React from 'react';

import type { Problem, Status } from '../protocol.gen';
import type { IProposalView, IReview } from '../tokens';
import { EditRow, PlainText } from './code';

const STATUS: { readonly [status in Status]: string } = {
  drafting: 'Writing…',
  pending: 'Pending',
  accepted: 'Accepted',
  rejected: 'Rejected',
  answered: 'Answer',
  declined: 'Declined',
  cancelled: 'Cancelled',
  failed: 'Failed'
};

/** A proposal's name: its title, or what was asked. */
export function titleOf({ proposal }: IProposalView): string {
  // Only a change has a name of its own; an answer is called after its question.
  const named = proposal.status !== 'answered' && proposal.status !== 'declined';
  return (named && proposal.title) || proposal.origin.prompt.split('\n')[0] || 'Proposal';
}

/** The status as shown; a pending one that no longer fits says so. */
export function statusOf(view: IProposalView): { readonly text: string; readonly kind: string } {
  if (view.stale) {
    return { text: 'Out of date', kind: 'stale' };
  }
  return { text: STATUS[view.proposal.status], kind: view.proposal.status };
}

interface IActionProps {
  readonly label: string;
  readonly title: string;
  readonly accent?: 'accept' | 'reject';
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

/** A button with a tooltip that names its key. */
export function Action(props: IActionProps): React.JSX.Element {
  const accent = props.accent ? ` jp-mod-styled jp-mod-${props.accent}` : ' jp-mod-styled';
  return (
    <button
      type="button"
      className={`llm-Button${accent}`}
      title={props.title}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      {props.label}
    </button>
  );
}

/** What happened, what was kept, what to do next. */
export function ProblemText(props: { readonly problem: Problem }): React.JSX.Element {
  const { message, kept, next } = props.problem;
  return (
    <div className="llm-Problem">
      <p>
        <PlainText text={message} />
      </p>
      {kept && (
        <p className="llm-Problem-kept">
          <PlainText text={kept} />
        </p>
      )}
      {next && (
        <p className="llm-Problem-next">
          <PlainText text={next} />
        </p>
      )}
    </div>
  );
}

export interface ICardProps {
  readonly review: IReview;
  readonly view: IProposalView;
  readonly focused: boolean;
  readonly modelLabel: string;
  /** The session can be asked now. */
  readonly canAsk: boolean;
  /** Ask these words anew. */
  readonly onAsk: (prompt: string) => void;
}

function CardView(props: ICardProps): React.JSX.Element {
  const { review, view, focused, canAsk, onAsk } = props;
  const { proposal } = view;
  const [note, setNote] = React.useState('');
  const status = statusOf(view);
  const open = proposal.status === 'pending' || proposal.status === 'drafting';
  const askAgain = (): void => {
    review.reject(proposal.id);
    review.dismiss(proposal.id);
    onAsk(proposal.origin.prompt);
  };
  const accept = (run: boolean): void => {
    void review.accept(proposal.id, { run }).then(result => {
      setNote(result.outcome === 'accepted' ? '' : result.reason);
    });
  };
  return (
    <article
      className={`llm-Card llm-mod-${status.kind}${open ? ' llm-Review' : ''}${focused ? ' llm-mod-focused' : ''}`}
      aria-label={`${titleOf(view)}: ${status.text}`}
      data-proposal={proposal.id}
      tabIndex={open ? 0 : -1}
    >
      <header className="llm-Card-header">
        <h3 className="llm-Card-title" title={proposal.origin.prompt}>
          <PlainText text={titleOf(view)} />
        </h3>
        <span className={`llm-Chip llm-mod-${status.kind}`}>{status.text}</span>
        {!open && (
          <button
            type="button"
            className="llm-Card-dismiss"
            title="Put this card away"
            aria-label="Put this card away"
            onClick={() => review.dismiss(proposal.id)}
          >
            ×
          </button>
        )}
      </header>
      <div className="llm-Card-model">{props.modelLabel}</div>
      {titleOf(view) !== proposal.origin.prompt && (
        <div className="llm-Card-prompt" title="What you asked">
          <PlainText text={proposal.origin.prompt} />
        </div>
      )}
      {proposal.notice && (
        <p className="llm-Card-notice">
          <PlainText text={proposal.notice} />
        </p>
      )}
      {proposal.rationale && (
        <p className="llm-Card-text">
          <PlainText text={proposal.rationale} />
        </p>
      )}
      {proposal.answer && (
        <p className="llm-Card-text">
          <PlainText text={proposal.answer} />
        </p>
      )}
      {proposal.problem && <ProblemText problem={proposal.problem} />}
      {view.stale && (
        <p className="llm-Card-notice">
          A cell that this builds on was changed or taken out since. It cannot be accepted; the
          notebook was not touched.
        </p>
      )}
      {proposal.suggestions.length > 0 && (
        <div className="llm-Card-actions" role="group" aria-label="What can be asked instead">
          {proposal.suggestions.map((suggestion, index) => (
            <Action
              key={index}
              label={suggestion.label}
              title={suggestion.prompt}
              disabled={!canAsk}
              onClick={() => onAsk(suggestion.prompt)}
            />
          ))}
        </div>
      )}
      {view.edits.length > 0 && (
        <ul className="llm-Card-edits">
          {view.edits.map(edit => (
            <EditRow key={edit.index} view={edit} status={proposal.status} />
          ))}
        </ul>
      )}
      {note && (
        <p className="llm-Card-notice" role="status">
          {note}
        </p>
      )}
      <div className="llm-Card-actions">
        {proposal.status === 'drafting' && (
          <Action
            label="Cancel"
            title="Stop the model"
            onClick={() => review.cancel(proposal.id)}
          />
        )}
        {proposal.status === 'pending' && !view.stale && (
          <>
            <Action
              label="Accept"
              title="Accept (Y in review mode)"
              accent="accept"
              onClick={() => accept(false)}
            />
            <Action
              label="Accept & run"
              title="Accept and run the new cells (Shift Y in review mode)"
              onClick={() => accept(true)}
            />
          </>
        )}
        {proposal.status === 'pending' && (
          <Action
            label="Reject"
            title="Reject (N in review mode)"
            onClick={() => review.reject(proposal.id)}
          />
        )}
        {view.stale && (
          <Action
            label="Ask again"
            title="Reject this one, and ask the same of the notebook as it is now"
            disabled={!canAsk}
            onClick={askAgain}
          />
        )}
        {proposal.status === 'pending' && (
          <Action
            label="Show"
            title="Show in the notebook, in review mode (G R in the notebook)"
            onClick={() => review.focus(proposal.id)}
          />
        )}
        {(proposal.status === 'failed' || proposal.status === 'cancelled') && (
          <Action
            label="Retry"
            title="Ask the same again"
            disabled={!canAsk}
            onClick={() => {
              review.dismiss(proposal.id);
              onAsk(proposal.origin.prompt);
            }}
          />
        )}
      </div>
    </article>
  );
}

/** Drawn again only when what it shows has changed. */
export const Card = React.memo(CardView);
