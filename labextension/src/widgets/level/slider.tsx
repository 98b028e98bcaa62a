/** The slider: how far the leash goes, who holds it lower, and what that does with what waits. */
import * as React from 'react';

import type { Level } from '../../protocol.gen';
import { LEVEL_NAMES, type IReview } from '../../tokens';
import { PlainText } from '../code';
import { Happened } from './happened';
import { Past } from './past';
import { ABOUT, leashText } from './words';

export const SLIDER_ID = 'llm-notebook-level';

const LEVELS: ReadonlyArray<Level> = [0, 1, 2, 3, 4];

export function LevelSlider(props: { readonly review: IReview }): React.JSX.Element {
  const { review } = props;
  const { autonomy, level, chosenLevel, levelReason } = review;
  const root = React.useRef<HTMLDivElement>(null);
  // Where the hand has put it, until it is known what comes of that.
  const [held, setHeld] = React.useState<{ level: Level; turn: number } | null>(null);
  React.useEffect(() => autonomy.control(root.current!), [autonomy]);
  const isHeld = held !== null && held.turn === autonomy.turn;
  const position = isHeld ? held.level : chosenLevel;
  const name = LEVEL_NAMES[position];
  const effect = level < chosenLevel ? `; in effect is ${LEVEL_NAMES[level]}` : '';
  return (
    <section className="llm-Level" aria-label="Level" data-armed={autonomy.budget !== null}>
      <div className="llm-Level-head">
        <label className="llm-Label" htmlFor={SLIDER_ID}>
          Level
        </label>
        <strong className="llm-Level-name">{LEVEL_NAMES[level]}</strong>
        {autonomy.budget && (
          <button
            type="button"
            className="llm-Button llm-Level-stop jp-mod-styled"
            title="End Auto-run now, and interrupt the cell that it runs"
            onClick={() => autonomy.stop()}
          >
            Stop
          </button>
        )}
      </div>
      <div ref={root} className="llm-Slider">
        <input
          id={SLIDER_ID}
          type="range"
          min={0}
          max={4}
          step={1}
          value={position}
          aria-valuetext={`${name}${effect}`}
          aria-describedby={`${SLIDER_ID}-about`}
          title={ABOUT[position]}
          onChange={event => {
            // What script sends is shown for nothing: the service has not heard it either.
            if (event.nativeEvent.isTrusted) {
              setHeld({ level: Number(event.target.value) as Level, turn: autonomy.turn });
            }
          }}
        />
        <div className="llm-Slider-marks" aria-hidden="true">
          {LEVELS.map(mark => (
            <span
              key={mark}
              data-level={mark}
              className={
                mark === level
                  ? 'llm-mod-current'
                  : mark > level && level < chosenLevel
                    ? 'llm-mod-over'
                    : ''
              }
              title={ABOUT[mark]}
            >
              {LEVEL_NAMES[mark]}
            </span>
          ))}
        </div>
      </div>
      <div id={`${SLIDER_ID}-about`} className="llm-Level-about">
        {levelReason && (
          <p className="llm-Hint llm-mod-reason">
            <PlainText text={levelReason} />
          </p>
        )}
        {autonomy.ended && (
          <p className="llm-Level-ended" role="status">
            <PlainText text={autonomy.ended} />
          </p>
        )}
        <p className="llm-Level-sentence">
          <PlainText text={autonomy.sentence} />
        </p>
        <p className="llm-Hint">
          <PlainText text={leashText(autonomy)} />
        </p>
      </div>
      <Past autonomy={autonomy} />
      <Happened review={review} />
    </section>
  );
}
