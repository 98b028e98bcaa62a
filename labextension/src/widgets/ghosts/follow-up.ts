/** The one-line field for a follow-up: what should be different in the next version. */
import { Button, element } from './dom';

export interface IFollowUpActions {
  typed(words: string): void;
  send(): void;
  leave(): void;
}

export class FollowUp {
  constructor(actions: IFollowUpActions) {
    this.node = element('div', 'llm-FollowUp');
    this.field.type = 'text';
    this.field.className = 'llm-FollowUp-field';
    this.field.placeholder = 'What should be different?';
    this.field.setAttribute('aria-label', 'Follow up: what should be different');
    this.field.autocomplete = 'off';
    this.field.addEventListener('input', () => actions.typed(this.field.value));
    this.field.addEventListener('keydown', event => {
      if (event.key === 'Enter' && !event.isComposing) {
        event.preventDefault();
        if (!event.shiftKey) {
          actions.send();
        }
      } else if (event.key === 'Escape') {
        event.preventDefault();
        actions.leave();
      }
    });
    const send = new Button('Ask', 'llm-mod-small', () => actions.send());
    send.hint('Ask for the next version', 'Enter');
    const leave = new Button('Close', 'llm-mod-quiet', () => actions.leave());
    leave.hint('Close this field; the words are kept', 'Esc');
    this.node.append(this.field, send.node, leave.node);
  }

  readonly node: HTMLElement;

  render(words: string): void {
    if (this.field.value !== words) {
      this.field.value = words;
    }
  }

  focus(): void {
    this.field.focus({ preventScroll: true });
  }

  private readonly field = document.createElement('input');
}
