/** How past proposals were decided, so that a person raises or lowers with reason. */
import * as React from 'react';

import type { IAutonomy } from '../../autonomy';
import { KINDS, tallyText } from './words';

export function Past(props: { readonly autonomy: IAutonomy }): React.JSX.Element {
  const { autonomy } = props;
  const { past } = autonomy;
  return (
    <details
      className="llm-Level-more"
      onToggle={event => event.currentTarget.open && autonomy.recall()}
    >
      <summary>How you decided so far</summary>
      {past === null ? (
        <p className="llm-Hint">The kernel has not been asked yet.</p>
      ) : past.length === 0 ? (
        <p className="llm-Hint">Nothing has been decided yet, in any notebook.</p>
      ) : (
        <dl className="llm-Past">
          {past.map(tally => (
            <React.Fragment key={tally.kind}>
              <dt>{KINDS[tally.kind]}</dt>
              <dd>{tallyText(tally)}</dd>
            </React.Fragment>
          ))}
        </dl>
      )}
    </details>
  );
}
