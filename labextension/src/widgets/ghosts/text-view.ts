/**
 * The text in a ghost: a proposed source, or a cell as it is and as it would
 * be in one text. Drawn line by line, and only the lines that differ from what
 * is there already.
 */
import { element } from './dom';
import { unfinished } from './growing';
import { HunkBar } from './hunk-bar';
import type { IHunkActions, IHunkState } from './hunk-bar';
import { byLine, diffRows } from './lines';
import type { Colour, Row, Span } from './lines';
import { paint } from './painting';
import type { Painter } from './painting';

/** How a ghost's text is to be shown. */
export interface ITextStyle {
  readonly mimeType: string;
  /** It is written for a person to read, and no code. */
  readonly prose: boolean;
  readonly lineNumbers: boolean;
}

export interface ILineMark {
  readonly line: number;
  readonly kind: 'failed' | 'reached';
  readonly text: string;
}

/** From here on, lines out of sight are not laid out. */
const LONG = 200;

/** A line to be drawn: what it depends on, and how to make it. */
interface IDrawn {
  readonly key: string;
  make(): HTMLElement;
}

abstract class TextView {
  constructor(
    protected readonly painter: Painter,
    name: string
  ) {
    this.node = element('div', 'llm-Ghost-text');
    this.node.setAttribute('role', 'group');
    this.node.setAttribute('aria-label', name);
    this.node.append(this.lines);
  }

  readonly node: HTMLElement;

  /** Mark a line of the proposed source, counted from 1: where a dry run failed, or ended. */
  markLine(mark: ILineMark | null): void {
    const node = mark && this.node.querySelector<HTMLElement>(`[data-at="${mark.line}"]`);
    if (this.marked && this.marked !== node) {
      delete this.marked.dataset.mark;
      this.marked.removeAttribute('title');
    }
    this.marked = node;
    if (node && mark && node.title !== mark.text) {
      node.dataset.mark = mark.kind;
      node.title = mark.text;
    }
  }

  /** Lines that are the same at the top and at the end stay as they are. */
  protected draw(wanted: ReadonlyArray<IDrawn>): void {
    const { lines, drawn } = this;
    let head = 0;
    const most = Math.min(wanted.length, drawn.length);
    while (head < most && wanted[head]!.key === drawn[head]) {
      head++;
    }
    let tail = 0;
    while (
      tail < most - head &&
      wanted[wanted.length - 1 - tail]!.key === drawn[drawn.length - 1 - tail]
    ) {
      tail++;
    }
    if (head === wanted.length && head === drawn.length) {
      return;
    }
    const behind = lines.children[drawn.length - tail] ?? null;
    for (let i = drawn.length - tail; i > head; i--) {
      lines.children[head]!.remove();
    }
    const fresh = document.createDocumentFragment();
    wanted.slice(head, wanted.length - tail).forEach(row => fresh.append(row.make()));
    lines.insertBefore(fresh, behind);
    this.drawn = wanted.map(row => row.key);
    lines.classList.toggle('llm-mod-long', wanted.length > LONG);
  }

  protected painted(source: string, style: ITextStyle): Painted {
    return new Painted(source, this.painter.colours(source, style.mimeType), style.prose);
  }

  private readonly lines = element('div', 'llm-Text');
  private drawn: string[] = [];
  private marked: HTMLElement | null = null;
}

/** A source with its colours. */
class Painted {
  constructor(
    source: string,
    colours: ReadonlyArray<Colour>,
    private readonly prose: boolean
  ) {
    this.lines = source.split('\n');
    this.colours = byLine(this.lines, colours);
  }

  row(line: number, kind: string, spans: ReadonlyArray<Span>, number: number | null): IDrawn {
    const text = this.lines[line] ?? '';
    const colours = this.colours[line] ?? [];
    return {
      key: `${kind}|${number}|${colours.join(';')}|${spans.join(';')}|${text}`,
      make: () => {
        const node = element('div', `llm-Line llm-mod-${kind}`);
        if (kind !== 'same') {
          node.setAttribute('role', kind === 'added' ? 'insertion' : 'deletion');
        }
        if (number !== null) {
          node.dataset.line = number ? String(number) : '';
        }
        if (kind !== 'removed') {
          node.dataset.at = String(line + 1);
        }
        node.append(text ? paint(text, colours, spans, this.prose) : document.createElement('br'));
        return node;
      }
    };
  }

  readonly lines: ReadonlyArray<string>;
  private readonly colours: ReadonlyArray<ReadonlyArray<Colour>>;
}

/** The source of a cell that does not exist yet. */
export class SourceView extends TextView {
  render(source: string, style: ITextStyle): void {
    const painted = this.painted(source, style);
    this.draw(
      painted.lines.map((_, i) => painted.row(i, 'same', [], style.lineNumbers ? i + 1 : null))
    );
  }
}

/** A cell's source as it is and as it would be, in one text. */
export class DiffView extends TextView {
  constructor(
    painter: Painter,
    name: string,
    private readonly actions: IHunkActions
  ) {
    super(painter, name);
  }

  /** @param state - How each hunk can be decided; null where they cannot be one by one. */
  render(
    before: string,
    after: string,
    growing: boolean,
    style: ITextStyle,
    state: IHunkState | null
  ): void {
    this.last = () => this.render(before, after, growing, style, state);
    const shown = growing ? unfinished(before, after) : after;
    const key = JSON.stringify([before, shown, growing, style, [...this.opened]]);
    if (key !== this.key || this.unpainted) {
      this.key = key;
      const [old, fresh] = [this.painted(before, style), this.painted(shown, style)];
      // Folding follows the changes only when the text stands still.
      this.rows = diffRows(before, shown, !growing, this.opened);
      this.drawRows(old, fresh, style, state !== null);
    } else if (this.split !== (state !== null)) {
      const [old, fresh] = [this.painted(before, style), this.painted(shown, style)];
      this.drawRows(old, fresh, style, state !== null);
    }
    if (state) {
      this.bars.forEach(bar => bar.render(state));
      this.mark();
    }
  }

  /** The lines under a marked bar are marked with it. */
  private mark(): void {
    let marked = false;
    for (const node of this.node.querySelectorAll('.llm-Text > *')) {
      const bar = node.classList.contains('llm-HunkBar');
      marked = bar
        ? node.classList.contains('llm-mod-marked')
        : marked && node.matches('.llm-mod-added, .llm-mod-removed');
      if (!bar) {
        node.classList.toggle('llm-mod-marked', marked);
      }
    }
  }

  /** The first line of a hunk, or its bar, to be brought into view. */
  hunkNode(index: number): HTMLElement | null {
    return this.bars.get(index)?.node ?? null;
  }

  private drawRows(old: Painted, fresh: Painted, style: ITextStyle, split: boolean): void {
    this.split = split;
    this.unpainted = !this.painter.isReady(style.mimeType);
    const wanted: IDrawn[] = [];
    this.bars.clear();
    for (const row of this.rows) {
      const drawn = this.rowOf(row, old, fresh, style, split);
      if (drawn) {
        wanted.push(drawn);
      }
    }
    this.draw(wanted);
    this.node.querySelectorAll<HTMLElement>('.llm-HunkBar').forEach(node => {
      const bar = HunkBar.of(node);
      if (bar) {
        this.bars.set(bar.index, bar);
      }
    });
  }

  private rowOf(
    row: Row,
    old: Painted,
    fresh: Painted,
    style: ITextStyle,
    split: boolean
  ): IDrawn | null {
    switch (row.kind) {
      case 'hunk':
        return split
          ? {
              key: `hunk|${row.index}|${row.count}`,
              make: () => new HunkBar(row.index, row.count, this.actions).node
            }
          : null;
      case 'fold':
        return {
          key: `fold|${row.from}|${row.to}`,
          make: () => this.fold(row.from, row.to)
        };
      case 'removed':
        return old.row(row.line, 'removed', row.spans, style.lineNumbers ? 0 : null);
      default:
        return fresh.row(row.line, row.kind, row.spans, style.lineNumbers ? row.line + 1 : null);
    }
  }

  private fold(from: number, to: number): HTMLElement {
    const node = element('button', 'llm-Fold', `⋯ ${to - from} unchanged lines ⋯`);
    node.title = 'Show these lines';
    node.addEventListener('click', () => {
      this.opened.add(from);
      // Where the button was, the keyboard stays in the ghost.
      node.closest<HTMLElement>('.llm-Ghost')?.focus({ preventScroll: true });
      this.last();
    });
    return node;
  }

  private readonly opened = new Set<number>();
  private readonly bars = new Map<number, HunkBar>();
  private rows: Row[] = [];
  private key = '';
  private split = false;
  private unpainted = false;
  private last: () => void = () => undefined;
}
