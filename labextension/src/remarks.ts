/**
 * What a reviewer is told of a proposed text before they read it: where to look
 * twice. The same as `llm_notebook/core/remarks.py`, held to the same vectors.
 */
import { EMPTY_LINES, GAP, LOADS, LONG_LINE, MANY_LINES } from './characters.gen';
import { spans, type ISpan } from './deceptive';

const MOST = 4;
const FETCHES = new RegExp(LOADS, 'i');

/** The first line, from 1, that fetches something from elsewhere once a page draws it. */
function loadsWhenDrawn(markdown: string): number | null {
  const found = FETCHES.exec(markdown);
  return found ? markdown.slice(0, found.index).split('\n').length : null;
}

interface IOdd {
  readonly number: number;
  readonly line: string;
  readonly span: ISpan;
}

/**
 * @param before - What stands there now; its lines are known.
 * @param prose - As for `spans`.
 */
export function remarks(text: string, before = '', prose = false): string[] {
  const known = new Set(before.split('\n'));
  const lines = text.split('\n');
  const odd: IOdd[] = [];
  const found: string[] = [];
  let empty = 0;
  lines.forEach((line, index) => {
    const number = index + 1;
    if (/^[ \t\r]*$/.test(line)) {
      empty++;
      return;
    }
    if (!known.has(line)) {
      if (empty >= EMPTY_LINES) {
        found.push(`Line ${number} stands behind ${counted(empty)} empty lines.`);
      }
      const length = Array.from(line).length;
      if (length > LONG_LINE) {
        found.push(`Line ${number} is ${counted(length)} characters long.`);
      }
      spans(line.replace(/\r$/, ''), prose).forEach(span => odd.push({ number, line, span }));
    }
    empty = 0;
  });
  if (lines.length > MANY_LINES && lines.length > 2 * known.size) {
    found.push(`It has ${counted(lines.length)} lines.`);
  }
  const at = prose ? loadsWhenDrawn(text) : null;
  if (at !== null && !known.has(lines[at - 1]!)) {
    found.unshift(`Line ${at} loads something from elsewhere once the cell is drawn.`);
  }
  const more = found.length - MOST;
  return [
    ...characters(odd),
    ...found.slice(0, MOST),
    ...(more > 0 ? [`And ${more} more of this kind.`] : [])
  ];
}

function counted(count: number): string {
  return count.toLocaleString('en');
}

function characters(odd: ReadonlyArray<IOdd>): string[] {
  const of = (...kinds: ISpan['kind'][]): IOdd[] =>
    odd.filter(({ span }) => kinds.includes(span.kind));
  const [unseen, alike, gaps] = [of('hidden', 'space', 'mark'), of('alike'), of('gap')];
  const found: string[] = [];
  if (unseen.length) {
    found.push(`${several(unseen, 'hidden or odd character')}, ${lineNames(unseen)}.`);
  }
  const first = alike[0];
  if (first) {
    const name = nameOf(first.line.slice(first.span.start, first.span.end));
    found.push(
      `${several(alike, 'look-alike letter')}, ${lineNames(alike)}: ` +
        `${name} looks like “${first.span.looks}”.`
    );
  }
  if (gaps.length) {
    found.push(`Text far to the right, behind ${GAP} blanks or more, ${lineNames(gaps)}.`);
  }
  return found;
}

/** A character by its code point. */
export function nameOf(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function several(items: ReadonlyArray<IOdd>, what: string): string {
  return `${counted(items.length)} ${what}${items.length === 1 ? '' : 's'}`;
}

function lineNames(items: ReadonlyArray<IOdd>): string {
  const numbers = [...new Set(items.map(item => item.number))];
  if (numbers.length === 1) {
    return `in line ${numbers[0]}`;
  }
  return `in lines ${numbers.slice(0, 3).join(', ')}${numbers.length > 3 ? ' and others' : ''}`;
}
