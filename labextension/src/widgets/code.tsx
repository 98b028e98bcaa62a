/** Read-only views of code that nobody has accepted: text, never HTML. */
import * as React from 'react';

import type { Edit } from '../protocol.gen';
import { diffRows, pieces, type IDiffRow } from '../text';
import type { IEditView } from '../tokens';

/** Text in which characters that deceive are shown for what they are. */
export function PlainText(props: { readonly text: string }): React.JSX.Element {
  return (
    <>
      {pieces(props.text).map((piece, index) =>
        piece.deceptive ? (
          <span key={index} className="llm-Deceptive" title="A character that is not visible">
            {piece.text}
          </span>
        ) : (
          piece.text
        )
      )}
    </>
  );
}

const MARKS: { readonly [op in Edit['op']]: string } = {
  insert: '+',
  replace: '~',
  delete: '−',
  move: '⇅'
};

function label({ edit }: IEditView): string {
  switch (edit.op) {
    case 'insert':
      return `New ${edit.cell_type} cell`;
    case 'replace':
      return `Change of a ${edit.cell_type} cell`;
    case 'delete':
      return 'Delete a cell';
    case 'move':
      return edit.after === null ? 'Move a cell to the top' : 'Move a cell';
  }
}

function rows({ edit, before }: IEditView, stale: boolean): ReadonlyArray<IDiffRow> {
  switch (edit.op) {
    case 'insert':
      return edit.source.split('\n').map(text => ({ sign: '+', text }));
    case 'replace':
      // Against a cell that has changed since, a diff would be a lie.
      return stale
        ? edit.source.split('\n').map(text => ({ sign: ' ', text }))
        : diffRows(before, edit.source);
    case 'delete':
      return before.split('\n').map(text => ({ sign: '-', text }));
    case 'move':
      return before
        .split('\n')
        .slice(0, 3)
        .map(text => ({ sign: ' ', text }));
  }
}

const SIGN_CLASS: { readonly [sign in IDiffRow['sign']]: string } = {
  ' ': '',
  '+': ' llm-mod-added',
  '-': ' llm-mod-removed',
  gap: ' llm-mod-gap'
};

/** One edit: what it does, and its code. */
export function EditRow(props: {
  readonly view: IEditView;
  /** It waits for a decision, so a failed precondition is worth a word. */
  readonly pending: boolean;
}): React.JSX.Element {
  const { view, pending } = props;
  const stale = pending && !view.applies;
  return (
    <li className={`llm-Edit llm-mod-${view.edit.op}`}>
      <div className="llm-Edit-label">
        <span className="llm-Edit-mark" aria-hidden="true">
          {MARKS[view.edit.op]}
        </span>
        {label(view)}
        {stale && <span className="llm-Edit-stale">no longer fits</span>}
      </div>
      <pre className="llm-Code" tabIndex={0} aria-label={label(view)}>
        {rows(view, stale).map((row, index) => (
          <div key={index} className={`llm-Code-row${SIGN_CLASS[row.sign]}`}>
            <span className="llm-Code-sign" aria-hidden="true">
              {row.sign === 'gap' ? '⋯' : row.sign}
            </span>
            <span className="llm-Code-text">
              <PlainText text={row.text} />
            </span>
          </div>
        ))}
      </pre>
    </li>
  );
}
