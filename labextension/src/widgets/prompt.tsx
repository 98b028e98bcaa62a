/** The panel's prompt: words, what is sent with them, and the ask. */
import * as React from 'react';

import type { IReview } from '../tokens';
import { ContextLine } from './context/line';
import { useMentions } from './context/use-mentions';
import { surveyed } from './context/waiting';
import { PANEL_PLACE, type Unsent } from './unsent';

export interface IPromptProps {
  readonly review: IReview;
  readonly unsent: Unsent;
  readonly canAsk: boolean;
  readonly onAsk: (prompt: string) => void;
}

export function Prompt(props: IPromptProps): React.JSX.Element {
  const { review, unsent, canAsk, onAsk } = props;
  const [text, showText] = React.useState(review.words);
  const [isWaiting, setWaiting] = React.useState(false);
  const [isActive, setActive] = React.useState(false);
  const [note, setNote] = React.useState('');
  const [owner] = React.useState(() => ({}));
  const area = React.useRef<HTMLTextAreaElement>(null);
  const live = useMentions(review, area);

  // The review clears them once the session has heard an ask, and brings them back after a reload.
  const words = review.words;
  React.useEffect(() => showText(words), [words]);

  const ask = async (): Promise<void> => {
    if (!canAsk || isWaiting || !text.trim()) {
      return;
    }
    setNote('');
    setWaiting(true);
    // What was taken out before a reload stays out.
    await unsent.loaded;
    const isCurrent = await surveyed(review, owner, text, {
      without: unsent.takenOut(PANEL_PLACE)
    });
    if (!live.current) {
      return;
    }
    setWaiting(false);
    if (!isCurrent) {
      setNote('What is sent could not be shown in time. The card will say what was sent.');
    }
    onAsk(text);
  };

  return (
    <>
      <textarea
        ref={area}
        className="llm-Prompt jp-mod-styled"
        aria-label="What should change?"
        placeholder="What should change in this notebook? @ names a cell, variable or file."
        dir="auto"
        rows={3}
        value={text}
        onFocus={() => setActive(true)}
        onBlur={() => setActive(false)}
        onChange={event => {
          setNote('');
          showText(event.target.value);
          review.setWords(event.target.value);
        }}
        onKeyDown={event => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            event.stopPropagation();
            void ask();
          }
        }}
      />
      <ContextLine
        review={review}
        owner={owner}
        prompt={text}
        options={{ without: unsent.takenOut(PANEL_PLACE) }}
        onWithout={pieces => unsent.takeOut(PANEL_PLACE, pieces)}
        isActive={isActive}
        isWaiting={isWaiting}
      />
      {note && (
        <p className="llm-Hint" role="status">
          {note}
        </p>
      )}
      <div className="llm-Panel-send">
        <span className="llm-Hint">Ctrl or ⌘ + Enter</span>
        <button
          type="button"
          className="llm-Button jp-mod-styled jp-mod-accept"
          title="Ask (Ctrl or ⌘ + Enter)"
          disabled={!canAsk || !text.trim() || isWaiting}
          onClick={() => void ask()}
        >
          Ask
        </button>
      </div>
    </>
  );
}
