/** The pieces of a context, as a person reads them and takes them out. */
import * as React from 'react';

import type { Piece } from '../../protocol.gen';
import { revealed } from '../../text';
import { PlainText } from '../code';
import { counted } from './summary';

const KINDS: { readonly [kind in Piece['kind']]: string } = {
  cell: 'Cell',
  variable: 'Variable',
  file: 'File',
  folder: 'Folder',
  files: 'File names',
  error: 'Error'
};

export interface IPieceListProps {
  readonly name: string;
  readonly pieces: ReadonlyArray<Piece>;
  /** Ids of those that the person took out; they can be put back. */
  readonly without?: ReadonlySet<string>;
  /** Take a piece out (false), or put it back (true). Without it the list is for reading. */
  readonly onInclude?: (piece: string, isIn: boolean) => void;
}

export function PieceList(props: IPieceListProps): React.JSX.Element {
  const { name, pieces, without, onInclude } = props;
  return (
    <ul className="llm-Pieces" aria-label={name}>
      {pieces.map(piece => {
        const isOut = without?.has(piece.id) ?? false;
        return (
          <li key={piece.id} className={`llm-Piece${isOut ? ' llm-mod-out' : ''}`}>
            <div className="llm-Piece-row">
              <div className="llm-Piece-words">
                <PieceName piece={piece} />
                {piece.why && (
                  <span className="llm-Piece-why">
                    <PlainText text={piece.why} />
                  </span>
                )}
                {piece.redacted.length > 0 && (
                  <span className="llm-Piece-redacted">
                    Taken out: <PlainText text={piece.redacted.join(', ')} />
                  </span>
                )}
              </div>
              <span className="llm-Piece-tokens" title={counted(piece.tokens, 'token')}>
                {piece.tokens.toLocaleString('en')}
                <span className="llm-SrOnly"> tokens</span>
              </span>
              {onInclude && <Switch piece={piece} isOut={isOut} onInclude={onInclude} />}
            </div>
            {piece.text && (
              <details className="llm-Piece-text">
                <summary>Text</summary>
                <pre
                  className="llm-Code"
                  tabIndex={0}
                  aria-label={`Text of ${revealed(piece.label)}`}
                >
                  <PlainText text={piece.text} isCode />
                </pre>
              </details>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function PieceName({ piece }: { readonly piece: Piece }): React.JSX.Element {
  const kind = KINDS[piece.kind];
  return (
    <span className="llm-Piece-label">
      {!piece.label.startsWith(kind) && <span className="llm-Piece-kind">{kind} </span>}
      <bdi>
        <PlainText text={piece.label} isCode />
      </bdi>
    </span>
  );
}

function Switch(props: {
  readonly piece: Piece;
  readonly isOut: boolean;
  readonly onInclude: (piece: string, isIn: boolean) => void;
}): React.JSX.Element {
  const { piece, isOut, onInclude } = props;
  if (!piece.is_removable) {
    return (
      <span className="llm-Piece-fixed" title="It is what you ask about, so it is always sent">
        always
      </span>
    );
  }
  const what = `${isOut ? 'Put back' : 'Take out'} ${revealed(piece.label)}`;
  return (
    <button
      type="button"
      className="llm-Piece-switch"
      title={isOut ? 'Send it after all' : 'Do not send it'}
      aria-label={what}
      onClick={() => onInclude(piece.id, isOut)}
    >
      {isOut ? 'Put back' : '×'}
    </button>
  );
}
