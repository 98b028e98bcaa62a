/**
 * Text as nodes: coloured by its language, and with what is meant to fool a
 * reader shown for what it is. What counts as that is defined in `text.ts`.
 *
 * Ghosts show text, which needs no editor: an editor for each would cost more
 * than the cells themselves.
 */
import { highlightTree } from '@lezer/highlight';
import { jupyterHighlightStyle } from '@jupyterlab/codemirror';
import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';

import { pieces } from '../../text';
import { tag } from '../dom';
import type { Colour, Span } from './lines';

/** Longer text is shown without colours. */
const MOST = 60_000;

export class Painter {
  /** @param loaded - Called when a language has come that was asked for. */
  constructor(
    private readonly languages: IEditorLanguageRegistry,
    private readonly loaded: () => void
  ) {}

  /** The colours of a source; none until its language has come. */
  colours(source: string, mimeType: string): Colour[] {
    const language = this.languages.findByMIME(mimeType);
    if (!language || source.length > MOST) {
      return [];
    }
    if (!language.support) {
      if (!this.asked.has(mimeType)) {
        this.asked.add(mimeType);
        void this.languages.getLanguage(language).then(this.loaded, () => undefined);
      }
      return [];
    }
    const found: Colour[] = [];
    highlightTree(
      language.support.language.parser.parse(source),
      jupyterHighlightStyle,
      (from, to, classes) => found.push([from, to, classes])
    );
    return found;
  }

  /** Whether colours will not change any more by waiting. */
  isReady(mimeType: string): boolean {
    const language = this.languages.findByMIME(mimeType);
    return !language || !!language.support;
  }

  private readonly asked = new Set<string>();
}

/** A line's text as nodes. `spans` stand out within it. */
export function paint(
  text: string,
  colours: ReadonlyArray<Colour>,
  spans: ReadonlyArray<Span> = [],
  prose = false
): DocumentFragment {
  const fragment = document.createDocumentFragment();
  // Of the whole line: what a character is, its word says, whatever its colours.
  const all = pieces(text, prose);
  const edges = new Set([0, text.length]);
  colours.forEach(([from, to]) => edges.add(from).add(to));
  spans.forEach(([from, to]) => edges.add(from).add(to));
  all.forEach(({ from, to }) => edges.add(from).add(to));
  const sorted = [...edges].sort((a, b) => a - b);
  let next = 0;
  for (let i = 0; i + 1 < sorted.length; i++) {
    const [from, to] = [sorted[i]!, sorted[i + 1]!];
    while (next < all.length && all[next]!.to <= from) {
      next++;
    }
    const piece = all[next];
    if (piece?.deceptive && piece.from < to) {
      if (piece.from === from) {
        fragment.append(tag(piece));
      }
      continue;
    }
    const classes = colours.find(([x, y]) => x <= from && to <= y)?.[2] ?? '';
    const stands = spans.some(([x, y]) => x <= from && to <= y);
    fragment.append(
      wrapped(text.slice(from, to), stands ? `${classes} llm-Text-changed` : classes)
    );
  }
  return fragment;
}

function wrapped(text: string, classes: string): Node {
  if (!classes) {
    return document.createTextNode(text);
  }
  const span = document.createElement('span');
  span.className = classes;
  span.textContent = text;
  return span;
}
