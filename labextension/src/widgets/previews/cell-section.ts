/** Under a ghost: what its cell would show. */
import type { CellRun, Output, RunError } from '../../protocol.gen';
import type { IPreviewView } from '../../previewing';
import { element, set, show } from '../ghosts/dom';
import { OutputList } from './output-list';
import { isTable, textNode, type ITypesetting } from './outputs';
import { imageOf } from './images';
import { firstLine, plain, runWords } from './words';

export interface ICellSection {
  readonly view: IPreviewView;
  readonly run: CellRun;
  /** What the cell shows in the notebook now; empty for a new one. */
  readonly before: ReadonlyArray<Output>;
  /** The line above says it all of the proposal's only cell. */
  readonly isAlone: boolean;
}

function isPicture({ data }: Output): boolean {
  return imageOf(data) !== null;
}

export class CellSection {
  constructor(private readonly typesetting: ITypesetting) {
    this.panes.append(this.after);
    this.rest = new OutputList(typesetting, 'Previewed output beside it');
    this.node.append(this.words, this.panes, this.rest.node, this.trouble);
    this.after.append(this.afterName);
    this.list = new OutputList(typesetting, 'Previewed output');
    this.after.append(this.list.node);
    show(this.afterName, false);
  }

  readonly node = element('div', 'llm-Previewed');

  dispose(): void {
    this.list.dispose();
    this.rest.dispose();
    this.old?.dispose();
    this.node.remove();
  }

  render({ view, run, before, isAlone }: ICellSection): void {
    const { isGoingOn, age } = view;
    const isOld = age !== '' || (isGoingOn && view.shown !== view.preview);
    this.node.classList.toggle('llm-mod-old', isOld);
    set(this.words, isAlone ? '' : runWords(run));
    show(this.words, this.words.textContent !== '');
    const like = [isPicture, isTable].find(kind => before.some(kind) && run.outputs.some(kind));
    this.compare(like ? before.filter(like) : []);
    this.list.render(like ? run.outputs.filter(like) : run.outputs, isGoingOn);
    this.rest.render(like ? run.outputs.filter(output => !like(output)) : [], isGoingOn);
    show(this.rest.node, !!like && !run.outputs.every(like));
    this.renderError(run.error);
    show(this.panes, run.outputs.length > 0 || isGoingOn);
  }

  private compare(before: ReadonlyArray<Output>): void {
    const isCompared = before.length > 0;
    this.panes.classList.toggle('llm-mod-compared', isCompared);
    show(this.afterName, isCompared);
    if (!isCompared) {
      this.beforePane?.remove();
      this.old?.dispose();
      this.beforePane = this.old = null;
      return;
    }
    if (!this.beforePane) {
      this.old = new OutputList(this.typesetting, 'Output before');
      this.beforePane = element('div', 'llm-Previewed-pane');
      this.beforePane.append(element('div', 'llm-Previewed-name', 'Before'), this.old.node);
      this.panes.prepend(this.beforePane);
    }
    this.old?.render(before, false);
  }

  private renderError(error: RunError | null): void {
    show(this.trouble, error !== null);
    const key = error === null ? '' : JSON.stringify(error);
    if (key === this.shownError || error === null) {
      return;
    }
    this.shownError = key;
    const head = element('div', 'llm-Previewed-error');
    const where = error.line === null ? '' : ` (line ${error.line})`;
    head.append(
      element('strong', '', plain(error.name)),
      plain(error.message ? `: ${firstLine(error.message)}${where}` : where)
    );
    const nodes: HTMLElement[] = [head];
    if (error.traceback) {
      const more = element('details', 'llm-Previewed-traceback');
      more.append(element('summary', '', 'Traceback'), textNode(error.traceback, false));
      nodes.push(more);
    }
    this.trouble.replaceChildren(...nodes);
  }

  private readonly words = element('div', 'llm-Previewed-words');
  private readonly panes = element('div', 'llm-Previewed-panes');
  private readonly after = element('div', 'llm-Previewed-pane');
  private readonly afterName = element('div', 'llm-Previewed-name', 'After');
  private readonly trouble = element('div', 'llm-Previewed-trouble');
  private readonly list: OutputList;
  private readonly rest: OutputList;
  private old: OutputList | null = null;
  private beforePane: HTMLElement | null = null;
  private shownError = '';
}
