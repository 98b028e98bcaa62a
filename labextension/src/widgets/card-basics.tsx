/** Buttons and problems, as cards and the panel show them. */
import * as React from 'react';

import type { Problem } from '../protocol.gen';
import { revealed } from '../text';
import { PlainText } from './code';

export interface IActionProps {
  readonly label: string;
  readonly title: string;
  readonly accent?: 'accept' | 'reject';
  readonly disabled?: boolean;
  /** Names the button for what else turns to it. */
  readonly act?: string;
  readonly onClick: () => void;
}

/** A button with a tooltip that names its key. */
export function Action(props: IActionProps): React.JSX.Element {
  const accent = props.accent ? ` jp-mod-styled jp-mod-${props.accent}` : ' jp-mod-styled';
  return (
    <button
      type="button"
      className={`llm-Button${accent}`}
      title={revealed(props.title)}
      disabled={props.disabled}
      data-act={props.act}
      onClick={props.onClick}
    >
      <PlainText text={props.label} />
    </button>
  );
}

/** What happened, what was kept, what to do next. */
export function ProblemText(props: { readonly problem: Problem }): React.JSX.Element {
  const { message, kept, next } = props.problem;
  return (
    <div className="llm-Problem">
      <p>
        <PlainText text={message} />
      </p>
      {kept && (
        <p className="llm-Problem-kept">
          <PlainText text={kept} />
        </p>
      )}
      {next && (
        <p className="llm-Problem-next">
          <PlainText text={next} />
        </p>
      )}
    </div>
  );
}
