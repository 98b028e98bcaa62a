/** Read-only views of code that nobody has accepted: text, never HTML. */
import * as React from 'react';

import type { Edit, Status } from '../protocol.gen';
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

function lines(source: string, sign: IDiffRow['sign']): ReadonlyArray<IDiffRow> {
  return source.split('\n').map(text => ({ sign, text }));
}

/** @param held - The edit is open and fits, so that the live cell is what it changes. */
function rows({ edit, before }: IEditView, held: boolean): ReadonlyArray<IDiffRow> {
  switch (edit.op) {
    case 'insert':
      return lines(edit.source, '+');
    case 'replace':
      // Against a cell that is another by now, a diff would be a lie.
      return held ? diffRows(before, edit.source) : lines(edit.source, ' ');
    case 'delete':
      return held ? lines(before, '-') : [];
    case 'move':
      return held ? lines(before, ' ').slice(0, 3) : [];
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
  readonly status: Status;
}): React.JSX.Element {
  const { view, status } = props;
  const stale = status === 'pending' && !view.applies;
  const open = status === 'pending' || status === 'drafting';
  const code = rows(view, open && view.applies);
  return (
    <li className={`llm-Edit llm-mod-${view.edit.op}`}>
      <div className="llm-Edit-label">
        <span className="llm-Edit-mark" aria-hidden="true">
          {MARKS[view.edit.op]}
        </span>
        {label(view)}
        {stale && <span className="llm-Edit-stale">no longer fits</span>}
      </div>
      {code.length > 0 && (
        <pre className="llm-Code" tabIndex={0} aria-label={label(view)}>
          {code.map((row, index) => (
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
      )}
    </li>
  );
}
