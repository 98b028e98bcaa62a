/**
 * Text meant to fool a reader is shown for what it is.
 *
 * Bidirectional controls, zero-width characters and invisible fillers appear
 * as small labels (U+202E) in titles, in ghost cells and on both sides of a
 * diff. What counts as one is defined in `text.ts`.
 */
import type { Extension } from '@codemirror/state';
import { highlightSpecialChars, ViewPlugin } from '@codemirror/view';
import type { EditorView } from '@codemirror/view';

import { DECEPTIVE, pieces } from '../../text';

const CLASS = 'llm-HiddenCharacter';

/** One line of plain text with its hidden characters named. */
export function revealed(text: string): string {
  return pieces(text)
    .map(piece => (piece.deceptive ? `⟨${piece.text}⟩` : piece.text))
    .join('');
}

function tag(name: string): HTMLElement {
  const span = document.createElement('span');
  span.className = CLASS;
  span.textContent = name;
  span.title = `Hidden character ${name}`;
  span.setAttribute('aria-label', span.title);
  return span;
}

/** The removed lines of a diff are no part of the document, so the editor's own highlighting passes them by. */
function revealIn(root: Element): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (walker.nextNode()) {
    found.push(walker.currentNode as Text);
  }
  const lines = new Set<Element>();
  for (const node of found) {
    const parts = pieces(node.data);
    if (parts.some(part => part.deceptive)) {
      lines.add(node.parentElement!.closest('.cm-deletedLine') ?? root);
      node.replaceWith(...parts.map(part => (part.deceptive ? tag(part.text) : part.text)));
    }
  }
  // Chromium keeps the direction that it had found for the rest of the line, so the line is
  // made anew without the character that turned it.
  lines.forEach(line => line.replaceWith(line.cloneNode(true)));
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
    addSpecialChars: DECEPTIVE,
    render: code =>
      tag(
        pieces(String.fromCodePoint(code))
          .map(p => p.text)
          .join('')
      )
  }),
  removedLines
];
