/** The proposal that review mode is on. */
import type { IProposalView } from '../tokens';
import { stepFrom } from './book';
import { isOpen } from './entries';

export interface ITurningOptions {
  readonly views: () => ReadonlyArray<IProposalView>;
  readonly ids: () => ReadonlyArray<string>;
  readonly activeCell: () => string | null;
  /** A proposal was turned to. */
  readonly turned: (id: string) => void;
}

export class Turning {
  constructor(private readonly _options: ITurningOptions) {}

  /** Another version that takes its place is the same proposal. */
  get focused(): string | null {
    const view = this._find(this._focused);
    return view && isOpen(view.proposal) ? view.proposal.id : null;
  }

  focus(id: string | null): void {
    this._focused = id;
    const focused = (this._focused = this.focused);
    if (focused !== null) {
      this._options.turned(focused);
    }
  }

  /** The next (1) or previous (-1) pending proposal in notebook order. */
  step(by: 1 | -1): void {
    const { views, ids, activeCell } = this._options;
    const next = stepFrom(views(), ids(), this.focused, activeCell(), by);
    if (next !== null) {
      this.focus(next);
    }
  }

  /** An undo of the accept does not turn to it again. */
  settle(): void {
    this._focused = this._focused === null ? null : this.focused;
  }

  private _find(id: string | null): IProposalView | undefined {
    if (id === null) {
      return undefined;
    }
    const views = this._options.views();
    // The parts of a long reply name the same versions: by one of those the part is meant
    // that is decided now.
    return (
      views.find(view => view.proposal.id === id) ??
      views.find(view => view.versions.includes(id) && view.versions.includes(view.proposal.id))
    );
  }

  private _focused: string | null = null;
}
