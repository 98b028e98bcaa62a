/**
 * Text meant to fool a reader is shown for what it is.
 *
 * Bidirectional controls, zero-width characters and invisible fillers appear
 * as small labels (U+202E) in titles, in ghost cells and on both sides of a
 * diff. The emoji variation selectors U+FE0E and U+FE0F are left alone: they
 * stand in ordinary text and change nothing but a glyph's style.
 */
import type { Extension } from '@codemirror/state';
import { highlightSpecialChars, ViewPlugin } from '@codemirror/view';
import type { EditorView } from '@codemirror/view';

const HIDDEN =
  '[\\u00ad\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f' +
  '\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0d\\ufeff' +
  '\\uffa0\\ufff0-\\ufffb\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}' +
  '\\u{e0000}-\\u{e0fff}]';

const CLASS = 'llm-HiddenCharacter';

/** A character's name as it is shown, such as `U+202E`. */
export function label(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** One line of plain text with its hidden characters named. */
export function revealed(text: string): string {
  return text.replace(new RegExp(HIDDEN, 'gu'), char => `⟨${label(char.codePointAt(0) ?? 0)}⟩`);
}

/** Whether a text holds a character that cannot be seen. */
export function hasHidden(text: string): boolean {
  return new RegExp(HIDDEN, 'u').test(text);
}

function tag(code: number): HTMLElement {
  const span = document.createElement('span');
  span.className = CLASS;
  span.textContent = label(code);
  span.title = `Hidden character ${label(code)}`;
  span.setAttribute('aria-label', span.title);
  return span;
}

/** The removed lines of a unified diff are no part of the document, so the editor's own highlighting passes them by. */
function revealIn(root: Element): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (walker.nextNode()) {
    const node = walker.currentNode as Text;
    if (hasHidden(node.data) && !node.parentElement?.closest(`.${CLASS}`)) {
      found.push(node);
    }
  }
  for (const node of found) {
    const parts = document.createDocumentFragment();
    let from = 0;
    for (const match of node.data.matchAll(new RegExp(HIDDEN, 'gu'))) {
      parts.append(node.data.slice(from, match.index));
      parts.append(tag(match[0].codePointAt(0) ?? 0));
      from = match.index + match[0].length;
    }
    parts.append(node.data.slice(from));
    node.replaceWith(parts);
  }
}

const removedLines = ViewPlugin.fromClass(
  class {
    constructor(view: EditorView) {
      this.update({ view });
    }

    update({ view }: { view: EditorView }): void {
      view.requestMeasure({
        key: this,
        read: () => undefined,
        write: () => {
          view.dom.querySelectorAll('.cm-deletedChunk').forEach(revealIn);
        }
      });
    }
  }
);

/** For an editor: hidden characters become visible. */
export const revealHidden: Extension = [
  highlightSpecialChars({
    addSpecialChars: new RegExp(HIDDEN, 'gu'),
    render: code => tag(code)
  }),
  removedLines
];
