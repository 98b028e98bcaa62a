/** The line of what is sent, in a widget or a node that is made by hand. */
import { ReactWidget } from '@jupyterlab/ui-components';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import type * as React from 'react';

export class LineWidget extends ReactWidget {
  constructor(private readonly content: () => React.JSX.Element) {
    super();
    this.addClass('llm-Sends-line');
  }

  override dispose(): void {
    if (!this.isDisposed && !this.isAttached) {
      // In a node of our own nobody says so, and what React has drawn would live on.
      MessageLoop.sendMessage(this, Widget.Msg.BeforeDetach);
    }
    super.dispose();
  }

  protected render(): React.JSX.Element {
    return this.content();
  }
}
