/** The notebook panel as a review needs it: its document, its focus, its runs. */
import type { YNotebook } from '@jupyter/ydoc';
import type { ISessionContextDialogs } from '@jupyterlab/apputils';
import { MarkdownCell, type Cell } from '@jupyterlab/cells';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import { Signal, type ISignal } from '@lumino/signaling';

import { PROVENANCE_KEY, type Snapshot } from '../protocol.gen';
import type { IRunCell } from './guard';

/** A notebook that proposals are about. */
export interface IHost {
  readonly shared: YNotebook;
  /** Our part of the notebook's metadata. */
  readonly metadata: unknown;
  /** Why nothing may be changed; empty where it may. */
  readonly lockedReason: string;
  readonly activeCell: string | null;
  readonly path: string;
  /** The notebook has this path now. */
  readonly renamed: ISignal<IHost, string>;
  /** It is being written to its file; and it was. */
  readonly saving: ISignal<IHost, void>;
  readonly saved: ISignal<IHost, void>;
  /** A person's gesture sent a cell to the kernel. */
  readonly cellScheduled: ISignal<IHost, IRunCell>;
  readonly cellExecuted: ISignal<IHost, string>;
  snapshot(): Snapshot;
  /**
   * After an accept: render markdown. Where the cells stand together, the first is
   * the active one, so that a person goes on there; otherwise the active cell stays.
   */
  settle(touched: ReadonlyArray<string>): void;
  /** Run the code cells among these as the person's own run does. */
  run(ids: ReadonlyArray<string>): void;
  dispose(): void;
}

export class NotebookHost implements IHost {
  constructor(
    private readonly _panel: NotebookPanel,
    private readonly _dialogs: ISessionContextDialogs | undefined
  ) {
    // JupyterLab's notebook model has no other shared model.
    this.shared = _panel.content.model!.sharedModel as unknown as YNotebook;
    NotebookActions.executionScheduled.connect(this._onScheduled, this);
    NotebookActions.executed.connect(this._onExecuted, this);
    _panel.context.saveState.connect(this._onSave, this);
    _panel.context.pathChanged.connect((_, path) => this._renamed.emit(path), this);
  }

  readonly shared: YNotebook;

  get metadata(): unknown {
    return this.shared.getMetadata(PROVENANCE_KEY);
  }

  get lockedReason(): string {
    return this._panel.content.model?.readOnly
      ? 'This notebook is read-only. Nothing was changed; the proposal is kept.'
      : '';
  }

  get activeCell(): string | null {
    return this._panel.content.activeCell?.model.id ?? null;
  }

  get path(): string {
    return this._panel.context.path;
  }

  get renamed(): ISignal<IHost, string> {
    return this._renamed;
  }

  get saving(): ISignal<IHost, void> {
    return this._saving;
  }

  get saved(): ISignal<IHost, void> {
    return this._saved;
  }

  get cellScheduled(): ISignal<IHost, IRunCell> {
    return this._scheduled;
  }

  get cellExecuted(): ISignal<IHost, string> {
    return this._executed;
  }

  snapshot(): Snapshot {
    const cells = this.shared.cells.map(cell => ({
      id: cell.id,
      type: cell.cell_type,
      source: cell.getSource()
    }));
    return { cells, path: this.path, has_ids: true };
  }

  settle(touched: ReadonlyArray<string>): void {
    const notebook = this._panel.content;
    for (const cell of this._cells(touched)) {
      if (cell instanceof MarkdownCell) {
        cell.rendered = true;
      }
    }
    const wanted = new Set(touched);
    const first = notebook.widgets.findIndex(cell => wanted.has(cell.model.id));
    const here = notebook.widgets.slice(first, first + touched.length);
    // In a long notebook JupyterLab takes a second to make another cell the active one.
    if (first >= 0 && here.every(cell => wanted.has(cell.model.id))) {
      notebook.mode = 'command';
      notebook.deselectAll();
      notebook.activeCellIndex = first;
    }
  }

  run(ids: ReadonlyArray<string>): void {
    const code = this._cells(ids).filter(cell => cell.model.type === 'code');
    if (code.length > 0) {
      void NotebookActions.runCells(
        this._panel.content,
        code,
        this._panel.sessionContext,
        this._dialogs
      );
    }
  }

  dispose(): void {
    Signal.clearData(this);
  }

  private _cells(ids: ReadonlyArray<string>): Cell[] {
    const wanted = new Set(ids);
    return this._panel.content.widgets.filter(cell => wanted.has(cell.model.id));
  }

  private _onScheduled(_: unknown, args: { notebook: unknown; cell: Cell }): void {
    if (args.notebook === this._panel.content) {
      const model = args.cell.model;
      this._scheduled.emit({
        id: model.id,
        source: model.sharedModel.getSource(),
        metadata: { ...model.metadata }
      });
    }
  }

  private _onExecuted(_: unknown, args: { notebook: unknown; cell: Cell }): void {
    if (args.notebook === this._panel.content && !args.cell.isDisposed) {
      this._executed.emit(args.cell.model.id);
    }
  }

  private _onSave(_: unknown, state: DocumentRegistry.SaveState): void {
    if (state === 'started') {
      this._saving.emit();
    } else if (state !== 'failed') {
      this._saved.emit();
    }
  }

  private readonly _renamed = new Signal<IHost, string>(this);
  private readonly _saving = new Signal<IHost, void>(this);
  private readonly _saved = new Signal<IHost, void>(this);
  private readonly _scheduled = new Signal<IHost, IRunCell>(this);
  private readonly _executed = new Signal<IHost, string>(this);
}
