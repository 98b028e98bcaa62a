/**
 * The list of what an `@` in a prompt could mean: arrows choose, Enter or Tab
 * takes, Escape puts it away. The prompt keeps the focus throughout.
 */
import { UUID } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';

import type { Hit } from '../../protocol.gen';
import { plain } from '../dom';
import { complete, mentionAt, type ITyped } from './mention';

const KINDS: { readonly [kind in Hit['kind']]: string } = {
  cell: 'Cell',
  variable: 'Variable',
  file: 'File',
  folder: 'Folder'
};

export class Mentions implements IDisposable {
  /** @param look - What a query could mean. */
  constructor(
    private readonly area: HTMLTextAreaElement,
    private readonly look: (query: string) => Promise<ReadonlyArray<Hit>>
  ) {
    this.list.id = `llm-mentions-${UUID.uuid4()}`;
    this.list.className = 'llm-Mentions';
    this.list.setAttribute('role', 'listbox');
    this.list.setAttribute('aria-label', 'What the mention means');
    // A click would take the focus from the prompt.
    this.list.addEventListener('mousedown', event => event.preventDefault());
    area.setAttribute('aria-autocomplete', 'list');
    // Before anybody else's, as Enter would ask.
    area.addEventListener('keydown', this.onKey, true);
    for (const type of EVENTS) {
      area.addEventListener(type, this.onText);
    }
    area.addEventListener('blur', this.close);
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  get isOpen(): boolean {
    return this.list.isConnected;
  }

  dispose(): void {
    if (this.disposed) {
      return;
    }
    this.close();
    this.disposed = true;
    this.area.removeEventListener('keydown', this.onKey, true);
    for (const type of EVENTS) {
      this.area.removeEventListener(type, this.onText);
    }
    this.area.removeEventListener('blur', this.close);
  }

  private readonly onText = (): void => {
    const { area } = this;
    const typed =
      area.selectionStart === area.selectionEnd ? mentionAt(area.value, area.selectionStart) : null;
    if (!typed || typed.from === this.refused) {
      this.refused = typed ? this.refused : -1;
      this.close();
      return;
    }
    if (this.typed?.from === typed.from && this.typed.query === typed.query) {
      return;
    }
    this.typed = typed;
    const turn = ++this.turn;
    void this.look(typed.query).then(hits => {
      if (turn === this.turn && !this.disposed && this.typed) {
        this.show(hits);
      }
    });
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (!this.isOpen || event.isComposing) {
      return;
    }
    const bare = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    const count = this.hits.length;
    if (bare && event.key === 'Escape') {
      this.refused = this.typed?.from ?? -1;
      this.close();
    } else if (bare && count && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const by = event.key === 'ArrowDown' ? 1 : -1;
      this.choose((this.chosen + by + count) % count);
    } else if (bare && count && (event.key === 'Enter' || event.key === 'Tab')) {
      this.take(this.chosen);
    } else {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  private show(hits: ReadonlyArray<Hit>): void {
    this.hits = hits;
    this.list.replaceChildren(...hits.map((hit, index) => this.option(hit, index)));
    if (!hits.length) {
      const none = document.createElement('div');
      none.className = 'llm-Mentions-none';
      none.textContent = 'Nothing by that name; it stays as you typed it.';
      this.list.append(none);
    }
    if (!this.isOpen) {
      document.body.append(this.list);
      // Only while there is a list to choose from; else it is a plain text box.
      this.area.setAttribute('role', 'combobox');
      this.area.setAttribute('aria-haspopup', 'listbox');
      this.area.setAttribute('aria-expanded', 'true');
      this.area.setAttribute('aria-controls', this.list.id);
    }
    this.place();
    this.choose(0);
  }

  private option(hit: Hit, index: number): HTMLElement {
    const node = document.createElement('div');
    node.id = `${this.list.id}-${index}`;
    node.className = `llm-Mention llm-mod-${hit.kind}`;
    node.setAttribute('role', 'option');
    node.append(
      plain('span', 'llm-Mention-kind', KINDS[hit.kind]),
      plain('span', 'llm-Mention-label', hit.label, false),
      plain('span', 'llm-Mention-detail', hit.detail, false)
    );
    node.addEventListener('click', () => this.take(index));
    return node;
  }

  private choose(index: number): void {
    this.chosen = index;
    [...this.list.querySelectorAll('[role=option]')].forEach((node, i) => {
      node.setAttribute('aria-selected', String(i === index));
      if (i === index) {
        this.area.setAttribute('aria-activedescendant', node.id);
        node.scrollIntoView({ block: 'nearest' });
      }
    });
  }

  private take(index: number): void {
    const hit = this.hits[index];
    const { typed, area } = this;
    if (!hit || !typed) {
      return;
    }
    const { text, cursor } = complete(area.value, typed, hit.mention);
    this.close();
    // As if typed, so that the prompt's owner hears of it, and undo knows it.
    area.setSelectionRange(typed.from, typed.to);
    const put = text.slice(typed.from, text.length - (area.value.length - typed.to));
    if (!document.execCommand('insertText', false, put)) {
      area.setRangeText(put, typed.from, typed.to, 'end');
      area.dispatchEvent(new Event('input', { bubbles: true }));
    }
    area.setSelectionRange(cursor, cursor);
    this.close();
  }

  private readonly close = (): void => {
    this.turn++;
    this.typed = null;
    this.hits = [];
    if (this.isOpen) {
      this.list.remove();
      for (const name of ['role', 'aria-haspopup', 'aria-expanded', 'aria-controls']) {
        this.area.removeAttribute(name);
      }
      this.area.removeAttribute('aria-activedescendant');
    }
  };

  /** Under the prompt, or above it where there is no room. */
  private place(): void {
    const box = this.area.getBoundingClientRect();
    const { style } = this.list;
    style.left = `${Math.max(4, Math.min(box.left, window.innerWidth - 324))}px`;
    style.width = `${Math.max(200, Math.min(box.width, 480))}px`;
    const below = window.innerHeight - box.bottom;
    const height = Math.min(260, Math.max(below, box.top) - 12);
    style.maxHeight = `${height}px`;
    const above = below < this.list.offsetHeight + 12 && box.top > below;
    style.top = above ? '' : `${box.bottom + 2}px`;
    style.bottom = above ? `${window.innerHeight - box.top + 2}px` : '';
  }

  private readonly list = document.createElement('div');
  private hits: ReadonlyArray<Hit> = [];
  private typed: ITyped | null = null;
  private chosen = 0;
  private turn = 0;
  /** Where the `@` stands that the person put the list away for. */
  private refused = -1;
  private disposed = false;
}

const EVENTS = ['input', 'click', 'keyup'] as const;
