/**
 * The interfaces that services offer and widgets use.
 *
 * Widgets know these and nothing of comms, kernels or Yjs.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { Edit, Level, ModelChoice, Problem, Proposal } from './protocol.gen';

/**
 * How the session in the notebook's kernel can be reached.
 *
 * `connecting`: not yet. `busy`: not before the running cell ends. `ready`: also
 * while a cell runs. `ready-when-idle`: the kernel has no subshells, so it
 * answers when the running cell ends. `unavailable`: see `IReview.problem`.
 */
export type Connection = 'connecting' | 'busy' | 'ready' | 'ready-when-idle' | 'unavailable';

/** One edit of a proposal, held against the notebook as it is now. */
export interface IEditView {
  readonly index: number;
  readonly edit: Edit;
  /** The cell that it touches (replace, delete, move), or its anchor (insert); null: before the first cell. */
  readonly anchor: string | null;
  /** Source of the touched cell as it is now; empty for an insert. */
  readonly before: string;
  /** False where the precondition no longer holds. */
  readonly applies: boolean;
}

/** A proposal, held against the notebook as it is now. */
export interface IProposalView {
  readonly proposal: Proposal;
  readonly edits: ReadonlyArray<IEditView>;
  /** Pending, and every precondition holds. */
  readonly acceptable: boolean;
  /** Pending, but the person has changed what it stands on since. */
  readonly stale: boolean;
  /** The session knows of it. False from the ask until its first answer. */
  readonly confirmed: boolean;
}

/**
 * What happened to an accept.
 *
 * `inert`: it still streams, or what is shown changed a moment ago. `stale`: a
 * precondition no longer holds. `gone`: it is not pending. `refused`: the
 * notebook or a cell may not be changed. The notebook was touched only by
 * `accepted`.
 */
export type AcceptResult =
  | { readonly outcome: 'accepted' }
  | {
      readonly outcome: 'inert' | 'stale' | 'gone' | 'refused';
      readonly reason: string;
    };

/** The proposals of one notebook: the one state behind panel, ghosts and status lines. */
export interface IReview {
  readonly panel: NotebookPanel;
  readonly connection: Connection;
  readonly problem: Problem | null;
  readonly models: ReadonlyArray<ModelChoice>;
  readonly model: string;
  /** The level in force: the lowest of the person's, the notebook's and the kernel's. */
  readonly level: Level;
  /** The person's own choice. */
  readonly chosenLevel: Level;
  /** Who holds the level below the person's choice; empty where nobody does. */
  readonly levelReason: string;
  /** Newest first; drafting, pending and those closed since the page opened. */
  readonly proposals: ReadonlyArray<IProposalView>;
  /** The proposal that review mode is on, or null. */
  readonly focused: string | null;

  /** Anything above changed. At most once a frame while a reply streams. */
  readonly changed: ISignal<IReview, void>;
  /** A proposal was turned to; ghosts scroll to it and take the keys. */
  readonly focusRequested: ISignal<IReview, string>;

  ask(prompt: string): string | null;
  cancel(id: string): void;
  accept(id: string, options?: { run?: boolean }): Promise<AcceptResult>;
  reject(id: string): void;
  /** Put a closed proposal's card away. */
  dismiss(id: string): void;
  /** Choose a model; one that is not offered is added to the person's own. */
  use(model: string): void;
  /** Choose the level; remembered. */
  setLevel(level: Level): void;
  /** Turn to a proposal: review mode. Null leaves it. */
  focus(id: string | null): void;
  /** Turn to the next (1) or previous (-1) pending proposal in notebook order. */
  step(by: 1 | -1): void;
  /** Try again to reach the session. */
  reconnect(): void;
}

/** The reviews of all open notebooks. */
export interface IReviews {
  /** The current notebook's, or null. */
  readonly current: IReview | null;
  readonly currentChanged: ISignal<IReviews, IReview | null>;
  /** A notebook was opened and has its review. */
  readonly added: ISignal<IReviews, IReview>;
  /** Every open notebook's. */
  readonly all: ReadonlyArray<IReview>;
  of(panel: NotebookPanel): IReview | null;
  /** The proposal of this id, and the review that knows it. */
  find(id: string): { readonly review: IReview; readonly view: IProposalView } | null;
}

export const IReviews = new Token<IReviews>(
  'jupyterlab-llm-notebook:IReviews',
  'Proposals of the open notebooks, and what a person can do with them.'
);
