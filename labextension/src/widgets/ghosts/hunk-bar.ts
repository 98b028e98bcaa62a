/** The bar above a hunk: which it is, and its two buttons. */
import { Button, element, set } from './dom';

export interface IHunkActions {
  acceptHunk(index: number): void;
  rejectHunk(index: number): void;
}

export interface IHunkState {
  readonly armed: boolean;
  /** The hunk that the keys act on; null where they act on something else. */
  readonly marked: number | null;
  /** The keys of accept and reject. */
  readonly accept: string;
  readonly reject: string;
}

const BARS = new WeakMap<HTMLElement, HunkBar>();

export class HunkBar {
  constructor(
    readonly index: number,
    count: number,
    actions: IHunkActions
  ) {
    const name = `hunk ${index + 1} of ${count}`;
    this.node = element('div', 'llm-HunkBar');
    this.node.setAttribute('role', 'group');
    this.node.setAttribute('aria-label', `Hunk ${index + 1} of ${count}`);
    this.node.dataset.hunk = String(index);
    this.accept = new Button('Accept', 'llm-mod-small', () => actions.acceptHunk(index));
    this.reject = new Button('Reject', 'llm-mod-small', () => actions.rejectHunk(index));
    this.accept.describe(`Accept ${name}`);
    this.reject.describe(`Reject ${name}`);
    this.label = element('span', 'llm-HunkBar-label', `Hunk ${index + 1} of ${count}`);
    this.node.append(this.label, this.accept.node, this.reject.node);
    this.name = `Hunk ${index + 1} of ${count}`;
    BARS.set(this.node, this);
  }

  static of(node: HTMLElement): HunkBar | undefined {
    return BARS.get(node);
  }

  readonly node: HTMLElement;

  render(state: IHunkState): void {
    const marked = state.marked === this.index;
    this.node.classList.toggle('llm-mod-marked', marked);
    set(this.label, marked ? `▸ ${this.name}` : this.name);
    this.accept.enable(state.armed);
    this.reject.enable(state.armed);
    this.accept.hint('Accept this hunk; the rest waits on', state.accept, marked);
    this.reject.hint('Reject this hunk; the rest waits on', state.reject, marked);
  }

  private readonly accept: Button;
  private readonly reject: Button;
  private readonly label: HTMLElement;
  private readonly name: string;
}
