/** The reviews of all open notebooks: one for each panel. */
import type { ISessionContextDialogs } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { IStateDB } from '@jupyterlab/statedb';
import { Signal, type ISignal } from '@lumino/signaling';

import type { IProposalView, IReview, IReviews } from '../tokens';
import { cellsOf } from './applier';
import { Channel } from './channel';
import type { IChoices } from './choices';
import { NotebookHost } from './host';
import { fetchKept } from './keeping';
import { Review, type IReviewOptions } from './review';
import { windowId } from './window-id';

export class Reviews implements IReviews {
  constructor(
    private readonly _tracker: INotebookTracker,
    private readonly _choices: IChoices,
    private readonly _dialogs: ISessionContextDialogs | undefined,
    private readonly _store: IStateDB | null,
    private readonly _authority: Pick<IReviewOptions, 'gestures' | 'ceiling'>
  ) {
    _tracker.forEach(panel => this._add(panel));
    _tracker.widgetAdded.connect((_, panel) => this._add(panel));
    _tracker.currentChanged.connect(this._onCurrent, this);
    this._onCurrent();
  }

  get current(): IReview | null {
    return this._current;
  }

  get currentChanged(): ISignal<IReviews, IReview | null> {
    return this._currentChanged;
  }

  get added(): ISignal<IReviews, IReview> {
    return this._added;
  }

  get all(): ReadonlyArray<IReview> {
    return [...this._reviews.values()];
  }

  of(panel: NotebookPanel): IReview | null {
    return this._reviews.get(panel) ?? null;
  }

  find(id: string): { readonly review: IReview; readonly view: IProposalView } | null {
    for (const review of this._reviews.values()) {
      const view = review.proposals.find(item => item.proposal.id === id);
      if (view) {
        return { review, view };
      }
    }
    return null;
  }

  private _add(panel: NotebookPanel): void {
    void panel.context.ready.then(async () => {
      const store = this._store;
      const { path } = panel.context;
      const [text, name] = await Promise.all([fetchKept(store, path), windowId()]);
      if (panel.isDisposed || !panel.content.model) {
        return;
      }
      const host = new NotebookHost(panel, this._dialogs, this._authority.gestures);
      const views = this.all.filter(review => review.panel.context.path === path).length;
      const client = `${name}:${path}:${views}`;
      const review = new Review({
        panel,
        host,
        channel: new Channel(panel.sessionContext, () => cellsOf(host.shared).ids, client),
        choices: this._choices,
        ...this._authority,
        kept: { store, text }
      });
      this._reviews.set(panel, review);
      panel.disposed.connect(() => {
        this._reviews.delete(panel);
        review.dispose();
        this._onCurrent();
      });
      this._added.emit(review);
      this._onCurrent();
    });
  }

  private _onCurrent(): void {
    const panel = this._tracker.currentWidget;
    const review = (panel && this._reviews.get(panel)) ?? null;
    if (review !== this._current) {
      this._current = review;
      this._currentChanged.emit(review);
    }
  }

  private _current: IReview | null = null;
  private readonly _reviews = new Map<NotebookPanel, Review>();
  private readonly _currentChanged = new Signal<IReviews, IReview | null>(this);
  private readonly _added = new Signal<IReviews, IReview>(this);
}
