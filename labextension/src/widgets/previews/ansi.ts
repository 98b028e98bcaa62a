/** Text of a terminal as nodes: its colours, and lines that were written over. No links. */
import { pieces } from '../../text';
import { tag } from '../dom';

interface ILook {
  readonly colour: string;
  readonly ground: string;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

const PLAIN: ILook = {
  colour: '',
  ground: '',
  bold: false,
  italic: false,
  underline: false,
  inverse: false
};
const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
/* eslint-disable no-control-regex -- control characters are what this is about */
const ESCAPE =
  /\u001b\[([0-9;]*)m|\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[@-Z\\-_]/g;

/** Lines as a terminal leaves them: what follows a carriage return stands over what was there. */
export function overwritten(text: string): string {
  if (!/[\r\b]/.test(text)) {
    return text;
  }
  return text
    .replace(/\r\n/g, '\n')
    .split('\n')
    .map(line => {
      const parts = line.split('\r');
      let shown = '';
      for (const part of parts) {
        // With colours in between, columns cannot be counted: the last writing is what stands.
        shown =
          part.includes('\u001b') || shown.includes('\u001b')
            ? part || shown
            : part + shown.slice(part.length);
      }
      return withoutBackspaces(shown);
    })
    .join('\n');
}

function withoutBackspaces(line: string): string {
  if (!line.includes('\b')) {
    return line;
  }
  const kept: string[] = [];
  for (const character of line) {
    if (character === '\b') {
      kept.pop();
    } else {
      kept.push(character);
    }
  }
  return kept.join('');
}

export function ansiNodes(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  let look = PLAIN;
  let from = 0;
  const add = (to: number): void => {
    if (to > from) {
      fragment.append(piece(text.slice(from, to), look));
    }
  };
  for (const match of text.matchAll(ESCAPE)) {
    add(match.index);
    from = match.index + match[0].length;
    if (match[1] !== undefined) {
      look = changed(look, match[1].split(';').map(Number));
    }
  }
  add(text.length);
  return fragment;
}

/** An empty Braille cell, of which pictures in text are made. */
const EMPTY_CELL = '\u2800';

/** What an output holds may be far to the right, and in any writing; only the unseen is named. */
function nodesOf(text: string): Node[] {
  return pieces(text, true, ({ kind }, char) => kind === 'hidden' && char !== EMPTY_CELL).map(
    found => (found.deceptive ? tag(found) : document.createTextNode(found.text))
  );
}

function piece(text: string, look: ILook): Node {
  if (look === PLAIN) {
    const plain = document.createDocumentFragment();
    plain.append(...nodesOf(text));
    return plain;
  }
  const span = document.createElement('span');
  const { colour, ground, bold, italic, underline, inverse } = look;
  // Names that JupyterLab's own text has; a theme gives them their colours.
  span.className = [
    inverse ? 'ansi-inverse-fg ansi-inverse-bg' : '',
    colour && `ansi-${colour}-fg`,
    ground && `ansi-${ground}-bg`,
    bold ? 'ansi-bold' : '',
    italic ? 'llm-Ansi-italic' : '',
    underline ? 'ansi-underline' : ''
  ]
    .filter(Boolean)
    .join(' ');
  span.append(...nodesOf(text));
  return span;
}

function changed(look: ILook, codes: ReadonlyArray<number>): ILook {
  let next = look;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code === 0) {
      next = PLAIN;
    } else if (code === 1) {
      next = { ...next, bold: true };
    } else if (code === 3) {
      next = { ...next, italic: true };
    } else if (code === 4) {
      next = { ...next, underline: true };
    } else if (code === 7) {
      next = { ...next, inverse: true };
    } else if (code === 22) {
      next = { ...next, bold: false };
    } else if (code === 23) {
      next = { ...next, italic: false };
    } else if (code === 24) {
      next = { ...next, underline: false };
    } else if (code === 27) {
      next = { ...next, inverse: false };
    } else if (code === 38 || code === 48) {
      // Of 256 colours the first sixteen have names; the others are left plain.
      const index = codes[i + 1] === 5 ? (codes[i + 2] ?? 16) : 16;
      const name = index < 16 ? `${NAMES[index % 8]}${index > 7 ? '-intense' : ''}` : '';
      next = code === 38 ? { ...next, colour: name } : { ...next, ground: name };
      i += codes[i + 1] === 2 ? 4 : 2;
    } else if (code === 39) {
      next = { ...next, colour: '' };
    } else if (code === 49) {
      next = { ...next, ground: '' };
    } else if (code >= 30 && code <= 37) {
      next = { ...next, colour: NAMES[code - 30]! };
    } else if (code >= 90 && code <= 97) {
      next = { ...next, colour: `${NAMES[code - 90]}-intense` };
    } else if (code >= 40 && code <= 47) {
      next = { ...next, ground: NAMES[code - 40]! };
    } else if (code >= 100 && code <= 107) {
      next = { ...next, ground: `${NAMES[code - 100]}-intense` };
    }
  }
  return next;
}
