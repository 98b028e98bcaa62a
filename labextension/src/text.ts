/** Text of a model as a person should see it. */

/** A run of text; `deceptive` ones name a character that would not be seen. */
export interface IPiece {
  readonly text: string;
  readonly deceptive: boolean;
}

/**
 * Characters that change or hide what a reader sees: bidirectional controls,
 * zero-width and invisible ones, tags, and controls other than tab and newline.
 * The emoji variation selectors stand in ordinary text and are left alone.
 */
export const DECEPTIVE =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

/** Split text so that each deceptive character stands as its code point. */
export function pieces(text: string): IPiece[] {
  const found: IPiece[] = [];
  let from = 0;
  for (const match of text.matchAll(DECEPTIVE)) {
    if (match[0] === '\r' && text[match.index + 1] === '\n') {
      continue;
    }
    if (match.index > from) {
      found.push({ text: text.slice(from, match.index), deceptive: false });
    }
    const code = match[0].codePointAt(0) ?? 0;
    found.push({
      text: `U+${code.toString(16).toUpperCase().padStart(4, '0')}`,
      deceptive: true
    });
    from = match.index + match[0].length;
  }
  if (from < text.length) {
    found.push({ text: text.slice(from), deceptive: false });
  }
  return found;
}

/** One row of a unified diff; `gap` stands for unchanged lines left out. */
export interface IDiffRow {
  readonly sign: ' ' | '+' | '-' | 'gap';
  readonly text: string;
}

const CONTEXT = 2;
/** Above this many line pairs the middle is shown as taken out and put in whole. */
const MAX_PAIRS = 250_000;

/** The line diff of two sources, with a little context. */
export function diffRows(before: string, after: string): IDiffRow[] {
  const a = before.split('\n');
  const b = after.split('\n');
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) {
    head++;
  }
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  ) {
    tail++;
  }
  const rows: IDiffRow[] = [
    ...a.slice(0, head).map(same),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(same)
  ];
  return fold(rows);
}

function same(text: string): IDiffRow {
  return { sign: ' ', text };
}

/** The longest common subsequence of lines, walked from the front. */
function middle(a: string[], b: string[]): IDiffRow[] {
  const out: IDiffRow[] = [];
  if (a.length * b.length > MAX_PAIRS) {
    a.forEach(text => out.push({ sign: '-', text }));
    b.forEach(text => out.push({ sign: '+', text }));
    return out;
  }
  const width = b.length + 1;
  const best = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => best[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      best[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push(same(a[i++]!));
      j++;
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) {
      out.push({ sign: '-', text: a[i++]! });
    } else {
      out.push({ sign: '+', text: b[j++]! });
    }
  }
  return out;
}

/** Leave out unchanged lines far from a change. */
function fold(rows: IDiffRow[]): IDiffRow[] {
  const near = (index: number): boolean =>
    rows.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(row => row.sign !== ' ');
  const out: IDiffRow[] = [];
  rows.forEach((row, index) => {
    if (row.sign !== ' ' || near(index)) {
      out.push(row);
    } else if (out[out.length - 1]?.sign !== 'gap') {
      out.push({ sign: 'gap', text: '' });
    }
  });
  return out;
}
