/** The side panel: ask, and see what came of it. */
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Connection, IReview, IReviews } from '../tokens';
import { Card, ProblemText, statusOf, titleOf } from './card';
import { proposalIcon } from './icon';
import { LevelControl, ModelPicker } from './pickers';

export const PANEL_ID = 'llm-notebook-panel';

const EXAMPLES = ['Show the first rows', 'Describe the data', 'Show missing values'];

const CONNECTION: { readonly [state in Connection]: string } = {
  connecting: 'Waiting for the kernel…',
  busy: 'The kernel is busy; proposals are shown when its cell ends',
  ready: 'Ready',
  'ready-when-idle': 'Ready; answers wait while a cell runs',
  unavailable: 'Not available'
};

/** What a person has typed and not sent, and what was sent but not yet heard. */
interface IDraft {
  text: string;
  asked: { readonly id: string; readonly text: string } | null;
}

export class ProposalPanel extends ReactWidget {
  constructor(private readonly _reviews: IReviews) {
    super();
    this.id = PANEL_ID;
    this.title.icon = proposalIcon;
    this.title.caption = 'Proposals';
    this.addClass('llm-Panel');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', 'Proposals');
    _reviews.currentChanged.connect(this._onCurrent, this);
    this._onCurrent();
  }

  /** Put the cursor into the prompt. */
  focusPrompt(): void {
    // The panel may only now be shown, and be drawn with the next message.
    void (this.renderPromise ?? Promise.resolve()).then(() => {
      this.node.querySelector('textarea')?.focus();
    });
  }

  protected render(): React.JSX.Element {
    const review = this._reviews.current;
    if (!review) {
      return (
        <div className="llm-Empty">
          <p>Open a notebook to ask for changes to it.</p>
        </div>
      );
    }
    return <NotebookView key={this._keyOf(review)} review={review} draft={this._draftOf(review)} />;
  }

  private _onCurrent(): void {
    this._shown?.changed.disconnect(this.update, this);
    this._shown = this._reviews.current;
    this._shown?.changed.connect(this.update, this);
    this.update();
  }

  private _draftOf(review: IReview): IDraft {
    let draft = this._drafts.get(review);
    if (!draft) {
      draft = { text: '', asked: null };
      this._drafts.set(review, draft);
    }
    return draft;
  }

  private _keyOf(review: IReview): string {
    return review.panel.id;
  }

  private _shown: IReview | null = null;
  private readonly _drafts = new WeakMap<IReview, IDraft>();
}

function NotebookView(props: {
  readonly review: IReview;
  readonly draft: IDraft;
}): React.JSX.Element {
  const { review, draft } = props;
  const [text, showText] = React.useState(draft.text);
  const setText = (value: string): void => {
    draft.text = value;
    showText(value);
  };
  const proposals = review.proposals;
  const connected = review.connection === 'ready' || review.connection === 'ready-when-idle';
  const canAsk = connected && review.level !== 0;

  const ask = (prompt: string): void => {
    const id = review.ask(prompt);
    draft.asked = id === null ? null : { id, text: prompt };
  };
  // The words go from the box once the session has them, not before.
  const asked = draft.asked;
  const heard =
    asked !== null &&
    proposals.some(({ proposal, confirmed }) => proposal.id === asked.id && confirmed);
  React.useEffect(() => {
    if (heard && asked) {
      draft.asked = null;
      if (draft.text === asked.text) {
        setText('');
      }
    }
  });

  const labels = new Map(review.models.map(choice => [choice.id, choice.label]));
  const newest = proposals[0];
  return (
    <>
      <header className="llm-Panel-header">
        <div className="llm-Panel-name" title={review.panel.context.path}>
          {review.panel.title.label}
        </div>
        <div className={`llm-Panel-state llm-mod-${review.connection}`} role="status">
          {CONNECTION[review.connection]}
        </div>
      </header>
      {review.problem && (
        <section className="llm-Panel-problem" role="alert">
          <ProblemText problem={review.problem} />
          {!connected && (
            <button
              type="button"
              className="llm-Button jp-mod-styled"
              title="Try to reach the kernel again"
              onClick={() => review.reconnect()}
            >
              Try again
            </button>
          )}
        </section>
      )}
      <section className="llm-Panel-ask" aria-label="Ask">
        <ModelPicker review={review} />
        <LevelControl review={review} />
        <textarea
          className="llm-Prompt jp-mod-styled"
          aria-label="What should change?"
          placeholder="What should change in this notebook?"
          rows={3}
          value={text}
          onChange={event => setText(event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
              event.preventDefault();
              event.stopPropagation();
              if (canAsk) {
                ask(text);
              }
            }
          }}
        />
        <div className="llm-Panel-send">
          <span className="llm-Hint">Ctrl or ⌘ + Enter</span>
          <button
            type="button"
            className="llm-Button jp-mod-styled jp-mod-accept"
            title="Ask (Ctrl or ⌘ + Enter)"
            disabled={!canAsk || !text.trim()}
            onClick={() => ask(text)}
          >
            Ask
          </button>
        </div>
      </section>
      <div className="llm-SrOnly" aria-live="polite">
        {newest ? `${titleOf(newest)}: ${statusOf(newest).text}` : ''}
      </div>
      <section className="llm-Panel-cards" aria-label="Proposals">
        {proposals.length === 0 ? (
          <div className="llm-Empty">
            <p>
              Nothing has been proposed yet. What you ask for is shown here and in the notebook
              first; nothing changes until you accept it.
            </p>
            {canAsk && (
              <>
                <p>For example:</p>
                {EXAMPLES.map(example => (
                  <button
                    key={example}
                    type="button"
                    className="llm-Button llm-Example jp-mod-styled"
                    title="Put this into the prompt and ask"
                    onClick={() => {
                      setText(example);
                      ask(example);
                    }}
                  >
                    {example}
                  </button>
                ))}
              </>
            )}
          </div>
        ) : (
          proposals.map(view => (
            <Card
              key={view.proposal.id}
              review={review}
              view={view}
              focused={review.focused === view.proposal.id}
              modelLabel={labels.get(view.proposal.origin.model) ?? view.proposal.origin.model}
              canAsk={canAsk}
              onAsk={prompt => {
                setText(prompt);
                ask(prompt);
              }}
            />
          ))
        )}
      </section>
    </>
  );
}
