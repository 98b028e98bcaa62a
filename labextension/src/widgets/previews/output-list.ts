/** The outputs of a cell, brought up to date in place and kept to a height. */
import type { Output } from '../../protocol.gen';
import { isShort, outputNode, type ITypesetting } from './outputs';

interface IDrawn {
  readonly output: Output;
  readonly node: HTMLElement;
}

export class OutputList {
  constructor(
    private readonly typesetting: ITypesetting,
    name: string
  ) {
    this.node.className = 'llm-Outputs';
    this.box.className = 'llm-Outputs-box';
    this.box.setAttribute('role', 'region');
    this.box.setAttribute('aria-label', name);
    this.inner.className = 'llm-Outputs-inner';
    this.box.append(this.inner);
    this.more.type = 'button';
    this.more.className = 'llm-Ghost-button llm-mod-quiet llm-Outputs-more';
    this.more.textContent = 'Show all';
    this.more.hidden = true;
    this.more.addEventListener('click', () => this.toggle());
    this.node.append(this.box, this.more);
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(this.inner);
  }

  readonly node = document.createElement('div');

  dispose(): void {
    this.observer.disconnect();
    this.node.remove();
  }

  /** @param isGoingOn - More may come: what is there keeps its height until then. */
  render(outputs: ReadonlyArray<Output>, isGoingOn: boolean): void {
    if (isGoingOn && !this.isHeld) {
      this.box.style.minHeight = `${this.box.offsetHeight}px`;
    } else if (!isGoingOn && this.isHeld) {
      this.box.style.minHeight = '';
    }
    this.isHeld = isGoingOn;
    const all = this.isOpen && !isGoingOn;
    outputs.forEach((output, index) => {
      const drawn = this.drawn[index];
      if (drawn && isSame(drawn.output, output) && (this.all === all || isShort(output))) {
        return;
      }
      const node = outputNode(output, this.typesetting, all);
      if (drawn) {
        drawn.node.replaceWith(node);
      } else {
        this.inner.append(node);
      }
      this.drawn[index] = { output, node };
    });
    this.drawn.splice(outputs.length).forEach(({ node }) => node.remove());
    this.all = all;
    this.outputs = outputs;
    this.measure();
  }

  private toggle(): void {
    this.isOpen = !this.isOpen;
    this.node.classList.toggle('llm-mod-open', this.isOpen);
    this.more.textContent = this.isOpen ? 'Show less' : 'Show all';
    this.more.setAttribute('aria-expanded', String(this.isOpen));
    this.box.tabIndex = this.isOpen ? 0 : -1;
    this.render(this.outputs, this.isHeld);
  }

  private measure(): void {
    const isCut =
      this.isOpen ||
      this.inner.offsetHeight > this.box.clientHeight + 1 ||
      !this.outputs.every(isShort);
    if (this.more.hidden === isCut) {
      this.more.hidden = !isCut;
    }
    this.node.classList.toggle('llm-mod-cut', isCut && !this.isOpen);
  }

  private readonly box = document.createElement('div');
  private readonly inner = document.createElement('div');
  private readonly more = document.createElement('button');
  private readonly observer: ResizeObserver;
  private outputs: ReadonlyArray<Output> = [];
  private drawn: IDrawn[] = [];
  private isOpen = false;
  private isHeld = false;
  private all = false;
}

function isSame(a: Output, b: Output): boolean {
  const mimes = Object.keys(a.data);
  return (
    a === b ||
    (a.kind === b.kind &&
      a.text === b.text &&
      a.metadata === b.metadata &&
      a.cut === b.cut &&
      mimes.length === Object.keys(b.data).length &&
      mimes.every(mime => a.data[mime] === b.data[mime]))
  );
}
