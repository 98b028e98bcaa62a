/** Later cells that use what a proposal changes, and how they would fare. */
import { NotebookActions } from '@jupyterlab/notebook';
import * as React from 'react';

import type { Preview } from '../../protocol.gen';
import type { IReview } from '../../tokens';
import { downstreamText } from './facts';
import type { ICardPreviewProps } from './card-preview';
import { largerBudget, plain } from './words';

/** To a cell, as a person's own click on it would. */
export function goTo(review: IReview, id: string): void {
  const notebook = review.panel.content;
  const index = notebook.widgets.findIndex(cell => cell.model.id === id);
  if (index >= 0) {
    notebook.deselectAll();
    notebook.mode = 'command';
    notebook.activeCellIndex = index;
    void notebook
      .scrollToItem(index, 'center')
      .catch(() => undefined)
      .then(() => NotebookActions.focusActiveCell(notebook));
  }
}

export function Downstream(
  props: ICardPreviewProps & { readonly shown: Preview }
): React.JSX.Element | null {
  const { review, view, preview, numberOf, shown } = props;
  const { downstream } = shown;
  if (downstream.length === 0) {
    return null;
  }
  const names = [...new Set(downstream.flatMap(item => item.names))].map(plain);
  const count = downstream.length;
  const said = downstream.map(item => downstreamText(shown, item.cell));
  const broken = said.filter(text => text.startsWith('would break')).length;
  const isRun = said.some(text => text !== '');
  return (
    <div className="llm-Downstream">
      <p>
        {count === 1 ? '1 later cell uses ' : `${count} later cells use `}
        {names.slice(0, 4).join(', ')}
        {names.length > 4 ? ` and ${names.length - 4} more` : ''}
        {broken > 0 ? `; ${broken === 1 ? '1 would break' : `${broken} would break`}` : ''}:
      </p>
      <ul className="llm-Downstream-cells">
        {downstream.map((item, index) => {
          const number = numberOf(item.cell);
          return (
            <li key={item.cell}>
              <button
                type="button"
                className="llm-Small"
                title={`Go to this cell; it uses ${item.names.map(plain).join(', ')}`}
                aria-label={`Cell ${number ?? '?'}`}
                disabled={number === undefined}
                onClick={() => goTo(review, item.cell)}
              >
                [{number ?? '?'}]
              </button>
              {said[index] && (
                <span className={said[index].startsWith('would') ? 'llm-mod-breaks' : ''}>
                  {' '}
                  {said[index]}
                </span>
              )}
            </li>
          );
        })}
      </ul>
      {!isRun && !preview.isGoingOn && (
        <button
          type="button"
          className="llm-Button jp-mod-styled"
          title="Run the proposal again in the sandbox, and these cells behind it"
          disabled={!preview.canRun}
          onClick={() =>
            review.previews.run(view.proposal.id, {
              downstream: true,
              budget: largerBudget(shown)
            })
          }
        >
          Run these too
        </button>
      )}
    </div>
  );
}
