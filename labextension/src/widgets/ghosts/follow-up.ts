/** The field for a follow-up in a ghost: what should be different, and what is sent with it. */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import * as React from 'react';

import { ContextLine } from '../context/line';
import { LineWidget } from '../context/line-widget';
import { Mentions } from '../context/mentions';
import type { FollowUpWords } from '../follow-up';
import { whyNot } from '../live';
import { Button, element } from './dom';

export interface IFollowUpActions {
  /** It was asked, or could not be; `isHere`: the keyboard is in the field. */
  asked(isAsked: boolean, isHere: boolean): void;
  leave(): void;
}

export class FollowUp implements IDisposable {
  constructor(
    private readonly followUp: FollowUpWords,
    private readonly actions: IFollowUpActions
  ) {
    const { field } = this;
    const { review, unsent } = followUp;
    field.rows = 1;
    field.dir = 'auto';
    field.className = 'llm-FollowUp-field';
    field.placeholder = 'What should be different?';
    field.setAttribute('aria-label', 'Follow up: what should be different');
    field.addEventListener('input', () => followUp.typed(field.value));
    field.addEventListener('keydown', this.onKey);
    field.addEventListener('focus', this.draw);
    field.addEventListener('blur', this.draw);
    this.mentions = new Mentions(field, query => review.look(query));
    const send = new Button('Ask', 'llm-mod-small', () => void this.send());
    send.hint('Ask for the next version', 'Enter');
    const leave = new Button('Close', 'llm-mod-quiet', () => this.leave());
    leave.hint('Close this field; the words are kept', 'Esc');
    this.line = new LineWidget(() => this.context());
    this.node.append(field, send.node, leave.node, this.line.node);
    review.changed.connect(this.draw, this);
    unsent.changed.connect(this.draw, this);
    this.draw();
  }

  readonly node = element('div', 'llm-FollowUp');

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (!this.disposed) {
      this.disposed = true;
      Signal.clearData(this);
      this.mentions.dispose();
      this.line.dispose();
      this.node.remove();
    }
  }

  focus(): void {
    this.field.focus({ preventScroll: true });
    this.field.setSelectionRange(this.field.value.length, this.field.value.length);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      if (!event.shiftKey) {
        void this.send();
      }
    } else if (event.key === 'Escape') {
      event.preventDefault();
      this.leave();
    }
  };

  private leave(): void {
    this.left = true;
    this.actions.leave();
  }

  private async send(): Promise<void> {
    const { followUp } = this;
    if (this.waiting || !followUp.words.trim()) {
      return;
    }
    let isAsked = false;
    if (!whyNot(followUp.review)) {
      this.waiting = true;
      this.draw();
      isAsked = await followUp.ask(this, () => !this.left);
      this.waiting = false;
    }
    if (!this.left) {
      this.draw();
      this.actions.asked(isAsked, document.activeElement === this.field);
    }
  }

  private context(): React.JSX.Element {
    const { review, words, about, takeOut } = this.followUp;
    return React.createElement(ContextLine, {
      review,
      owner: this,
      prompt: words,
      options: about,
      onWithout: takeOut,
      isActive: document.activeElement === this.field,
      isWaiting: this.waiting
    });
  }

  private readonly draw = (): void => {
    if (this.disposed) {
      return;
    }
    const { words } = this.followUp;
    if (this.field.value !== words) {
      this.field.value = words;
    }
    this.field.setAttribute('aria-busy', String(this.waiting));
    this.line.update();
  };

  private readonly field = document.createElement('textarea');
  private readonly mentions: Mentions;
  private readonly line: LineWidget;
  private waiting = false;
  private left = false;
  private disposed = false;
}
