/** Finding and completing an `@` mention in a text. Pure. */

/** A mention that is being typed: from its `@` to the cursor. */
export interface ITyped {
  readonly from: number;
  readonly to: number;
  readonly query: string;
}

/** Longer than any name that a person types before choosing one. */
const LIMIT = 80;

/** The mention that the cursor is in, or null. An `@` inside of a word, as in an address, is none. */
export function mentionAt(text: string, cursor: number): ITyped | null {
  const before = text.slice(Math.max(0, cursor - LIMIT), cursor);
  const found = /(?:^|[\s([{,;:'"])@([^\s@]*)$/u.exec(before);
  if (!found) {
    return null;
  }
  const query = found[1]!;
  return { from: cursor - query.length - 1, to: cursor, query };
}

/** The text with the mention put in for what was typed, and where the cursor then stands. */
export function complete(
  text: string,
  typed: ITyped,
  mention: string
): { readonly text: string; readonly cursor: number } {
  const rest = text.slice(typed.to);
  const space = /^[\s.,;:!?)\]}]/.test(rest) ? '' : ' ';
  return {
    text: text.slice(0, typed.from) + mention + space + rest,
    cursor: typed.from + mention.length + (space || rest.startsWith(' ') ? 1 : 0)
  };
}
