/** A card's field for a follow-up, which makes the next version. */
import * as React from 'react';

import { ContextLine } from './context/line';
import { useMentions } from './context/use-mentions';
import type { FollowUpWords } from './follow-up';
import type { IKeys } from './keys';

export function FollowUp(props: {
  readonly followUp: FollowUpWords;
  readonly keys: IKeys;
  /** By the person, just now: then it takes the focus. */
  readonly isOpened: boolean;
  readonly onEnd: () => void;
}): React.JSX.Element {
  const { followUp, keys, isOpened, onEnd } = props;
  const { review, unsent, words } = followUp;
  const [, draw] = React.useReducer((drawn: number) => drawn + 1, 0);
  const [isActive, setActive] = React.useState(false);
  const [isWaiting, setWaiting] = React.useState(false);
  const [owner] = React.useState(() => ({}));
  const area = React.useRef<HTMLTextAreaElement>(null);
  const live = useMentions(review, area);
  React.useEffect(() => {
    // The same words stand in the ghost's field, and may be typed and sent there.
    const slot = (): void => draw();
    unsent.changed.connect(slot);
    return () => {
      unsent.changed.disconnect(slot);
    };
  }, [unsent]);
  React.useEffect(() => {
    if (isOpened && area.current) {
      area.current.focus();
      area.current.setSelectionRange(area.current.value.length, area.current.value.length);
    }
  }, [isOpened]);
  const refine = async (): Promise<void> => {
    if (isWaiting || !words.trim()) {
      return;
    }
    setWaiting(true);
    const isAsked = await followUp.ask(owner, () => live.current);
    if (live.current) {
      setWaiting(false);
      if (isAsked) {
        onEnd();
      }
    }
  };
  return (
    <div className="llm-Refine">
      <div className="llm-Refine-row">
        <textarea
          ref={area}
          className="llm-Input llm-Refine-words jp-mod-styled"
          aria-label="Follow-up: what should be different?"
          placeholder="What should be different?"
          title={keys.tip('A follow-up makes the next version (Enter)', 'refine')}
          dir="auto"
          rows={2}
          value={words}
          aria-busy={isWaiting}
          onFocus={() => setActive(true)}
          onBlur={() => setActive(false)}
          onChange={event => followUp.typed(event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
              event.preventDefault();
              event.stopPropagation();
              void refine();
            } else if (event.key === 'Escape') {
              event.stopPropagation();
              event.currentTarget.closest<HTMLElement>('.llm-Card')?.focus();
              onEnd();
            }
          }}
        />
        <button
          type="button"
          className="llm-Button jp-mod-styled jp-mod-accept"
          title="Ask for the next version (Enter)"
          disabled={!words.trim() || isWaiting}
          onClick={() => void refine()}
        >
          Refine
        </button>
      </div>
      <ContextLine
        review={review}
        owner={owner}
        prompt={words}
        options={followUp.about}
        onWithout={followUp.takeOut}
        isActive={isActive}
        isWaiting={isWaiting}
      />
    </div>
  );
}
