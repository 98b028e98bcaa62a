/** One quiet line in the panel: what the kernel holds that the notebook does not say. */
import * as React from 'react';

import type { KernelTruth } from '../../protocol.gen';
import type { IReview } from '../../tokens';
import type { IKeys } from '../keys';
import { duration, offer } from './words';

export function TruthStrip(props: {
  readonly review: IReview;
  readonly keys: IKeys;
  /** Run the cells of the offer, or restart where it cannot be told. */
  readonly onAct: () => void;
}): React.JSX.Element | null {
  const { review, keys, onAct } = props;
  const { truth, note, isRunning } = review.wayBack;
  const [open, setOpen] = React.useState(false);
  const id = React.useId();
  const isAmiss = truth !== null && truth.summary !== '';
  return (
    <section className="llm-Truth-place" aria-label="Notebook and kernel">
      <div role="status">
        {note && <p className="llm-Truth-note">{note}</p>}
        {isAmiss && <p className="llm-Truth-text">{truth.summary}</p>}
      </div>
      {isAmiss && (
        <div className="llm-Truth-row">
          {truth.rerun.length > 0 && (
            <button
              type="button"
              className="llm-Button llm-Truth-act jp-mod-styled"
              data-act="rerun"
              disabled={isRunning}
              title={keys.tip(
                'Run these cells in this order; notebook and kernel agree then',
                'rerunStale'
              )}
              onClick={onAct}
            >
              {isRunning ? 'Running…' : offer(truth)}
            </button>
          )}
          {!truth.is_certain && (
            <button
              type="button"
              className="llm-Button llm-Truth-act jp-mod-styled"
              data-act="restart"
              title={keys.tip('Restart the kernel and run all cells; it asks first', 'rerunStale')}
              onClick={onAct}
            >
              Restart and run all…
            </button>
          )}
          <button
            type="button"
            className="llm-Button llm-Truth-why jp-mod-styled"
            aria-expanded={open}
            aria-controls={id}
            title="Say which variables and cells are meant, and why"
            onClick={() => setOpen(!open)}
          >
            Why
          </button>
          <span className="llm-Truth-time">{duration(truth)}</span>
        </div>
      )}
      {isAmiss && open && <Details id={id} truth={truth} />}
    </section>
  );
}

function Details(props: { readonly id: string; readonly truth: KernelTruth }): React.JSX.Element {
  const { id, truth } = props;
  const variables = truth.variables.filter(({ standing }) => standing !== 'fresh');
  return (
    <div id={id} className="llm-Truth-details">
      {truth.doubt && <p>{truth.doubt}</p>}
      <ul>
        {variables.map(({ name, why }) => (
          <li key={name}>
            <code>{name}</code> {why}
          </li>
        ))}
        {truth.cells.map(({ cell, label, why }) => (
          <li key={cell}>
            <code>{label}</code> {why}
          </li>
        ))}
      </ul>
    </div>
  );
}
