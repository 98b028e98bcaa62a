/** The notebook panel as a review needs it: its document, its focus, its runs. */
import type { YNotebook } from '@jupyter/ydoc';
import type { ISessionContext, ISessionContextDialogs } from '@jupyterlab/apputils';
import { MarkdownCell, type Cell } from '@jupyterlab/cells';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import type { KernelMessage } from '@jupyterlab/services';
import { Signal, type ISignal } from '@lumino/signaling';

import { PROVENANCE_KEY, type Snapshot } from '../protocol.gen';
import type { IGestures } from './gestures';
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
  /** A cell ended in an error; told before that it was executed. */
  readonly cellFailed: ISignal<IHost, string>;
  /** The kernel runs what this notebook's window did not send, such as a console's words. */
  readonly ranElsewhere: ISignal<IHost, void>;
  /** The cell in whose editor the person is, or null. */
  readonly typing: string | null;
  snapshot(): Snapshot;
  /**
   * After an accept: render markdown. Where the cells stand together, the first is
   * the active one, so that a person goes on there; otherwise the active cell stays.
   */
  settle(touched: ReadonlyArray<string>): void;
  /** Run the code cells among these as the person's own run does. */
  run(ids: ReadonlyArray<string>): void;
  /** The same without taking the person from where they are. */
  runQuietly(ids: ReadonlyArray<string>): void;
  /** Interrupt what the kernel runs. */
  interrupt(): void;
  dispose(): void;
}

export class NotebookHost implements IHost {
  constructor(
    private readonly _panel: NotebookPanel,
    private readonly _dialogs: ISessionContextDialogs | undefined,
    private readonly _gestures: IGestures
  ) {
    // JupyterLab's notebook model has no other shared model.
    this.shared = _panel.content.model!.sharedModel as unknown as YNotebook;
    NotebookActions.executionScheduled.connect(this._onScheduled, this);
    NotebookActions.executed.connect(this._onExecuted, this);
    _panel.sessionContext.iopubMessage.connect(this._onMessage, this);
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

  get cellFailed(): ISignal<IHost, string> {
    return this._failed;
  }

  get ranElsewhere(): ISignal<IHost, void> {
    return this._ranElsewhere;
  }

  get typing(): string | null {
    const { mode, activeCell } = this._panel.content;
    return mode === 'edit' ? (activeCell?.model.id ?? null) : null;
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
    this._render(touched);
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

  runQuietly(ids: ReadonlyArray<string>): void {
    const { content: notebook } = this._panel;
    const { mode } = notebook;
    const focused = document.activeElement;
    this._render(ids);
    this.run(ids);
    // JupyterLab leaves the editor whenever a cell is run.
    if (mode === 'edit') {
      notebook.mode = mode;
    }
    if (focused instanceof HTMLElement && document.activeElement !== focused) {
      focused.focus({ preventScroll: true });
    }
  }

  interrupt(): void {
    this._panel.sessionContext.session?.kernel?.interrupt().catch((error: unknown) => {
      console.error('The kernel could not be interrupted.', error);
    });
  }

  dispose(): void {
    Signal.clearData(this);
  }

  private _render(ids: ReadonlyArray<string>): void {
    for (const cell of this._cells(ids)) {
      if (cell instanceof MarkdownCell) {
        cell.rendered = true;
      }
    }
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
        metadata: { ...model.metadata },
        byHand: this._gestures.isRunning()
      });
    }
  }

  private _onExecuted(_: unknown, args: { notebook: unknown; cell: Cell; success: boolean }): void {
    if (args.notebook === this._panel.content && !args.cell.isDisposed) {
      if (!args.success) {
        this._failed.emit(args.cell.model.id);
      }
      this._executed.emit(args.cell.model.id);
    }
  }

  private _onMessage(sender: ISessionContext, message: KernelMessage.IMessage): void {
    const { msg_type } = message.header;
    const by = (message.parent_header as Partial<KernelMessage.IHeader>).session;
    if (msg_type === 'execute_input' && by !== sender.session?.kernel?.clientId) {
      this._ranElsewhere.emit();
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
  private readonly _ranElsewhere = new Signal<IHost, void>(this);
  private readonly _failed = new Signal<IHost, string>(this);
  private readonly _executed = new Signal<IHost, string>(this);
}
