/** What has run by itself, for review afterwards. */
import * as React from 'react';

import type { IHappened } from '../../autonomy';
import type { IReview } from '../../tokens';
import { Action } from '../card-basics';
import { PlainText } from '../code';

export function Happened(props: { readonly review: IReview }): React.JSX.Element | null {
  const { review } = props;
  const { happened, budget } = review.autonomy;
  // Where a person never lets anything run by itself, there is nothing to say.
  if (happened.length === 0 && budget === null) {
    return null;
  }
  return (
    <details className="llm-Level-more llm-Happened" open>
      <summary>Just happened{happened.length > 0 && ` (${happened.length})`}</summary>
      {happened.length === 0 ? (
        <p className="llm-Hint">Nothing has run by itself since this page was opened.</p>
      ) : (
        <ol aria-label="Just happened">
          {happened.map(item => (
            <Item key={`${item.id} ${item.at}`} review={review} item={item} />
          ))}
        </ol>
      )}
    </details>
  );
}

function Item(props: { readonly review: IReview; readonly item: IHappened }): React.JSX.Element {
  const { review, item } = props;
  const [note, setNote] = React.useState('');
  const when = new Date(item.at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return (
    <li className="llm-Happened-item" data-proposal={item.id}>
      <div className="llm-Happened-head">
        <strong dir="auto">
          <PlainText text={item.title} />
        </strong>
        <time dateTime={new Date(item.at).toISOString()}>{when}</time>
      </div>
      <p className="llm-Hint">
        <PlainText text={item.evidence} />
      </p>
      {note && (
        <p className="llm-Card-notice" role="status">
          {note}
        </p>
      )}
      <div className="llm-Card-actions">
        {item.isBack ? (
          <span className="llm-Hint">Taken back</span>
        ) : (
          <Action
            label="Undo"
            title="Take its cells back as one step; the proposal waits again, and does not run by itself any more"
            onClick={() => {
              const result = review.takeBack(item.id);
              setNote(result.outcome === 'accepted' ? '' : `Not taken back. ${result.reason}`);
            }}
          />
        )}
        <Action
          label="Show"
          title="Go to its first cell"
          onClick={() => setNote(show(review, item.cells) ? '' : 'Its cells are no longer there.')}
        />
      </div>
    </li>
  );
}

/** Make the first of these cells the active one, in view and with the keys. */
function show(review: IReview, cells: ReadonlyArray<string>): boolean {
  const { content } = review.panel;
  const index = content.widgets.findIndex(cell => cells.includes(cell.model.id));
  if (index < 0) {
    return false;
  }
  content.mode = 'command';
  content.deselectAll();
  content.activeCellIndex = index;
  void content
    .scrollToItem(index, 'center')
    .catch(() => undefined)
    .then(() => content.activeCell?.node.focus());
  return true;
}
