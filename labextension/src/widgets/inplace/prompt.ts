/** The small prompt that stands at a cell. Its words are kept by whoever opened it. */
import { Panel, Widget } from '@lumino/widgets';
import * as React from 'react';

import type { IAskOptions, IReview } from '../../tokens';
import { ContextLine } from '../context/line';
import { LineWidget } from '../context/line-widget';
import { Mentions } from '../context/mentions';
import { surveyed } from '../context/waiting';
import { button, plain } from '../dom';
import { whyNot } from '../live';

export interface IPromptOptions {
  readonly review: IReview;
  /** What it is about, in words: "Lines 3–7 of cell 5". */
  readonly label: string;
  readonly about: () => IAskOptions;
  readonly words: string;
  typed(words: string): void;
  takeOut(pieces: ReadonlyArray<string>): void;
  /** @returns Whether it was sent. */
  ask(words: string): boolean;
  /** The person leaves; the words are kept. */
  leave(): void;
}

export class InPlacePrompt extends Panel {
  constructor(private readonly options: IPromptOptions) {
    super();
    const { review, label, words } = options;
    this.addClass('llm-InPlace');
    this.node.setAttribute('role', 'group');
    this.node.setAttribute('aria-label', `Ask about ${label}`);

    const { area } = this;
    area.className = 'llm-InPlace-words jp-mod-styled';
    area.rows = 2;
    area.dir = 'auto';
    area.value = words;
    area.placeholder = 'What should change here?';
    area.setAttribute('aria-label', `What should change in ${label}?`);
    area.addEventListener('input', this.onInput);
    area.addEventListener('keydown', this.onKey);
    area.addEventListener('focus', this.draw);
    area.addEventListener('blur', this.draw);
    this.mentions = new Mentions(area, query => review.look(query));

    const head = new Widget();
    head.addClass('llm-InPlace-head');
    const close = button('×', 'Close; the words are kept (Esc)', options.leave);
    close.classList.add('llm-InPlace-close');
    close.setAttribute('aria-label', 'Close; the words are kept');
    head.node.append(plain('span', 'llm-InPlace-label', label), close);

    const middle = new Widget();
    middle.node.append(area);
    this.line = new LineWidget(() => this.context());
    const foot = new Widget();
    foot.addClass('llm-InPlace-foot');
    this.note.setAttribute('role', 'status');
    this.send = button('Ask', 'Ask (Enter)', () => void this.ask()) as HTMLButtonElement;
    foot.node.append(
      this.note,
      plain('span', 'llm-Hint', 'Enter asks · Shift+Enter new line · Esc leaves'),
      this.send
    );
    [head, middle, this.line, foot].forEach(part => this.addWidget(part));
    review.changed.connect(this.draw, this);
    this.draw();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.mentions.dispose();
    }
    super.dispose();
  }

  focus(): void {
    this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(this.area.value.length, this.area.value.length);
  }

  private readonly onInput = (): void => {
    this.slow = '';
    this.options.typed(this.area.value);
    this.draw();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.isComposing) {
      return;
    }
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      void this.ask();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      this.options.leave();
    }
  };

  private async ask(): Promise<void> {
    const { review, about } = this.options;
    const words = this.area.value;
    if (!words.trim()) {
      this.slow = 'Say in a few words what should change.';
      this.draw();
    } else if (!this.waiting && !whyNot(review)) {
      this.waiting = true;
      this.draw();
      await surveyed(review, this, words, about());
      this.waiting = false;
      // Closed meanwhile: then nothing is asked, and the words are kept.
      if (!this.isDisposed && !this.options.ask(words)) {
        this.slow = 'It could not be asked. Your words are kept; try again.';
        this.draw();
      }
    }
  }

  private context(): React.JSX.Element {
    const { review, about, takeOut } = this.options;
    return React.createElement(ContextLine, {
      review,
      owner: this,
      prompt: this.area.value,
      options: about(),
      onWithout: takeOut,
      isActive: document.activeElement === this.area,
      isWaiting: this.waiting
    });
  }

  private readonly draw = (): void => {
    if (this.isDisposed) {
      return;
    }
    const note = whyNot(this.options.review) || this.slow;
    if (this.note.textContent !== note) {
      this.note.textContent = note;
    }
    this.note.hidden = !note;
    this.send.disabled = this.waiting || !!whyNot(this.options.review);
    this.area.setAttribute('aria-busy', String(this.waiting));
    this.line.update();
  };

  private readonly area = document.createElement('textarea');
  private readonly note = plain('span', 'llm-InPlace-note');
  private readonly send: HTMLButtonElement;
  private readonly line: Widget;
  private readonly mentions: Mentions;
  private slow = '';
  private waiting = false;
}
