/**
 * The ghosts of one notebook: holds them against the review and the cells.
 *
 * Nothing here is kept in the notebook. What should be shown is worked out
 * anew from the review whenever it or the order of cells changes, and compared
 * with what is there: a ghost dies with the cell that it stands in, and comes
 * back with it.
 */
import type { Cell } from '@jupyterlab/cells';
import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { INotebookModel, Notebook } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import type { IProposalView, IReview } from '../../tokens';
import { Arming } from './arming';
import type { ITextStyle } from './editor';
import { Ghost, Landing } from './ghost';
import type { IGhostActions, IGhostState } from './ghost';
import { isOpen, places } from './places';
import type { IPlace } from './places';
import { ReviewMode } from './review-mode';
import { holdStill } from './scroll';
import { arrange, layoutOf } from './slots';

/** Marks on the cell itself, in CSS: its input gives way to a diff, or is struck out. */
const MARKS = {
  replace: 'llm-mod-replaced',
  delete: 'llm-mod-deleted',
  move: 'llm-mod-moved'
} as const;

type Shown = Ghost | Landing;

export class GhostOverlay implements IDisposable, IGhostActions {
  constructor(
    readonly review: IReview,
    private readonly languages: IEditorLanguageRegistry
  ) {
    this.notebook = review.panel.content;
    this.arming = new Arming(() => this.schedule());
    this.mode = new ReviewMode(review, this);
    review.changed.connect(this.onChanged, this);
    review.panel.disposed.connect(this.dispose, this);
    this.notebook.modelChanged.connect(this.onModelChanged, this);
    this.notebook.stateChanged.connect(this.onNotebookState, this);
    this.notebook.activeCellChanged.connect(this.onNotebookState, this);
    this.onModelChanged();
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (this.disposed) {
      return;
    }
    this.disposed = true;
    cancelAnimationFrame(this.frame);
    Signal.clearData(this);
    this.mode.dispose();
    this.arming.dispose();
    this.shown.forEach(ghost => ghost.dispose());
    this.shown.clear();
    this.marked.forEach((_, cell) => this.mark(cell, null));
  }

  accept(proposal: string, run: boolean): void {
    void this.review.accept(proposal, { run }).then(result => {
      if (!this.disposed && result.outcome !== 'accepted') {
        this.remarks.set(proposal, result.reason);
        this.schedule();
      }
    });
  }

  reject(proposal: string): void {
    this.review.reject(proposal);
  }

  cancel(proposal: string): void {
    this.review.cancel(proposal);
  }

  /** The ghost that speaks for a proposal, if it is drawn. */
  ghostOf(proposal: string): Ghost | null {
    for (const ghost of this.shown.values()) {
      if (
        ghost instanceof Ghost &&
        ghost.primary &&
        ghost.proposal === proposal &&
        !ghost.isDisposed
      ) {
        return ghost;
      }
    }
    return null;
  }

  /** The cell that a proposal's first ghost stands in, drawn or not. */
  cellOf(proposal: string): Cell | null {
    const place = this.wanted.find(({ view, primary }) => primary && view.proposal.id === proposal);
    return (place && this.cells().get(place.slot.cell)) ?? null;
  }

  /** Pending proposals in the order in which their first ghosts stand. */
  pending(): string[] {
    const index = new Map(this.notebook.widgets.map((w, i) => [w.model.id, i]));
    const height = ({ slot }: IPlace) =>
      2 * (index.get(slot.cell) ?? 0) + (slot.at === 'bottom' ? 1 : 0);
    return this.wanted
      .filter(({ primary, view }) => primary && isPending(view))
      .sort((a, b) => height(a) - height(b))
      .map(({ view }) => view.proposal.id);
  }

  /** Brings what is shown up to date now. */
  sync(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (!this.disposed && this.notebook.model && !this.notebook.isDisposed) {
      holdStill(this.notebook, () => this.draw());
    }
  }

  private draw(): void {
    const cells = this.cells();
    const { proposals } = this.review;
    this.wanted = places(proposals, [...cells.keys()], this.remembered);
    this.arming.update(proposals);

    const keep = new Map(this.wanted.map(place => [place.key, place]));
    for (const [key, ghost] of this.shown) {
      const place = keep.get(key);
      if (!place || ghost.isDisposed || !fits(ghost, place)) {
        ghost.dispose();
        this.shown.delete(key);
      }
    }
    const slots = new Map<string, { place: IPlace; widgets: Shown[] }>();
    for (const place of this.wanted) {
      const cell = cells.get(place.slot.cell)!;
      if (cell.isPlaceholder()) {
        this.wait(cell);
        continue;
      }
      const ghost = this.shown.get(place.key) ?? this.create(place);
      this.shown.set(place.key, ghost);
      const name = `${place.slot.at}:${place.slot.cell}`;
      const slot = slots.get(name) ?? { place, widgets: [] };
      slot.widgets.push(ghost);
      slots.set(name, slot);
    }
    for (const { place, widgets } of slots.values()) {
      const layout = layoutOf(cells.get(place.slot.cell)!, place.slot.at);
      if (layout) {
        arrange(layout, widgets);
      }
    }
    // Filled only when in place, so that an editor's first measure is right.
    for (const place of this.wanted) {
      this.shown.get(place.key)?.render(place, this.stateOf(place.view));
    }
    this.markCells(cells);
  }

  private create(place: IPlace): Shown {
    return place.kind === 'landing' ? new Landing() : new Ghost(place, this.languages, this);
  }

  private stateOf(view: IProposalView): IGhostState {
    const { id, origin } = view.proposal;
    return {
      model: this.review.models.find(choice => choice.id === origin.model)?.label ?? origin.model,
      armed: view.acceptable && this.arming.isArmed(id),
      remark: this.remarks.get(id) ?? '',
      styleOf: type => this.styleOf(type)
    };
  }

  private styleOf(cellType: string): ITextStyle {
    const { editorConfig, codeMimetype } = this.notebook;
    const isCode = cellType === 'code';
    const config = isCode
      ? editorConfig.code
      : cellType === 'markdown'
        ? editorConfig.markdown
        : editorConfig.raw;
    return {
      mimeType: isCode
        ? codeMimetype
        : cellType === 'markdown'
          ? 'text/x-ipythongfm'
          : 'text/plain',
      wrap: !!config.lineWrap,
      lineNumbers: !!config.lineNumbers
    };
  }

  private markCells(cells: ReadonlyMap<string, Cell>): void {
    const marks = new Map<Cell, string>();
    for (const { kind, lost, slot, key } of this.wanted) {
      const cell = cells.get(slot.cell)!;
      if (kind in MARKS && !lost && this.shown.has(key)) {
        marks.set(cell, MARKS[kind as keyof typeof MARKS]);
      }
    }
    for (const cell of [...this.marked.keys()]) {
      if (marks.get(cell) !== this.marked.get(cell)) {
        this.mark(cell, null);
      }
    }
    marks.forEach((name, cell) => this.mark(cell, name));
  }

  private mark(cell: Cell, name: string | null): void {
    const had = this.marked.get(cell);
    if (had && !cell.isDisposed) {
      cell.removeClass(had);
    }
    this.marked.delete(cell);
    if (name) {
      cell.addClass(name);
      this.marked.set(cell, name);
    }
  }

  private wait(cell: Cell): void {
    if (!this.awaited.has(cell)) {
      this.awaited.add(cell);
      void cell.ready.then(() => this.schedule());
    }
  }

  private cells(): Map<string, Cell> {
    return new Map(this.notebook.widgets.map(cell => [cell.model.id, cell]));
  }

  private schedule(): void {
    if (!this.frame && !this.disposed) {
      this.frame = requestAnimationFrame(() => this.sync());
    }
  }

  private onChanged(): void {
    this.mode.follow();
    // At most once a frame, and before it is drawn.
    this.sync();
  }

  private onModelChanged(): void {
    const model = this.notebook.model;
    if (this.model && !this.model.isDisposed) {
      this.model.cells.changed.disconnect(this.schedule, this);
      this.model.metadataChanged.disconnect(this.schedule, this);
    }
    this.model = model;
    this.remembered.clear();
    model?.cells.changed.connect(this.schedule, this);
    // The kernel's language comes with the metadata.
    model?.metadataChanged.connect(this.schedule, this);
    this.schedule();
  }

  /** A person who turns to a cell whose input gave way to a diff gets the input back. */
  private onNotebookState(): void {
    const { activeCell, mode } = this.notebook;
    for (const cell of this.marked.keys()) {
      const editing = mode === 'edit' && cell === activeCell;
      const had = cell.hasClass('llm-mod-editing');
      cell.toggleClass('llm-mod-editing', editing);
      if (editing && !had) {
        cell.editor?.focus();
      }
    }
  }

  private readonly notebook: Notebook;
  private readonly arming: Arming;
  private readonly mode: ReviewMode;
  private readonly shown = new Map<string, Shown>();
  private readonly marked = new Map<Cell, string>();
  private readonly remembered = new Map<string, number>();
  private readonly remarks = new Map<string, string>();
  private readonly awaited = new WeakSet<Cell>();
  private wanted: IPlace[] = [];
  private model: INotebookModel | null = null;
  private frame = 0;
  private disposed = false;
}

function fits(ghost: Shown, place: IPlace): boolean {
  return ghost instanceof Landing || (ghost.primary === place.primary && ghost.lost === place.lost);
}

function isPending(view: IProposalView): boolean {
  return isOpen(view) && view.proposal.status === 'pending';
}
