/** A model's text for a person, in blocks: enough of Markdown to read it, and never HTML. */

/** A run within a line. */
export interface ISpan {
  readonly kind: 'plain' | 'strong' | 'code';
  readonly text: string;
}

export type Block =
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'text' | 'heading'; readonly spans: ReadonlyArray<ISpan> }
  | {
      readonly kind: 'list';
      readonly ordered: boolean;
      readonly items: ReadonlyArray<ReadonlyArray<ISpan>>;
    };

const FENCE = /^\s{0,3}(`{3,}|~{3,})/;
const HEADING = /^#{1,6}\s+/;
const ITEM = /^\s*(?:[-*•]|(\d+)[.)])\s+/;
const SPAN = /`([^`\n]+)`|\*\*([^*\n]+)\*\*/g;

/** Split a line into plain text, `code` and **strong**. */
export function spans(line: string): ISpan[] {
  const found: ISpan[] = [];
  let from = 0;
  for (const match of line.matchAll(SPAN)) {
    if (match.index > from) {
      found.push({ kind: 'plain', text: line.slice(from, match.index) });
    }
    const [whole, code, strong] = match;
    found.push(
      code !== undefined ? { kind: 'code', text: code } : { kind: 'strong', text: strong ?? '' }
    );
    from = match.index + whole.length;
  }
  if (from < line.length) {
    found.push({ kind: 'plain', text: line.slice(from) });
  }
  return found;
}

/** The blocks of a text. A fence that is still open, while it streams, is code to its end. */
export function blocks(text: string): Block[] {
  const found: Block[] = [];
  const lines = text.split('\n');
  let at = 0;
  const take = (holds: (line: string) => boolean): string[] => {
    const from = at;
    while (at < lines.length && holds(lines[at]!)) {
      at++;
    }
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at]!;
    const fence = FENCE.exec(line)?.[1];
    if (fence) {
      at++;
      const code = take(next => !(FENCE.exec(next)?.[1] ?? '').startsWith(fence));
      at++;
      found.push({ kind: 'code', text: code.join('\n') });
    } else if (HEADING.test(line)) {
      at++;
      found.push({ kind: 'heading', spans: spans(line.replace(HEADING, '')) });
    } else if (ITEM.test(line)) {
      const ordered = ITEM.exec(line)?.[1] !== undefined;
      const same = (next: string): boolean =>
        ITEM.test(next) && (ITEM.exec(next)?.[1] !== undefined) === ordered;
      const items: string[] = [];
      while (at < lines.length && same(lines[at]!)) {
        const first = lines[at++]!.replace(ITEM, '');
        // What is indented goes on with the item.
        const rest = take(next => /^\s{2,}\S/.test(next) && !ITEM.test(next));
        items.push([first, ...rest.map(more => more.trim())].join(' '));
      }
      found.push({ kind: 'list', ordered, items: items.map(spans) });
    } else if (line.trim()) {
      const paragraph = take(
        next => !!next.trim() && !FENCE.test(next) && !HEADING.test(next) && !ITEM.test(next)
      );
      found.push({ kind: 'text', spans: spans(paragraph.join('\n')) });
    } else {
      at++;
    }
  }
  return found;
}
