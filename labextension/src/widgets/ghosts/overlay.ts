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

import type { IReview } from '../../tokens';
import { News } from '../previews/news';
import type { ITypesetting } from '../previews/outputs';
import type { Unsent } from '../unsent';
import type { IGhostState, ITarget } from './actions';
import { Announcer } from './announcer';
import { Arming } from './arming';
import { CellMarks } from './cell-marks';
import { Desk } from './desk';
import type { IDeskStage } from './thread-desk';
import { States } from './states';
import { Ghost } from './ghost';
import type { Keys } from './keys';
import { Landing } from './landing';
import { Painter } from './painting';
import { keyOf, stopsOf } from './parts';
import type { IStop } from './parts';
import { isOpen, places } from './places';
import type { IPlace } from './places';
import { ReviewMode } from './review-mode';
import type { IStage } from './review-mode';
import { holdStill } from './scroll';
import { arrange, layoutOf } from './slots';

type Shown = Ghost | Landing;

export class GhostOverlay implements IDisposable, IDeskStage, IStage {
  constructor(
    readonly review: IReview,
    private readonly languages: IEditorLanguageRegistry,
    readonly key: Keys,
    typesetting: ITypesetting,
    unsent: Unsent
  ) {
    this.notebook = review.panel.content;
    this.arming = new Arming(() => this.schedule());
    this.painter = new Painter(languages, () => this.schedule());
    this.marks = new CellMarks(this.notebook);
    this.announcer = new Announcer(review.panel.node);
    this.desk = new Desk(review, this, unsent);
    this.news = new News(review, words => this.announcer.say(words));
    this.states = new States(review, this.desk, this.arming, key, typesetting);
    this.mode = new ReviewMode(review, this, this.desk);
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
    this.desk.dispose();
    this.mode.dispose();
    this.arming.dispose();
    this.announcer.dispose();
    this.shown.forEach(ghost => ghost.dispose());
    this.shown.clear();
    this.marks.clear();
  }

  /** The ghost of an edit, or the one that speaks for its proposal, if it is drawn. */
  ghostOf({ proposal, key }: ITarget): Ghost | null {
    for (const ghost of this.shown.values()) {
      if (
        ghost instanceof Ghost &&
        ghost.proposal === proposal &&
        (key === undefined ? ghost.primary : ghost.key === key) &&
        !ghost.isDisposed
      ) {
        return ghost;
      }
    }
    return null;
  }

  landingOf({ proposal, key }: ITarget): Landing | null {
    const shown = [...this.shown.values()];
    const found = shown.find(
      item => item instanceof Landing && item.proposal === proposal && item.key === key
    );
    return found instanceof Landing ? found : null;
  }

  /** The cell that a ghost stands in, drawn or not. */
  cellOf({ proposal, key }: ITarget, landing = false): Cell | null {
    const place = this.wanted.find(
      ({ view, primary, edit, kind }) =>
        view.proposal.id === proposal &&
        (kind === 'landing') === landing &&
        (key === undefined ? primary : keyOf(edit.edit) === key)
    );
    return (place && this.cells().get(place.slot.cell)) ?? null;
  }

  /** Pending proposals in the order in which their first ghosts stand. */
  pending(): string[] {
    return this.fromTop(this.wanted)
      .filter(({ primary, view }) => primary && view.proposal.status === 'pending')
      .map(({ view }) => view.proposal.id);
  }

  stops(proposal: string): IStop[] {
    const view = this.review.proposals.find(item => item.proposal.id === proposal);
    if (!view || view.proposal.status !== 'pending') {
      return [];
    }
    const order = this.notebook.widgets.map(cell => cell.model.id);
    const standing = this.fromTop(places([view], order, new Map(this.remembered)))
      .filter(({ kind }) => kind !== 'landing')
      .map(({ edit }) => edit);
    return stopsOf(view, standing, this.desk.sinceOf(view) === null);
  }

  isSettled(proposal: string): boolean {
    return this.arming.isArmed(proposal);
  }

  announce(words: string): void {
    this.announcer.say(words);
  }

  turnTo(target: ITarget): void {
    void this.mode.reveal(target);
  }

  turnToLanding(target: ITarget): void {
    void this.mode.reveal(target, true);
  }

  focusField(proposal: string): void {
    this.ghostOf({ proposal })?.focusFollowUp();
  }

  focusEditor(target: ITarget): void {
    this.ghostOf(target)?.focusEditor();
  }

  /** Brings what is shown up to date now. */
  sync(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (!this.disposed && this.notebook.model && !this.notebook.isDisposed) {
      this.desk.follow();
      cancelAnimationFrame(this.frame);
      this.frame = 0;
      holdStill(this.notebook, () => this.draw());
    }
  }

  schedule(): void {
    if (!this.frame && !this.disposed) {
      this.frame = requestAnimationFrame(() => this.sync());
    }
  }

  private draw(): void {
    const { proposals } = this.review;
    this.arming.update(proposals);
    if (!this.shown.size && !proposals.some(isOpen)) {
      this.wanted = [];
      return;
    }
    const cells = this.cells();
    this.wanted = places(proposals, [...cells.keys()], this.remembered);

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
    const shared = new Map<string, IGhostState>();
    for (const place of this.wanted) {
      const { view } = place;
      const state = shared.get(view.proposal.id) ?? this.states.of(view);
      shared.set(view.proposal.id, state);
      this.shown.get(place.key)?.render(place, this.states.at(place, state));
    }
    for (const { place, widgets } of slots.values()) {
      const layout = layoutOf(cells.get(place.slot.cell)!, place.slot.at);
      if (layout) {
        arrange(layout, widgets);
      }
    }
    const drawn = this.wanted.filter(({ key }) => this.shown.has(key));
    this.marks.update(drawn, cells);
  }

  private create(place: IPlace): Shown {
    return place.kind === 'landing'
      ? new Landing(place, this.desk)
      : new Ghost(place, this.painter, this.languages, this.desk);
  }

  private fromTop(found: ReadonlyArray<IPlace>): IPlace[] {
    const index = new Map(this.notebook.widgets.map((w, i) => [w.model.id, i]));
    const height = ({ slot }: IPlace) =>
      2 * (index.get(slot.cell) ?? 0) + (slot.at === 'bottom' ? 1 : 0);
    return [...found].sort((a, b) => height(a) - height(b));
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

  private onChanged(): void {
    this.mode.follow();
    this.news.follow();
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

  private onNotebookState(): void {
    this.marks.follow();
  }

  private readonly notebook: Notebook;
  private readonly arming: Arming;
  private readonly painter: Painter;
  private readonly marks: CellMarks;
  private readonly announcer: Announcer;
  private readonly desk: Desk;
  private readonly states: States;
  private readonly news: News;
  private readonly mode: ReviewMode;
  private readonly shown = new Map<string, Shown>();
  private readonly remembered = new Map<string, number>();
  private readonly awaited = new WeakSet<Cell>();
  private wanted: IPlace[] = [];
  private model: INotebookModel | null = null;
  private frame = 0;
  private disposed = false;
}

function fits(ghost: Shown, place: IPlace): boolean {
  return ghost instanceof Landing || (ghost.primary === place.primary && ghost.lost === place.lost);
}
