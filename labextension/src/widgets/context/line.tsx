/** Under a prompt: what would be sent with it, in one line that unfolds. */
import * as React from 'react';

import type { IAskOptions, IReview, ISurvey } from '../../tokens';
import { whyNot } from '../live';
import { PieceList } from './pieces';
import { counted, summary } from './summary';
import { survey, surveyOf } from './waiting';

export interface IContextLineProps {
  readonly review: IReview;
  /** Which prompt it is for. */
  readonly owner: object;
  readonly prompt: string;
  /** Of which `without` is what the person took out before. */
  readonly options: IAskOptions;
  /** The person took a piece out, or put one back. */
  readonly onWithout: (pieces: ReadonlyArray<string>) => void;
  /** The person is at this prompt. */
  readonly isActive: boolean;
  /** An ask waits for it. */
  readonly isWaiting: boolean;
}

export function ContextLine(props: IContextLineProps): React.JSX.Element | null {
  const { review, owner, prompt, options, isActive, isWaiting, onWithout } = props;
  const [, draw] = React.useReducer((drawn: number) => drawn + 1, 0);
  React.useEffect(() => {
    // What is known of it changes while nothing else of its prompt does.
    const slot = (): void => draw();
    review.changed.connect(slot);
    return () => {
      review.changed.disconnect(slot);
    };
  }, [review]);
  const canAsk = whyNot(review) === '' && !!prompt.trim();
  const wanted = canAsk && isActive;
  // Each time it is drawn: where nothing has changed it costs nothing, and the review waits for a
  // pause in typing before it asks the session.
  React.useEffect(() => {
    if (wanted) {
      survey(review, owner, prompt, options);
    }
  });

  if (!canAsk) {
    return null;
  }
  const include = (piece: string, isIn: boolean): void => {
    const others = (found?.without ? [...found.without] : []).filter(id => id !== piece);
    const without = isIn ? others : [...others, piece];
    onWithout(without);
    // The keyboard is in the list now and not in the prompt.
    survey(review, owner, prompt, { ...options, without });
  };
  const found = surveyOf(review, owner);
  const isCurrent = found?.isCurrent ?? false;
  const line = isWaiting && !isCurrent ? 'Working out what is sent…' : lineOf(found);
  if (!found) {
    // Nobody looks while nobody is there, as in a field that a reload has brought back.
    return !isActive && !isWaiting ? null : (
      <p className="llm-Sends" role="status">
        {line}
      </p>
    );
  }
  return (
    <details className={`llm-Sends${isCurrent ? '' : ' llm-mod-old'}`} aria-busy={!isCurrent}>
      <summary title="Show each piece, and take out what should not be sent">
        <span role="status">{line}</span>
      </summary>
      <SurveyList survey={found} onInclude={include} />
    </details>
  );
}

function lineOf(found: ISurvey | null): string {
  return found ? summary('Sends', found.pieces, found.tokens) : 'Looking for what is needed…';
}

function SurveyList(props: {
  readonly survey: ISurvey;
  readonly onInclude: (piece: string, isIn: boolean) => void;
}): React.JSX.Element {
  const { survey, onInclude } = props;
  const list = React.useRef<HTMLDivElement>(null);
  const left = React.useRef(-1);
  const buttons = (): HTMLButtonElement[] => [...(list.current?.querySelectorAll('button') ?? [])];
  const include = (piece: string, isIn: boolean): void => {
    left.current = buttons().indexOf(document.activeElement as HTMLButtonElement);
    onInclude(piece, isIn);
  };
  // The piece goes to the other list as soon as the session has answered, and its button with the
  // keyboard goes too: that stays about where it was.
  React.useLayoutEffect(() => {
    const at = left.current;
    if (at >= 0 && document.activeElement === document.body) {
      left.current = -1;
      const now = buttons();
      now[Math.min(at, now.length - 1)]?.focus();
    }
  });
  const taken = survey.leftOut.filter(piece => survey.without.has(piece.id));
  const unfit = survey.leftOut.filter(piece => !survey.without.has(piece.id));
  return (
    <div ref={list} className="llm-Sends-list">
      <PieceList name="What is sent" pieces={survey.pieces} onInclude={include} />
      {taken.length > 0 && (
        <>
          <h4 className="llm-Sends-heading">Taken out by you</h4>
          <PieceList
            name="Taken out by you"
            pieces={taken}
            without={survey.without}
            onInclude={include}
          />
        </>
      )}
      {unfit.length > 0 && (
        <>
          <h4 className="llm-Sends-heading">No room for</h4>
          <PieceList name="No room for" pieces={unfit} />
        </>
      )}
      <p className="llm-Hint">
        Your words are sent too. Room for about {counted(survey.budget, 'token')} of context. Name a
        cell, variable or file with @ to have it sent.
      </p>
    </div>
  );
}
