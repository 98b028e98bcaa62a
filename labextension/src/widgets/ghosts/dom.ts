/** Small helpers for nodes that are brought up to date in place. */

export function element(tag: string, className: string, text = ''): HTMLElement {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

/** Sets a text only where it differs, so that a live region speaks once and a selection stays. */
export function set(node: Element, text: string): void {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

export function show(node: HTMLElement, on: boolean): void {
  if (node.hidden === on) {
    node.hidden = !on;
  }
}

/** A button with its key beside its name, where a key would press it now. */
export class Button {
  constructor(text: string, className: string, act: () => void) {
    const node = document.createElement('button');
    node.type = 'button';
    node.className = `llm-Ghost-button ${className}`;
    this.text = element('span', '', text);
    this.key = element('kbd', '');
    this.key.setAttribute('aria-hidden', 'true');
    this.key.hidden = true;
    node.append(this.text, this.key);
    node.addEventListener('click', () => {
      if (node.getAttribute('aria-disabled') !== 'true') {
        act();
      }
    });
    this.node = node;
  }

  readonly node: HTMLButtonElement;

  name(text: string): void {
    set(this.text, text);
  }

  /** What a screen reader and the tooltip say, where that is more than the text. */
  describe(words: string): void {
    if (this.node.getAttribute('aria-label') !== words) {
      this.node.setAttribute('aria-label', words);
    }
  }

  /**
   * @param key - As shown; empty where the command has none.
   * @param acts - Whether the key would press this very button now.
   */
  hint(tooltip: string, key: string, acts = true): void {
    const full = key && acts ? `${tooltip} (${key})` : tooltip;
    if (this.node.title !== full) {
      this.node.title = full;
    }
    set(this.key, key);
    show(this.key, acts && key !== '');
    if (acts && key) {
      this.node.setAttribute('aria-keyshortcuts', spoken(key));
    } else {
      this.node.removeAttribute('aria-keyshortcuts');
    }
  }

  /** Greyed out rather than `disabled`, which would throw the focus out of the ghost. */
  enable(on: boolean): void {
    this.node.setAttribute('aria-disabled', String(!on));
  }

  press(on: boolean): void {
    this.node.setAttribute('aria-pressed', String(on));
  }

  show(on: boolean): void {
    show(this.node, on);
  }

  private readonly text: HTMLElement;
  private readonly key: HTMLElement;
}

function spoken(key: string): string {
  return /^[A-Z]$/.test(key) ? `Shift+${key}` : key;
}
