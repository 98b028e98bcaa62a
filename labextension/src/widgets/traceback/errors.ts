/** The error that a cell ended in, read from its saved output. Pure. */
import type { ErrorInfo } from '../../protocol.gen';

/** An output of type `error` as the notebook keeps it. */
export interface IErrorOutput {
  readonly ename?: unknown;
  readonly evalue?: unknown;
  readonly traceback?: unknown;
}

// eslint-disable-next-line no-control-regex
const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007]*\u0007/g;
/** A frame in the person's own cell: what IPython 8 and 9 write, and older ones. */
const OWN = /^\s*(?:Cell In ?\[\d*\]|Input In ?\[\d*\]|In ?\[\d*\]|<ipython-input-[^>]*>)/;
const FRAME =
  /^\s*(?:File |Cell In|Input In|In ?\[|<ipython-input-|\/|~\/|[A-Za-z]:\\|.*?:\d+, in )/;
const ARROW = /^\s*-+> ?(\d+) ?(.*)$/;
const LINE = /line (\d+)/;
const FUNCTION = /, in ([^\s(]+)/;
/** No message of an error needs more to be understood. */
const LIMIT = 2000;

function text(value: unknown): string {
  return (typeof value === 'string' ? value : '').replace(ANSI, '');
}

function frameName(header: string, line: string): string {
  const name = FUNCTION.exec(header)?.[1];
  const within = name && !name.startsWith('<') ? `${name}, ` : '';
  return line ? `${within}line ${line}` : '';
}

/** The last line of the person's own code that the traceback passes through, and where it is. */
function ownLine(traceback: string): { readonly line: string; readonly frame: string } {
  let found = { line: '', frame: '' };
  let own = false;
  let header = '';
  const lines = traceback.split('\n');
  lines.forEach((row, index) => {
    const arrow = ARROW.exec(row);
    if (arrow) {
      if (own) {
        found = { line: arrow[2]!.trim(), frame: frameName(header, arrow[1]!) };
      }
    } else if (OWN.test(row)) {
      own = true;
      header = row;
      const number = LINE.exec(row)?.[1];
      const next = lines[index + 1] ?? '';
      if (number && /^\s*\^+\s*$/.test(lines[index + 2] ?? '')) {
        // A syntax error: the line stands under the header, and a caret under that.
        found = { line: next.trim(), frame: frameName(row, number) };
      }
    } else if (FRAME.test(row)) {
      own = false;
    }
  });
  return found;
}

/** What an error output says, for an ask about it. */
export function errorOf(output: IErrorOutput, cell: string): ErrorInfo {
  const traceback = Array.isArray(output.traceback) ? output.traceback.map(text).join('\n') : '';
  return {
    type: text(output.ename) || 'Error',
    message: text(output.evalue).slice(0, LIMIT),
    ...ownLine(traceback),
    cell
  };
}

/** What Python and its libraries call their errors; other words may be anything. */
const TYPE = /^[A-Za-z_]\w{0,40}(?:Error|Exception|Warning|Interrupt|Exit|Iteration)$/;

/**
 * How the error is named in an ask. Its message is no part of that: it may come from
 * a saved output or from data, and goes along as what it is, among what is shown.
 */
export function asked(words: string, { type }: ErrorInfo): string {
  return TYPE.test(type) ? `${words}: ${type}` : words;
}

/** How the error is named for a person: its type, and the first line of its message. */
export function named(error: ErrorInfo): string {
  const message = error.message.split('\n')[0]?.trim() ?? '';
  const short = message.length > 160 ? `${message.slice(0, 159)}…` : message;
  return short ? `${error.type}: ${short}` : error.type;
}
