/** What the panel shows where nothing has been proposed yet. */
import * as React from 'react';

const EXAMPLES = ['Show the first rows', 'Describe the data', 'Show missing values'];

export function Empty(props: {
  readonly canAsk: boolean;
  readonly onAsk: (prompt: string) => void;
}): React.JSX.Element {
  return (
    <div className="llm-Empty">
      <p>
        Nothing has been proposed yet. What you ask for is shown here and in the notebook first;
        nothing changes until you accept it.
      </p>
      {props.canAsk && (
        <>
          <p>For example:</p>
          {EXAMPLES.map(example => (
            <button
              key={example}
              type="button"
              className="llm-Button llm-Example jp-mod-styled"
              title="Put this into the prompt and ask"
              onClick={() => props.onAsk(example)}
            >
              {example}
            </button>
          ))}
        </>
      )}
    </div>
  );
}
