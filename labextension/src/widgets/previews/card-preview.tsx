/** A proposal's dry run in its card: what is seen, what changes, and, folded, the rest. */
import * as React from 'react';

import type { Isolation, Output, Preview } from '../../protocol.gen';
import type { IPreviewView } from '../../previewing';
import type { IProposalView, IReview } from '../../tokens';
import { effectLines, effectsLine, variableRow } from './facts';
import { Downstream } from './card-downstream';
import { cellOf } from './ghost-preview';
import { imageOf } from './images';
import { liveOutputs } from './live-outputs';
import { offersOf } from './offers';
import type { IKeys } from '../keys';
import { badgeOf, lineOf, plain, whyOf, type NumberOf } from './words';

export interface ICardPreviewProps {
  readonly review: IReview;
  readonly view: IProposalView;
  readonly preview: IPreviewView;
  readonly numberOf: NumberOf;
  readonly keys: IKeys;
}

/** Above the diff: the figure, one line of what changes, the effects. */
export function CardPreview(props: ICardPreviewProps): React.JSX.Element {
  const { review, view, preview, numberOf } = props;
  const { shown } = preview;
  const badge = badgeOf(preview, numberOf);
  const line = lineOf(preview);
  const why = whyOf(preview);
  // The line above tells of all of them but of what was denied.
  const isDenied = shown ? effectsLine(shown.effects).includes('denied') : false;
  const effects = shown && isDenied ? effectsLine(shown.effects) : '';
  const isOld = preview.age !== '' || (preview.isGoingOn && shown !== preview.preview);
  return (
    <section className={`llm-CardPreview${isOld ? ' llm-mod-old' : ''}`} aria-label="Preview">
      {shown && <Figures review={review} view={view} shown={shown} />}
      <p className="llm-CardPreview-line">
        <span className="llm-PreviewBar-badge" data-mood={badge.mood}>
          {badge.text}
        </span>{' '}
        {line}
      </p>
      {why && <p className="llm-CardPreview-why">{why}</p>}
      {effects && <p className="llm-CardPreview-effects">{effects}</p>}
      <Offers {...props} />
    </section>
  );
}

/** The same as under the ghost; taking it stands below. */
function Offers(props: ICardPreviewProps): React.JSX.Element {
  const { review, view, preview, keys } = props;
  const { id } = view.proposal;
  const offers = offersOf(preview, review.previews.sample).filter(offer => offer.act !== 'accept');
  return (
    <div className="llm-CardPreview-offers">
      {offers.map(({ act, label, title, options, isEnabled }) => (
        <button
          key={act === 'stop' ? 'preview' : act}
          type="button"
          className="llm-Small"
          title={act === 'preview' || act === 'stop' ? keys.tip(title, 'preview') : title}
          disabled={!isEnabled}
          onClick={() => {
            if (act === 'stop') {
              review.previews.stop(id);
            } else if (act === 'repair') {
              review.previews.repair(id);
            } else {
              review.previews.run(id, options);
            }
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

function Figures(props: {
  readonly review: IReview;
  readonly view: IProposalView;
  readonly shown: Preview;
}): React.JSX.Element | null {
  const { review, view, shown } = props;
  const run = shown.cells.find(cell => !cell.downstream && figureIn(cell.outputs) !== null);
  const after = run && figureIn(run.outputs);
  if (!run || !after) {
    return null;
  }
  const edit = view.edits.find(item => cellOf(item.edit) === run.cell)?.edit;
  const cell =
    edit?.op === 'replace'
      ? review.panel.content.widgets.find(widget => widget.model.id === edit.cell_id)
      : undefined;
  const before = figureIn(liveOutputs(cell?.model));
  return (
    <button
      type="button"
      className="llm-CardPreview-figures"
      title="Show it in the notebook"
      onClick={() => review.focus(view.proposal.id)}
    >
      {before && (
        <span className="llm-CardPreview-figure">
          <span>Before</span>
          <img src={before} alt="The figure before" />
        </span>
      )}
      <span className="llm-CardPreview-figure">
        {before && <span>After</span>}
        <img src={after} alt={before ? 'The figure after' : 'The figure that it would draw'} />
      </span>
    </button>
  );
}

function figureIn(outputs: ReadonlyArray<Output>): string | null {
  return outputs.map(({ data }) => imageOf(data)).find(image => image !== null) ?? null;
}

/** Under the diff: what is there for who wants to know. */
export function CardPreviewMore(props: ICardPreviewProps): React.JSX.Element | null {
  const { shown, isGoingOn } = props.preview;
  if (!shown || isGoingOn) {
    return null;
  }
  const effects = effectLines(shown.effects);
  return (
    <>
      <Downstream {...props} shown={shown} />
      {shown.changes.length > 0 && <Variables shown={shown} />}
      {(effects.length > 0 || (shown.isolation && !shown.effects.files_complete)) && (
        <details className="llm-Card-more">
          <summary>
            {effects.length > 0 ? `Effects (${effects.length})` : 'Effects: none seen'}
          </summary>
          <ul className="llm-CardPreview-list">
            {effects.map((text, index) => (
              <li key={index}>{text}</li>
            ))}
          </ul>
          {!shown.effects.files_complete && (
            <p>Files are only those that Python itself reported.</p>
          )}
        </details>
      )}
      {shown.isolation && <IsolationFacts isolation={shown.isolation} />}
      <Attempts {...props} />
    </>
  );
}

function Variables(props: { readonly shown: Preview }): React.JSX.Element {
  const rows = props.shown.changes.map(variableRow);
  return (
    <details className="llm-Card-more">
      <summary>Variables ({rows.length})</summary>
      <table className="llm-Variables">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <React.Fragment key={row.name}>
              <tr>
                <th scope="row">{row.name}</th>
                <td>{row.before || '–'}</td>
                <td>{row.kind === 'deleted' ? 'deleted' : row.after}</td>
              </tr>
              {row.details.length > 0 && (
                <tr className="llm-Variables-details">
                  <td colSpan={3}>
                    {row.details.map((text, index) => (
                      <div key={index}>{text}</div>
                    ))}
                  </td>
                </tr>
              )}
            </React.Fragment>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function IsolationFacts(props: { readonly isolation: Isolation }): React.JSX.Element {
  const { name, way, holds, lacks } = props.isolation;
  return (
    <details className="llm-Card-more">
      <summary>Isolation: {plain(name)}</summary>
      <p>
        {way === 'fork'
          ? 'Run in a fork of the kernel, with all of its variables.'
          : 'Run in a fresh process, with the variables that can travel.'}
      </p>
      <ul className="llm-CardPreview-list">
        {holds.map((text, index) => (
          <li key={`h${index}`}>{plain(text)}</li>
        ))}
        {lacks.map((text, index) => (
          <li key={`l${index}`} className="llm-mod-lacks">
            Not held: {plain(text)}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The dry runs of the versions before and after this one. */
function Attempts(props: ICardPreviewProps): React.JSX.Element | null {
  const { review, view, numberOf } = props;
  const tried = view.versions.flatMap((id, index) => {
    const proposal = review.version(id);
    const preview = proposal && review.previews.of(proposal);
    return preview?.shown ? [{ id, number: index + 1, preview }] : [];
  });
  if (tried.length < 2) {
    return null;
  }
  return (
    <details className="llm-Card-more">
      <summary>Attempts ({tried.length})</summary>
      <ul className="llm-CardPreview-list">
        {tried.map(({ id, number, preview }) => (
          <li key={id}>
            <button
              type="button"
              className="llm-Small"
              title={`Show version ${number}`}
              disabled={id === view.proposal.id}
              onClick={() => review.show(id)}
            >
              Version {number}
            </button>{' '}
            {badgeOf(preview, numberOf).text} {lineOf(preview)}
          </li>
        ))}
      </ul>
    </details>
  );
}
