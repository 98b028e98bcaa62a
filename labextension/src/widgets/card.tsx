/** A proposal's card: what it says, what it would change, what can be done. */
import * as React from 'react';

import type { IPreviewView } from '../previewing';
import type { IFate } from '../autonomy';
import type { Level, Proposal } from '../protocol.gen';
import { revealed } from '../text';
import type { IProposalView, IReview } from '../tokens';
import { Actions } from './card-actions';
import { Action, ProblemText } from './card-basics';
import { EditList, Since, type NumberOf } from './card-edits';
import { FollowUp } from './card-follow-up';
import { Asks, Choices, NextVersion, Versions } from './card-parts';
import { Answer, PlainText } from './code';
import { PieceList } from './context/pieces';
import { summary, tokensOf, usageText } from './context/summary';
import { FollowUpWords } from './follow-up';
import type { IKeys } from './keys';
import { Fate } from './level/fate';
import { CardPreview, CardPreviewMore } from './previews/card-preview';
import type { Unsent } from './unsent';
import { aboutStatus, isOpen, statusOf, takenOf, titleOf } from './names';

export interface ICardProps {
  readonly review: IReview;
  readonly view: IProposalView;
  readonly focused: boolean;
  readonly modelLabel: string;
  readonly keys: IKeys;
  readonly unsent: Unsent;
  readonly numberOf: NumberOf;
  /** Its dry run; null where there is nothing to say of one. */
  readonly preview: IPreviewView | null;
  /** What the level does with it; null where it does not wait. */
  readonly fate: IFate | null;
  readonly level: Level;
  /** The version before, where this page has seen it. */
  readonly before: Proposal | undefined;
  /** The session can be asked now. */
  readonly canAsk: boolean;
}

function CardView(props: ICardProps): React.JSX.Element {
  const { review, view, focused, canAsk, numberOf, preview } = props;
  const { proposal } = view;
  const [note, setNote] = React.useState('');
  const [refining, setRefining] = React.useState<'no' | 'kept' | 'opened'>('no');
  const followUp = React.useMemo(
    () => new FollowUpWords(review, props.unsent, proposal),
    [review, props.unsent, proposal]
  );
  React.useEffect(() => {
    // Words from before a reload: the field is there again, and leaves the focus alone.
    void props.unsent.loaded.then(() => {
      if (followUp.words) {
        setRefining(now => (now === 'no' ? 'kept' : now));
      }
    });
  }, [props.unsent, followUp]);
  const status = statusOf(view);
  const open = isOpen(view);
  const title = titleOf(view);
  const remark = aboutStatus(view);
  // What is decided is one line, until somebody asks.
  const folded = ['accepted', 'rejected', 'superseded'].includes(proposal.status);
  const about =
    preview && !preview.isQuiet ? { review, view, preview, numberOf, keys: props.keys } : null;
  // That it waits for its dry run is said by the badge of that.
  const isFateNews = props.fate && !(props.fate.fate === 'waits' && preview?.isGoingOn);
  const facts = (
    <>
      <Facts {...props} />
      {title !== proposal.origin.prompt && (
        <div className="llm-Card-prompt" title="What you asked" dir="auto">
          <PlainText text={proposal.origin.prompt} />
        </div>
      )}
      {proposal.notice && (
        <p className="llm-Card-notice">
          <PlainText text={proposal.notice} />
        </p>
      )}
    </>
  );
  const why = (
    <>
      {proposal.rationale && (
        <p className="llm-Card-text" dir="auto">
          <PlainText text={proposal.rationale} />
        </p>
      )}
    </>
  );
  const changes = (
    <>
      <Since view={view} before={props.before} numberOf={numberOf} />
      {view.edits.length > 0 && (
        <EditList review={review} view={view} numberOf={numberOf} onNote={setNote} />
      )}
    </>
  );
  const sent = proposal.context.length > 0 && (
    <details className="llm-Card-more">
      <summary>{summary('Sent', proposal.context, tokensOf(proposal.context))}</summary>
      <PieceList name="What was sent" pieces={proposal.context} />
    </details>
  );
  return (
    <article
      className={`llm-Card llm-mod-${status.kind}${open ? ' llm-Review' : ' llm-mod-closed'}${folded ? ' llm-mod-folded' : ''}${focused ? ' llm-mod-focused' : ''}`}
      aria-label={`${revealed(title)}: ${status.text}`}
      aria-busy={proposal.status === 'drafting'}
      data-proposal={proposal.id}
      tabIndex={open ? 0 : -1}
    >
      <header className="llm-Card-header">
        <h3 className="llm-Card-title" title={revealed(proposal.origin.prompt)} dir="auto">
          <PlainText text={title} />
        </h3>
        <span className={`llm-Chip llm-mod-${status.kind}`}>{status.text}</span>
        {!open && (
          <button
            type="button"
            className="llm-Card-dismiss"
            title="Put this card away"
            aria-label={`Put this card away: ${revealed(title)}`}
            onClick={() => review.dismiss(proposal.id)}
          >
            ×
          </button>
        )}
      </header>
      {!folded && facts}
      {remark && <p className="llm-Card-remark">{remark}</p>}
      {!folded && why}
      {proposal.status !== 'asking' && proposal.answer && <Answer text={proposal.answer} />}
      {proposal.problem && <ProblemText problem={proposal.problem} />}
      {view.stale && (
        <p className="llm-Card-notice">
          You changed what this builds on. What no longer fits cannot be accepted as it is; the
          notebook was not touched.
        </p>
      )}
      {proposal.status === 'asking' && (
        <Choices
          question={proposal.answer}
          suggestions={proposal.suggestions}
          canAsk={canAsk}
          onChoose={index => review.choose(proposal.id, index)}
        />
      )}
      {proposal.status === 'declined' && proposal.suggestions.length > 0 && (
        <div className="llm-Card-actions" role="group" aria-label="What can be asked instead">
          {proposal.suggestions.map((suggestion, index) => (
            <React.Fragment key={index}>
              <Action
                label={suggestion.label}
                title={suggestion.prompt}
                disabled={!canAsk}
                onClick={() => review.choose(proposal.id, index)}
              />
              <Asks suggestion={suggestion} />
            </React.Fragment>
          ))}
        </div>
      )}
      {!folded && about && <CardPreview {...about} />}
      {isFateNews && <Fate fate={props.fate} level={props.level} numberOf={numberOf} />}
      {!folded && changes}
      {!folded && about && <CardPreviewMore {...about} />}
      {note && (
        <p className="llm-Card-notice" role="status">
          {note}
        </p>
      )}
      <Actions {...props} onNote={setNote} onRefine={() => setRefining('opened')} />
      {proposal.status === 'pending' && canAsk && refining !== 'no' && (
        <FollowUp
          key={proposal.id}
          followUp={followUp}
          keys={props.keys}
          isOpened={refining === 'opened'}
          onEnd={() => setRefining('no')}
        />
      )}
      {view.next && <NextVersion review={review} next={view.next} canAsk={canAsk} />}
      {folded ? (
        <details className="llm-Card-more">
          <summary>What it {proposal.status === 'accepted' ? 'changed' : 'proposed'}</summary>
          {facts}
          {why}
          {changes}
          {sent}
        </details>
      ) : (
        sent
      )}
    </article>
  );
}

/** Model, part, version, and how much of it was taken: one quiet line. */
function Facts(props: ICardProps): React.JSX.Element {
  const { review, view, modelLabel } = props;
  const { part, usage } = view.proposal;
  const taken = takenOf(view);
  return (
    <div className="llm-Card-facts">
      <span>
        <PlainText text={modelLabel} />
      </span>
      {part && (
        <span>
          part {part.index} of {part.count}
        </span>
      )}
      {taken && <span className="llm-Card-taken">{taken}</span>}
      {usage && <span title="As the model counted them">{usageText(usage)}</span>}
      <Versions review={review} view={view} />
    </div>
  );
}

/** Drawn again only when what it shows has changed. */
export const Card = React.memo(CardView);
