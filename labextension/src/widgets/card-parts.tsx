/** Parts of a card: the question, the versions. */
import * as React from 'react';

import type { Proposal, Suggestion } from '../protocol.gen';
import { revealed } from '../text';
import type { IProposalView, IReview } from '../tokens';
import { Action, ProblemText } from './card-basics';
import { Answer, PlainText } from './code';

/** One question, and its choices. */
export function Choices(props: {
  readonly question: string;
  readonly suggestions: ReadonlyArray<Suggestion>;
  readonly canAsk: boolean;
  readonly onChoose: (index: number) => void;
}): React.JSX.Element {
  return (
    <div className="llm-Question" role="group" aria-label={revealed(props.question)}>
      <Answer text={props.question} />
      <ul className="llm-Question-choices">
        {props.suggestions.map((suggestion, index) => (
          <li key={index}>
            <button
              type="button"
              className="llm-Button llm-Choice jp-mod-styled"
              title={revealed(suggestion.prompt)}
              disabled={!props.canAsk}
              onClick={() => props.onChoose(index)}
            >
              <PlainText text={suggestion.label} />
            </button>
            <Asks suggestion={suggestion} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What pressing a suggestion asks, where that is not what its button says. */
export function Asks(props: { readonly suggestion: Suggestion }): React.JSX.Element | null {
  const { label, prompt } = props.suggestion;
  return label.trim() === prompt.trim() ? null : (
    <p className="llm-Asks" dir="auto">
      asks: <PlainText text={prompt} />
    </p>
  );
}

/** Steps through the versions of a proposal. */
export function Versions(props: {
  readonly review: IReview;
  readonly view: IProposalView;
}): React.JSX.Element | null {
  const { review, view } = props;
  const { versions, proposal } = view;
  const at = versions.indexOf(proposal.id);
  const group = React.useRef<HTMLSpanElement>(null);
  if (versions.length < 2) {
    return null;
  }
  const step = (by: number): void => {
    const id = versions[at + by];
    if (id !== undefined) {
      review.show(id);
      // The button may now be at its end and off; the keyboard stays in the pair.
      setTimeout(() => {
        const alive = group.current;
        if (alive && !alive.contains(document.activeElement)) {
          alive.querySelector<HTMLButtonElement>('button:not(:disabled)')?.focus();
        }
      }, 50);
    }
  };
  return (
    <span ref={group} className="llm-Versions" role="group" aria-label="Versions">
      <button
        type="button"
        className="llm-Small"
        aria-label="The version before"
        title="The version before"
        disabled={at <= 0}
        onClick={() => step(-1)}
      >
        ‹
      </button>
      <span aria-live="polite">
        version {at + 1} of {versions.length}
      </span>
      <button
        type="button"
        className="llm-Small"
        aria-label="The next version"
        title="The next version"
        disabled={at >= versions.length - 1}
        onClick={() => step(1)}
      >
        ›
      </button>
    </span>
  );
}

/** A newer version that is being written, or that brought nothing to decide about. */
export function NextVersion(props: {
  readonly review: IReview;
  readonly next: Proposal;
  readonly canAsk: boolean;
}): React.JSX.Element {
  const { review, next, canAsk } = props;
  const writing = next.status === 'drafting';
  return (
    <section className="llm-Next" aria-label={`Version ${next.version}`} aria-busy={writing}>
      <p className="llm-Next-head" role="status">
        {writing
          ? `Version ${next.version} is being written…`
          : `Version ${next.version}: nothing to decide about`}
      </p>
      <div className="llm-Card-prompt" title="What you asked" dir="auto">
        <PlainText text={next.origin.prompt} />
      </div>
      {next.notice && (
        <p className="llm-Card-notice">
          <PlainText text={next.notice} />
        </p>
      )}
      {next.problem && <ProblemText problem={next.problem} />}
      {next.answer && <Answer text={next.answer} />}
      <div className="llm-Card-actions">
        {writing ? (
          <Action label="Cancel" title="Stop the model" onClick={() => review.cancel(next.id)} />
        ) : (
          <>
            {(next.status === 'failed' || next.status === 'cancelled') && (
              <Action
                label="Retry"
                title="Ask for this version again"
                disabled={!canAsk}
                onClick={() => review.again(next.id)}
              />
            )}
            <Action
              label="Put away"
              title="The version above stays as it is"
              onClick={() => review.dismiss(next.id)}
            />
          </>
        )}
      </div>
    </section>
  );
}
