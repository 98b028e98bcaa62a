/** The side panel: ask, and see what came of it. */
import type { IStateDB } from '@jupyterlab/statedb';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Proposal } from '../protocol.gen';
import { revealed } from '../text';
import type { Connection, IReview, IReviews } from '../tokens';
import { Card } from './card';
import { ProblemText } from './card-basics';
import { Empty } from './empty';
import { proposalIcon } from './icon';
import type { IKeys } from './keys';
import { isOpen, statusOf, titleOf } from './names';
import { LevelSlider, SLIDER_ID } from './level/slider';
import { ModelPicker } from './pickers';
import { Prompt } from './prompt';
import { PANEL_PLACE, unsentOf, type Unsent } from './unsent';
import { TruthStrip } from './way-back/strip';

export const PANEL_ID = 'llm-notebook-panel';

const CONNECTION: { readonly [state in Connection]: string } = {
  connecting: 'Waiting for the kernel…',
  busy: 'The kernel is busy; proposals are shown when its cell ends',
  ready: 'Ready',
  'ready-when-idle': 'Ready; answers wait while a cell runs',
  unavailable: 'Not available'
};

/** What this page remembers of a notebook beside its review. */
class Memory {
  /** What was sent, but not yet heard. */
  asked: { readonly id: string; readonly text: string } | null = null;

  /** Positions of cells from 1; the same function until their order changes. */
  numbering(review: IReview): (id: string) => number | undefined {
    const ids = review.panel.content.widgets.map(cell => cell.model.id);
    const key = ids.join(' ');
    if (key !== this.order) {
      this.order = key;
      const numbers = new Map(ids.map((id, index) => [id, index + 1]));
      this.numberOf = id => numbers.get(id);
    }
    return this.numberOf;
  }

  /** Keeps what is shown, so that a later version can be held against it. */
  see(review: IReview): void {
    review.proposals.forEach(({ proposal }) => this.seen.set(proposal.id, proposal));
  }

  readonly seen = new Map<string, Proposal>();
  private order = '\u0000';
  private numberOf: (id: string) => number | undefined = () => undefined;
}

export class ProposalPanel extends ReactWidget {
  constructor(
    private readonly _reviews: IReviews,
    private readonly _keys: IKeys,
    private readonly _state: IStateDB,
    private readonly _rerun: () => void
  ) {
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
    void this._drawn().then(() => this.node.querySelector('textarea')?.focus());
  }

  /** Put the keys on the slider. */
  focusLevel(): void {
    void this._drawn().then(() => document.getElementById(SLIDER_ID)?.focus());
  }

  /** Put the cursor into a proposal's follow-up. */
  focusFollowUp(id: string): void {
    void this._drawn().then(() => {
      const card = this.node.querySelector(`[data-proposal="${CSS.escape(id)}"]`);
      const field = card?.querySelector<HTMLElement>('.llm-Refine-words');
      if (field) {
        field.focus();
      } else {
        card?.querySelector<HTMLElement>('[data-act="refine"]')?.click();
      }
    });
  }

  /** Put the keys on the first choice of a question. */
  focusQuestion(id: string): void {
    const first = `[data-proposal="${CSS.escape(id)}"] .llm-Choice:not(:disabled)`;
    void this._drawn().then(() => this.node.querySelector<HTMLElement>(first)?.focus());
  }

  /** Bring a proposal's card into view; the focus stays where it is. */
  reveal(id: string): void {
    void this._drawn().then(() => {
      this.node
        .querySelector(`[data-proposal="${CSS.escape(id)}"]`)
        ?.scrollIntoView({ block: 'nearest' });
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
    const memory = this._memoryOf(review);
    memory.see(review);
    return (
      <NotebookView
        key={review.panel.id}
        review={review}
        memory={memory}
        keys={this._keys}
        unsent={unsentOf(this._state, review)}
        onRerun={this._rerun}
      />
    );
  }

  private async _drawn(): Promise<void> {
    await (this.renderPromise ?? Promise.resolve());
  }

  private _onCurrent(): void {
    this._shown?.changed.disconnect(this.update, this);
    this._shown = this._reviews.current;
    this._shown?.changed.connect(this.update, this);
    this.update();
  }

  private _memoryOf(review: IReview): Memory {
    let memory = this._memories.get(review);
    if (!memory) {
      memory = new Memory();
      this._memories.set(review, memory);
    }
    return memory;
  }

  private _shown: IReview | null = null;
  private readonly _memories = new WeakMap<IReview, Memory>();
}

function NotebookView(props: {
  readonly review: IReview;
  readonly memory: Memory;
  readonly keys: IKeys;
  readonly unsent: Unsent;
  readonly onRerun: () => void;
}): React.JSX.Element {
  const { review, memory, keys, unsent, onRerun } = props;
  // Parts of a long reply come one by one: the one that waits says how many there are.
  const proposals = review.proposals.filter(({ proposal }) => proposal.status !== 'queued');
  const connected = review.connection === 'ready' || review.connection === 'ready-when-idle';
  const canAsk = connected && review.level > 1;

  const ask = React.useCallback(
    (prompt: string): void => {
      const id = review.ask(prompt, { without: unsent.takenOut(PANEL_PLACE) });
      memory.asked = id === null ? null : { id, text: prompt };
    },
    [review, memory, unsent]
  );
  const askAnew = React.useCallback(
    (prompt: string): void => {
      if (!review.words.trim()) {
        review.setWords(prompt);
      }
      ask(prompt);
    },
    [review, ask]
  );
  // The words go from the box once the session has them, not before.
  const asked = memory.asked;
  const heard =
    asked !== null &&
    proposals.some(({ proposal, confirmed }) => proposal.id === asked.id && confirmed);
  React.useEffect(() => {
    if (heard && asked) {
      memory.asked = null;
      if (review.words === asked.text) {
        review.setWords('');
        unsent.sent(PANEL_PLACE);
      }
    }
  });

  const labels = new Map(review.models.map(choice => [choice.id, choice.label]));
  const newest = proposals[0];
  const closed = proposals.filter(view => !isOpen(view));
  const numberOf = memory.numbering(review);
  return (
    <>
      <header className="llm-Panel-header">
        <div className="llm-Panel-name" title={revealed(review.panel.context.path, false)}>
          {revealed(review.panel.title.label, false)}
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
      <TruthStrip review={review} keys={keys} onAct={onRerun} />
      <section className="llm-Panel-ask" aria-label="Ask">
        <ModelPicker review={review} />
        <LevelSlider review={review} />
        <Prompt review={review} unsent={unsent} canAsk={canAsk} onAsk={ask} />
      </section>
      <div className="llm-SrOnly" aria-live="polite">
        {newest ? `${revealed(titleOf(newest))}: ${statusOf(newest).text}` : ''}
      </div>
      <section className="llm-Panel-cards" aria-label="Proposals">
        {proposals.length === 0 ? (
          <Empty canAsk={canAsk} onAsk={askAnew} />
        ) : (
          proposals.map(view => {
            const { id, origin, part } = view.proposal;
            const model = view.proposal.model || origin.model;
            return (
              <Card
                key={`${view.versions[0] ?? id} ${part?.index ?? 0}`}
                review={review}
                view={view}
                focused={review.focused === id}
                modelLabel={labels.get(model) ?? model}
                keys={keys}
                unsent={unsent}
                numberOf={numberOf}
                preview={review.previews.of(view.proposal)}
                fate={review.autonomy.of(view)}
                level={review.level}
                before={memory.seen.get(view.versions[view.versions.indexOf(id) - 1] ?? '')}
                canAsk={canAsk}
              />
            );
          })
        )}
        {closed.length > 2 && (
          <button
            type="button"
            className="llm-Button llm-ClearAll jp-mod-styled"
            title="Put away the cards of everything that is decided or ended"
            onClick={() => closed.forEach(({ proposal }) => review.dismiss(proposal.id))}
          >
            Put away {closed.length} closed cards
          </button>
        )}
      </section>
    </>
  );
}
