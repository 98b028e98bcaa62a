/** In a card: what the level does with a proposal, and all reasons for it. */
import * as React from 'react';

import type { IFate } from '../../autonomy';
import type { Level } from '../../protocol.gen';
import { PlainText } from '../code';
import { fateLine, reasonText } from './words';

export function Fate(props: {
  readonly fate: IFate;
  readonly level: Level;
  readonly numberOf: (cell: string) => number | undefined;
}): React.JSX.Element | null {
  const { fate, level, numberOf } = props;
  const line = fateLine(fate, level);
  if (!line) {
    return null;
  }
  const { reasons } = fate;
  return (
    <div className="llm-Fate" data-fate={fate.fate}>
      <p>
        <PlainText text={line} />
      </p>
      {reasons.length > 0 && (
        <details>
          <summary>{reasons.length === 1 ? 'The reason' : `All ${reasons.length} reasons`}</summary>
          <ul>
            {reasons.map((reason, index) => (
              <li key={index} data-ruling={reason.ruling}>
                <PlainText text={reasonText(reason, numberOf)} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
