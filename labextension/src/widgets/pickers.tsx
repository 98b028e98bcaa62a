/** Which model is asked. */
import * as React from 'react';

import type { IReview } from '../tokens';

const OTHER = '\u0000other';
const MODEL = /^[^\s:]+:\S+$/;

export function ModelPicker(props: { readonly review: IReview }): React.JSX.Element {
  const { review } = props;
  const [typing, setTyping] = React.useState(false);
  const [typed, setTyped] = React.useState('');
  const valid = MODEL.test(typed.trim());
  const missing = review.models.filter(choice => !choice.ready && choice.hint);
  const chosen = review.models.find(choice => choice.id === review.model);
  const add = (): void => {
    if (valid) {
      review.use(typed.trim());
      setTyping(false);
      setTyped('');
    }
  };
  return (
    <div className="llm-Field llm-mod-stacked">
      <label className="llm-Label" htmlFor="llm-notebook-model">
        Model
      </label>
      <select
        id="llm-notebook-model"
        className="llm-Select jp-mod-styled"
        value={typing ? OTHER : review.model}
        title={chosen?.hint || review.model}
        onChange={event => {
          const value = event.target.value;
          setTyping(value === OTHER);
          if (value !== OTHER) {
            review.use(value);
          }
        }}
      >
        {review.models.map(choice => (
          <option key={choice.id} value={choice.id} disabled={!choice.ready} title={choice.hint}>
            {choice.ready ? choice.label : `${choice.label} (not ready)`}
          </option>
        ))}
        <option value={OTHER}>Other…</option>
      </select>
      {typing && (
        <div className="llm-Field-row">
          <input
            className="llm-Input jp-mod-styled"
            aria-label="Model as provider:model"
            placeholder="provider:model"
            autoFocus
            value={typed}
            onChange={event => setTyped(event.target.value)}
            onKeyDown={event => {
              if (event.key === 'Enter') {
                add();
              } else if (event.key === 'Escape') {
                setTyping(false);
              }
            }}
          />
          <button
            type="button"
            className="llm-Button jp-mod-styled"
            title="Add this model and use it"
            disabled={!valid}
            onClick={add}
          >
            Use
          </button>
        </div>
      )}
      {missing.length > 0 && (
        <details className="llm-Field-more">
          <summary>More models</summary>
          <dl>
            {missing.map(choice => (
              <React.Fragment key={choice.id}>
                <dt>{choice.label}</dt>
                <dd>{choice.hint}</dd>
              </React.Fragment>
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}
