/** The edits of a proposal in its card: what each does, its code, and its own decision. */
import * as React from 'react';

import { cellHash } from '../hash';
import type { Edit, Proposal } from '../protocol.gen';
import { remarks } from '../remarks';
import { diffRows, type IDiffRow } from '../text';
import type { IEditView, IProposalView, IReview } from '../tokens';
import { lines, Rows, rowsOf } from './code';
import { editName } from './names';

const MARKS: { readonly [op in Edit['op']]: string } = {
  insert: '+',
  replace: '±',
  delete: '−',
  move: '↕'
};

export type NumberOf = (id: string) => number | undefined;

export interface IEditListProps {
  readonly review: IReview;
  readonly view: IProposalView;
  readonly numberOf: NumberOf;
  readonly onNote: (note: string) => void;
}

export function EditList(props: IEditListProps): React.JSX.Element {
  const { view } = props;
  return (
    <ul className="llm-Card-edits" aria-label="What it changes">
      {view.edits.map(edit => (
        <EditRow key={edit.index} {...props} edit={edit} />
      ))}
    </ul>
  );
}

function EditRow(props: IEditListProps & { readonly edit: IEditView }): React.JSX.Element {
  const { review, view, edit, numberOf, onNote } = props;
  const { id, status, edited } = view.proposal;
  const pending = status === 'pending';
  const isStale = pending && !edit.applies;
  const held = (pending || status === 'drafting') && edit.applies;
  const name = editName(edit.edit, numberOf);
  const part = { edit: edit.index };
  const accept = (): void => {
    void review.accept(id, { part }).then(result => {
      onNote(result.outcome === 'accepted' ? '' : result.reason);
    });
  };
  return (
    <li className={`llm-Edit llm-mod-${edit.edit.op}${isStale ? ' llm-mod-stale' : ''}`}>
      <div className="llm-Edit-label">
        <span className="llm-Edit-mark" aria-hidden="true">
          {MARKS[edit.edit.op]}
        </span>
        <span className="llm-Edit-name">{name}</span>
        {edited.includes(edit.edit.cell_id) && (
          <span className="llm-Edit-edited">edited by you</span>
        )}
        {isStale && <span className="llm-Edit-stale">no longer fits</span>}
        <span className="llm-Edit-buttons">
          {pending && edit.applies && view.edits.length > 1 && (
            <>
              <Small label="Accept" name={`Accept: ${name}`} onClick={accept} />
              <Small
                label="Reject"
                name={`Reject: ${name}`}
                onClick={() => review.reject(id, part)}
              />
            </>
          )}
          {isStale && (
            <>
              {edit.edit.op === 'replace' && numberOf(edit.edit.cell_id) !== undefined && (
                <Small
                  label="See both"
                  name={`See both: ${name}, as a diff against the cell as you have it now`}
                  onClick={() => review.rebase(id, edit.index)}
                />
              )}
              <Small
                label="Discard"
                name={`Discard: ${name}`}
                onClick={() => review.reject(id, part)}
              />
            </>
          )}
        </span>
      </div>
      {(pending || held) && <Remarks edit={edit} />}
      <Rows name={name} rows={rowsOf(edit, held)} isProse={isProse(edit.edit)} />
    </li>
  );
}

function isProse(edit: Edit): boolean {
  return 'cell_type' in edit && edit.cell_type === 'markdown';
}

/** What is easily overlooked in what it brings. */
function Remarks({ edit: { edit, before } }: { readonly edit: IEditView }): React.JSX.Element {
  const source = 'source' in edit ? edit.source : '';
  const base = edit.op === 'replace' ? before : '';
  const prose = isProse(edit);
  const said = React.useMemo(() => remarks(source, base, prose), [source, base, prose]);
  return (
    <ul className="llm-Remarks" aria-label="Look closely" hidden={said.length === 0}>
      {said.map((text, index) => (
        <li key={index}>{text}</li>
      ))}
    </ul>
  );
}

function Small(props: {
  readonly label: string;
  readonly name: string;
  readonly onClick: () => void;
}): React.JSX.Element {
  return (
    <button
      type="button"
      className="llm-Small"
      title={props.name}
      aria-label={props.name}
      onClick={props.onClick}
    >
      {props.label}
    </button>
  );
}

/**
 * What a later version changed against the one before.
 *
 * @param before - The version before, where this page has seen it.
 */
export function Since(props: {
  readonly view: IProposalView;
  readonly before: Proposal | undefined;
  readonly numberOf: NumberOf;
}): React.JSX.Element | null {
  const { view, before, numberOf } = props;
  const { since, version } = view.proposal;
  if (since.length === 0) {
    return null;
  }
  return (
    <details className="llm-Card-more">
      <summary>Changed since version {version - 1}</summary>
      <ul className="llm-Card-edits" aria-label={`Changed since version ${version - 1}`}>
        {since.map((edit, index) => (
          <li key={index} className={`llm-Edit llm-mod-${edit.op}`}>
            <div className="llm-Edit-label">
              <span className="llm-Edit-mark" aria-hidden="true">
                {MARKS[edit.op]}
              </span>
              <span className="llm-Edit-name">{sinceName(edit, numberOf)}</span>
            </div>
            <Rows
              name={sinceName(edit, numberOf)}
              rows={sinceRows(edit, before)}
              isProse={isProse(edit)}
            />
          </li>
        ))}
      </ul>
    </details>
  );
}

function sinceName(edit: Edit, numberOf: NumberOf): string {
  const proposed = edit.op !== 'insert' && numberOf(edit.cell_id) === undefined;
  return proposed && edit.op === 'replace'
    ? 'Change of the proposed cell'
    : proposed
      ? `The proposed cell, ${edit.op === 'delete' ? 'left out' : 'moved'}`
      : editName(edit, numberOf);
}

/** A diff only where what it is held against is what it was made for. */
function sinceRows(edit: Edit, before: Proposal | undefined): ReadonlyArray<IDiffRow> {
  if (edit.op === 'insert') {
    return lines(edit.source, '+');
  }
  if (edit.op !== 'replace') {
    return [];
  }
  const old = before?.edits.find(other => other.cell_id === edit.cell_id);
  const fits =
    old &&
    (old.op === 'insert' || old.op === 'replace') &&
    cellHash(old.cell_type, old.source) === edit.expects;
  return fits ? diffRows(old.source, edit.source) : lines(edit.source, ' ');
}
