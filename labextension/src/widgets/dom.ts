/** Nodes made by hand, for widgets that live in cells. Text, never HTML. */
import type { Problem } from '../protocol.gen';
import { blocks, type ISpan } from '../answer';
import { pieces, revealed, type IPiece } from '../text';

/** A piece that stands for what deceives. */
export function tag(piece: IPiece): HTMLElement {
  const span = document.createElement('span');
  span.className = 'llm-Deceptive';
  span.textContent = piece.text;
  span.title = piece.about;
  span.setAttribute('role', 'img');
  span.setAttribute('aria-label', piece.about);
  return span;
}

/** Text in which whatever deceives is shown for what it is. */
export function revealedNodes(text: string, prose = false): (Node | string)[] {
  return pieces(text, prose).map(piece => (piece.deceptive ? tag(piece) : piece.text));
}

export function plain(tag: string, className: string, text = '', prose = true): HTMLElement {
  const node = document.createElement(tag);
  node.className = className;
  node.append(...revealedNodes(text, prose));
  return node;
}

export function button(label: string, title: string, act: () => void, accent = ''): HTMLElement {
  const node = document.createElement('button');
  node.type = 'button';
  node.className = `llm-Button jp-mod-styled ${accent}`.trim();
  node.append(...revealedNodes(label, true));
  node.title = revealed(title);
  node.addEventListener('click', act);
  return node;
}

function spanNode({ kind, text }: ISpan): Node | string {
  return kind === 'plain'
    ? plain('span', '', text)
    : plain(kind === 'code' ? 'code' : 'strong', '', text, kind !== 'code');
}

/** A model's text with its paragraphs, lists and code. */
export function answerNodes(text: string): HTMLElement[] {
  return blocks(text).map(block => {
    if (block.kind === 'code') {
      const pre = plain('pre', 'llm-Answer-code', block.text, false);
      pre.tabIndex = 0;
      pre.setAttribute('role', 'region');
      pre.setAttribute('aria-label', 'Code');
      return pre;
    }
    if (block.kind === 'list') {
      const list = plain(block.ordered ? 'ol' : 'ul', 'llm-Answer-list');
      for (const item of block.items) {
        const node = document.createElement('li');
        node.append(...item.map(spanNode));
        list.append(node);
      }
      return list;
    }
    const node = plain('p', `llm-Answer-${block.kind}`);
    node.append(...block.spans.map(spanNode));
    return node;
  });
}

/** What happened, what was kept, what to do next. */
export function problemText(problem: Problem): string {
  return [problem.message, problem.kept, problem.next].filter(Boolean).join(' ');
}

/** Draws anew without taking the keyboard from a button that is still there. */
export function redraw(node: HTMLElement, children: ReadonlyArray<Node>): void {
  const focused = node.contains(document.activeElement)
    ? document.activeElement?.textContent
    : null;
  node.replaceChildren(...children);
  if (focused) {
    const same = [...node.querySelectorAll('button')].find(b => b.textContent === focused);
    (same ?? node.closest<HTMLElement>('.jp-Cell'))?.focus();
  }
}
