/** Where a person was in the notebook, so that they are put back there exactly. */
import type { Notebook } from '@jupyterlab/notebook';

export interface IStand {
  readonly cell: string;
  readonly mode: Notebook['mode'];
  readonly selected: ReadonlyArray<string>;
  readonly scroll: number;
}

export function standOf(notebook: Notebook): IStand | null {
  const cell = notebook.activeCell?.model.id;
  return cell === undefined
    ? null
    : {
        cell,
        mode: notebook.mode,
        selected: notebook.selectedCells.map(item => item.model.id),
        scroll: notebook.outerNode.scrollTop
      };
}

/** The cursor and the selection in an editor are its own, and outlive the loss of focus. */
export function goBack(notebook: Notebook, stand: IStand): void {
  const index = notebook.widgets.findIndex(cell => cell.model.id === stand.cell);
  const cell = notebook.widgets[index];
  if (!cell) {
    notebook.node.focus();
    return;
  }
  notebook.activeCellIndex = index;
  notebook.deselectAll();
  if (stand.selected.length > 1) {
    const chosen = new Set(stand.selected);
    notebook.widgets
      .filter(item => chosen.has(item.model.id))
      .forEach(item => notebook.select(item));
  }
  if (stand.mode === 'edit') {
    notebook.mode = 'edit';
    cell.editor?.focus();
  } else {
    notebook.mode = 'command';
    cell.node.focus({ preventScroll: true });
  }
  notebook.outerNode.scrollTop = stand.scroll;
}
