/**
 * What in a text may fool its reader: characters that hide, reorder or pretend,
 * and blanks that push the rest of a line out of sight.
 *
 * The same rules as `llm_notebook/core/deceptive.py`, over the same tables and
 * held to the same vectors; why they are so is said there.
 */
import * as tables from './characters.gen';

export type Kind = 'hidden' | 'space' | 'mark' | 'alike' | 'gap';

/** A stretch of a text, from and to (excluded), in the units of its string. */
export interface ISpan {
  readonly start: number;
  readonly end: number;
  readonly kind: Kind;
  /** What it looks like, or is read as by Python; of an `alike` only. */
  readonly looks: string;
}

const MOST_MARKS = 4;
const PLAIN = /^(?:[\t\n -~]|\r\n)*$/;
const GAPS = new RegExp(`(?:[ \\t]{${tables.GAP},}|\\t{12,})(?=[^ \\t\\r\\n])`, 'g');
const KEYCAPS = '#*0123456789';
const LETTER = /^\p{L}$/u;
const NUMBER = /^\p{N}$/u;
const OF_WORD = /^[\p{L}\p{N}\p{M}_]$/u;
const ASCII = /^[\0-\x7f]$/;
const ASCII_LETTER = /^[A-Za-z]$/;
const JOINED = /^[\u0600-\u08ff\u0900-\u0dff\u1000-\u109f]$/;

/** Code points of a packed table. */
class Ranges {
  constructor(packed: string) {
    for (const part of packed.split(' ')) {
      const [first, last = first] = part.split('-');
      this.first.push(parseInt(first!, 16));
      this.last.push(parseInt(last!, 16));
    }
  }

  has(char: string): boolean {
    const point = char.codePointAt(0);
    if (point === undefined) {
      return false;
    }
    let low = 0;
    let high = this.first.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.first[middle]! <= point) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low > 0 && point <= this.last[low - 1]!;
  }

  private readonly first: number[] = [];
  private readonly last: number[] = [];
}

function unpacked(packed: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of packed.split(' ')) {
    const [points, text] = part.split('=') as [string, string];
    const [first, last] = points.split('-');
    const start = parseInt(first!, 16);
    const end = last ? parseInt(last, 16) : start;
    for (let point = start; point <= end; point++) {
      const looks = last ? String.fromCharCode(text.charCodeAt(0) + point - start) : text;
      found.set(String.fromCodePoint(point), looks);
    }
  }
  return found;
}

const HIDDEN = new Ranges(tables.HIDDEN);
const SPACES = new Ranges(tables.SPACES);
const MARKS = new Ranges(tables.MARKS);
const OVERLAYS = new Ranges(tables.OVERLAYS);
const EMOJI = new Ranges(tables.EMOJI);
const ALIKE = unpacked(tables.ALIKE);
const FOLDED = unpacked(tables.FOLDED);

/**
 * @param prose - It is written for a person to read: then spaces of any width, and
 * the joiners that Arabic and Indic writing needs, are what they should be.
 */
export function spans(text: string, prose = false): ISpan[] {
  const gaps = [...text.matchAll(GAPS)].map((match): ISpan => ({
    start: match.index,
    end: match.index + match[0].length,
    kind: 'gap',
    looks: ''
  }));
  if (PLAIN.test(text)) {
    return gaps;
  }
  const found = new Finder(text, prose);
  return [...gaps, ...found.single(), ...found.words()].sort((a, b) => a.start - b.start);
}

interface IWord {
  readonly start: number;
  readonly end: number;
  readonly isNumber: boolean;
  readonly hasAscii: boolean;
  /** Some letter of it looks like none of ASCII. */
  readonly isOther: boolean;
  readonly alike: ReadonlyArray<number>;
  readonly folded: ReadonlyArray<number>;
}

class Finder {
  constructor(
    text: string,
    private readonly prose: boolean
  ) {
    this.chars = Array.from(text);
    let at = 0;
    for (const char of this.chars) {
      this.units.push(at);
      at += char.length;
    }
  }

  /** Characters that are marked whatever word they stand in. */
  single(): ISpan[] {
    const { chars } = this;
    const found: ISpan[] = [];
    let marks = 0;
    chars.forEach((char, at) => {
      if (MARKS.has(char)) {
        marks++;
        if (this.isOddMark(at, marks)) {
          found.push(this.span(at, 'mark'));
        }
        return;
      }
      marks = 0;
      if (char === '\t' || char === '\n') {
        return;
      }
      if (HIDDEN.has(char)) {
        if (!this.isInPlace(at)) {
          found.push(this.span(at, 'hidden'));
        }
      } else if (SPACES.has(char) && !this.prose) {
        found.push(this.span(at, 'space'));
      }
    });
    return found;
  }

  /** Letters that look like others. */
  words(): ISpan[] {
    const words = this.split();
    const found: ISpan[] = [];
    words.forEach((word, number) => {
      const isLatin = word.hasAscii || word.folded.some(at => LETTER.test(this.chars[at]!));
      if (isLatin && !word.isNumber) {
        word.folded.forEach(at => found.push(this.span(at, 'alike', FOLDED)));
      }
      if (word.alike.length === 0) {
        return;
      }
      if (!isLatin) {
        const isName = word.alike.some(at => LETTER.test(this.chars[at]!));
        if (word.isOther || !isName || this.isAmongItsOwn(words, number)) {
          return;
        }
      }
      word.alike.forEach(at => found.push(this.span(at, 'alike', ALIKE)));
    });
    return found;
  }

  private span(at: number, kind: Kind, looks?: ReadonlyMap<string, string>): ISpan {
    const char = this.chars[at]!;
    const start = this.units[at]!;
    return { start, end: start + char.length, kind, looks: looks?.get(char) ?? '' };
  }

  private isOddMark(at: number, count: number): boolean {
    const before = this.chars[at - 1] ?? '';
    if (OVERLAYS.has(this.chars[at]!)) {
      const isKeycap = this.chars[at] === '\u20e3' && !!before;
      return !(isKeycap && `${KEYCAPS}\ufe0f`.includes(before));
    }
    const base = this.chars[at - count] ?? '';
    const onNothing = !base || (ASCII.test(base) && !ASCII_LETTER.test(base));
    return onNothing || count > MOST_MARKS;
  }

  /** Whether a character that is not seen does what it is there for. */
  private isInPlace(at: number): boolean {
    const char = this.chars[at]!;
    const before = this.chars[at - 1] ?? '';
    const after = this.chars[at + 1] ?? '';
    if (char === '\r') {
      return after === '\n';
    }
    if (char === '\ufe0e' || char === '\ufe0f') {
      const isKeycap = !!before && KEYCAPS.includes(before) && after === '\u20e3';
      return EMOJI.has(before) || isKeycap;
    }
    if (char === '\u200d' && (EMOJI.has(before) || before === '\ufe0f') && EMOJI.has(after)) {
      return true;
    }
    const joins = char === '\u200c' || char === '\u200d';
    return joins && this.prose && JOINED.test(before) && JOINED.test(after);
  }

  /** Whether a word beside it, a space away, is of letters that look like no others. */
  private isAmongItsOwn(words: ReadonlyArray<IWord>, number: number): boolean {
    const word = words[number]!;
    const before = words[number - 1];
    if (before?.isOther && this.isBlank(before.end, word.start)) {
      return true;
    }
    const after = words[number + 1];
    return !!after?.isOther && this.isBlank(word.end, after.start);
  }

  private isBlank(from: number, to: number): boolean {
    const between = this.chars.slice(from, to);
    return between.length > 0 && between.every(char => char === ' ' || SPACES.has(char));
  }

  private split(): IWord[] {
    const found: IWord[] = [];
    let start = -1;
    [...this.chars, '\n'].forEach((char, at) => {
      if (OF_WORD.test(char)) {
        start = start < 0 ? at : start;
      } else if (start >= 0 && (char === '\n' || !HIDDEN.has(char))) {
        found.push(this.word(start, at));
        start = -1;
      }
    });
    return found;
  }

  private word(start: number, end: number): IWord {
    const { chars } = this;
    const places = Array.from({ length: end - start }, (_, i) => start + i);
    const first = FOLDED.get(chars[start]!)?.[0] ?? chars[start]!;
    return {
      start,
      end,
      isNumber: NUMBER.test(first),
      hasAscii: places.some(at => ASCII_LETTER.test(chars[at]!)),
      isOther: places.some(at => {
        const char = chars[at]!;
        return !ASCII.test(char) && LETTER.test(char) && !ALIKE.has(char) && !FOLDED.has(char);
      }),
      alike: places.filter(at => ALIKE.has(chars[at]!)),
      folded: places.filter(at => FOLDED.has(chars[at]!))
    };
  }

  private readonly chars: ReadonlyArray<string>;
  private readonly units: number[] = [];
}
