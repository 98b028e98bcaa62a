/** What can be done with a proposal, in its card. */
import * as React from 'react';

import { Action } from './card-basics';
import type { ICardProps } from './card';
import { isCode } from './names';
import { costOf } from './previews/words';

export function Actions(
  props: ICardProps & {
    readonly onNote: (note: string) => void;
    readonly onRefine: () => void;
  }
): React.JSX.Element {
  const { review, view, canAsk, keys, onNote, onRefine } = props;
  const { proposal } = view;
  const { id, status } = proposal;
  const pending = status === 'pending';
  const cost = costOf(props.preview);
  const isParted = pending && (proposal.edits.length > 1 || proposal.taken.length > 0);
  const all = isParted ? (proposal.taken.length > 0 ? ' the rest' : ' all') : '';
  const accept = (run: boolean): void => {
    void review.accept(id, { run }).then(result => {
      onNote(result.outcome === 'accepted' ? '' : result.reason);
    });
  };
  return (
    <div className="llm-Card-actions">
      {status === 'drafting' && (
        <Action label="Cancel" title="Stop the model" onClick={() => review.cancel(id)} />
      )}
      {status === 'asking' && (
        <Action
          label="Never mind"
          title="Leave the question unanswered"
          onClick={() => review.cancel(id)}
        />
      )}
      {pending && !view.stale && (
        <>
          <Action
            label={`Accept${all}`}
            title={keys.tip('Accept', 'accept')}
            accent="accept"
            onClick={() => accept(false)}
          />
          {proposal.edits.some(isCode) && (
            <Action
              label={`Accept${all} & run${cost && ` (${cost})`}`}
              title={keys.tip(
                cost ? `Accept, and run the cells again: ${cost}` : 'Accept, and run the cells',
                'acceptAndRun'
              )}
              onClick={() => accept(true)}
            />
          )}
        </>
      )}
      {view.stale && (
        <Action
          label="Regenerate"
          title="Ask the same again about the notebook as it is now; it becomes the next version"
          disabled={!canAsk}
          onClick={() => review.regenerate(id)}
        />
      )}
      {pending && (
        <Action
          label={`Reject${all}`}
          title={keys.tip('Reject', 'reject')}
          onClick={() => review.reject(id)}
        />
      )}
      {pending && (
        <Action
          label="Show"
          title={keys.tip('Show in the notebook, in review mode', 'enterReview')}
          onClick={() => review.focus(id)}
        />
      )}
      {props.preview?.isQuiet && props.preview.canRun && (
        <Action
          label="Preview"
          title={keys.tip('Run it in a sandbox, and see what it would do', 'preview')}
          onClick={() => onNote(review.previews.run(id))}
        />
      )}
      {pending && (
        <Action
          label="Refine…"
          act="refine"
          title={keys.tip('A follow-up makes its next version', 'refine')}
          disabled={!canAsk}
          onClick={onRefine}
        />
      )}
      {(status === 'accepted' || view.canTakeBack) && !view.elsewhere && (
        <Action
          label="Take back"
          title={
            view.canTakeBack
              ? 'Undo this accept as one step; the proposal waits again'
              : 'It cannot be taken back now; press to see why'
          }
          onClick={() => {
            const result = review.takeBack(id);
            onNote(result.outcome === 'accepted' ? '' : result.reason);
          }}
        />
      )}
      {(status === 'failed' || status === 'cancelled') && (
        <Action
          label="Retry"
          title="Ask the same again"
          disabled={!canAsk}
          onClick={() => review.again(id)}
        />
      )}
    </div>
  );
}
