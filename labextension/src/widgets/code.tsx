/** Read-only views of code that nobody has accepted: text, never HTML. */
import * as React from 'react';

import { answerNodes } from './dom';
import { diffRows, pieces, type IDiffRow } from '../text';
import type { IEditView } from '../tokens';

/** Text in which characters that deceive are shown for what they are. */
export function PlainText(props: {
  readonly text: string;
  /** It is code, or a name in it, rather than words for a person. */
  readonly isCode?: boolean;
}): React.JSX.Element {
  return (
    <>
      {pieces(props.text, !props.isCode).map((piece, index) =>
        piece.deceptive ? (
          <span
            key={index}
            className="llm-Deceptive"
            role="img"
            title={piece.about}
            aria-label={piece.about}
          >
            {piece.text}
          </span>
        ) : (
          piece.text
        )
      )}
    </>
  );
}

/** A model's text for a person: paragraphs, lists and code. */
export function Answer(props: { readonly text: string }): React.JSX.Element {
  const node = React.useRef<HTMLDivElement>(null);
  React.useLayoutEffect(
    () => node.current?.replaceChildren(...answerNodes(props.text)),
    [props.text]
  );
  return <div ref={node} className="llm-Answer" dir="auto" />;
}

export function lines(source: string, sign: IDiffRow['sign']): ReadonlyArray<IDiffRow> {
  return source.split('\n').map(text => ({ sign, text }));
}

/** @param held - The edit is open and fits, so that the live cell is what it changes. */
export function rowsOf({ edit, before }: IEditView, held: boolean): ReadonlyArray<IDiffRow> {
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

const SPOKEN: { readonly [sign in IDiffRow['sign']]: string } = {
  ' ': '',
  '+': 'added: ',
  '-': 'removed: ',
  gap: 'unchanged lines left out'
};

/** Lines of a card's code that are in view before anybody scrolls. */
const SEEN = 12;

/** Lines with their signs. */
export function Rows(props: {
  readonly name: string;
  readonly rows: ReadonlyArray<IDiffRow>;
  readonly isProse?: boolean;
}): React.JSX.Element | null {
  const isDiff = props.rows.some(row => row.sign === '-');
  if (props.rows.length === 0) {
    return null;
  }
  const more = props.rows.length > SEEN ? `${props.rows.length} lines; scroll to see all` : '';
  return (
    <>
      <pre className="llm-Code" tabIndex={0} role="region" aria-label={props.name}>
        {props.rows.map((row, index) => (
          <div key={index} className={`llm-Code-row${SIGN_CLASS[row.sign]}`}>
            <span className="llm-Code-sign" aria-hidden="true">
              {row.sign === 'gap' ? '⋯' : row.sign}
            </span>
            {isDiff && SPOKEN[row.sign] && <span className="llm-SrOnly">{SPOKEN[row.sign]}</span>}
            <span className="llm-Code-text">
              <PlainText text={row.text} isCode={!props.isProse} />
            </span>
          </div>
        ))}
      </pre>
      {more && <p className="llm-Code-more">{more}</p>}
    </>
  );
}
