/** Text of a model as a person should see it. */
import { spans, type ISpan } from './deceptive';
import { nameOf } from './remarks';

/** A run of text; `deceptive` ones stand for characters that are not what they seem. */
export interface IPiece {
  readonly text: string;
  readonly deceptive: boolean;
  /** What of the source it stands for: from, to (excluded). */
  readonly from: number;
  readonly to: number;
  /** What is to be said of it, for a tooltip and a screen reader; empty for plain text. */
  readonly about: string;
}

/** Hidden characters in a row that are named; of more, the rest is counted. */
const RUN = 24;

/**
 * Split text so that whatever deceives stands as what it is: a character by its
 * code point, a far blank by its length.
 *
 * @param prose - It is written for a person to read; see `spans`.
 * @param counts - Which spans are to be shown so; all of them, if not said otherwise.
 */
export function pieces(
  text: string,
  prose = false,
  counts: (span: ISpan, shown: string) => boolean = () => true
): IPiece[] {
  const found: IPiece[] = [];
  let from = 0;
  let run = 0;
  const all = spans(text, prose).filter(span => counts(span, text.slice(span.start, span.end)));
  all.forEach((span, index) => {
    if (span.start > from) {
      found.push(plain(text, from, span.start));
      run = 0;
    }
    from = span.end;
    run = span.kind === 'hidden' ? run + 1 : 0;
    const place = { from: span.start, to: span.end };
    const next = all[index + 1];
    const goesOn = next?.kind === 'hidden' && next.start === span.end;
    if (run <= RUN) {
      found.push({ ...pieceOf(text.slice(span.start, span.end), span), ...place });
    } else if (!goesOn) {
      const count = run - RUN;
      const rest = `${count} more`;
      const start = found[found.length - 1]?.to ?? 0;
      found.push({
        text: rest,
        deceptive: true,
        about: `${rest} hidden characters`,
        from: start,
        to: span.end
      });
    }
  });
  if (from < text.length) {
    found.push(plain(text, from, text.length));
  }
  return found;
}

function plain(text: string, from: number, to: number): IPiece {
  return { text: text.slice(from, to), deceptive: false, from, to, about: '' };
}

/** One line of text for where there are no nodes: a tooltip, a name, a sentence. */
export function revealed(text: string, prose = true): string {
  return pieces(text, prose)
    .map(piece => (piece.deceptive ? `⟨${piece.text}⟩` : piece.text))
    .join('');
}

function pieceOf(
  shown: string,
  { kind, looks }: ISpan
): { readonly text: string; readonly deceptive: true; readonly about: string } {
  if (kind === 'gap') {
    const text = `${shown.length} blanks`;
    return { text, deceptive: true, about: `${text}, and then the line goes on` };
  }
  const text = nameOf(shown);
  const about = {
    hidden: `Hidden character ${text}`,
    space: `${text}, a space that is not the common one`,
    mark: `${text}, drawn over the character before it`,
    alike: `${text}, which looks like “${looks}”`
  }[kind];
  return { text, deceptive: true, about };
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
