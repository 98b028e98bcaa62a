/**
 * The interfaces that services offer and widgets use.
 *
 * Widgets know these and nothing of comms, kernels or Yjs.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { IAutonomy } from './autonomy';
import type { IPreviews } from './previewing';
import type { IWayBack } from './way-back';
import type {
  Edit,
  ErrorInfo,
  Hit,
  Level,
  ModelChoice,
  Piece,
  Problem,
  Proposal,
  Scope,
  Wants
} from './protocol.gen';

/**
 * How the session in the notebook's kernel can be reached.
 *
 * `connecting`: not yet. `busy`: not before the running cell ends. `ready`: also
 * while a cell runs. `ready-when-idle`: the kernel has no subshells, so it
 * answers when the running cell ends. `unavailable`: see `IReview.problem`.
 */
export type Connection = 'connecting' | 'busy' | 'ready' | 'ready-when-idle' | 'unavailable';

/** The slider's positions, as shown. */
export const LEVEL_NAMES: { readonly [level in Level]: string } = {
  0: 'Off',
  1: 'Complete',
  2: 'Propose',
  3: 'Preview',
  4: 'Auto-run'
};

/** A run of changed lines of a replace: what can be taken or dropped alone. Lines count from 0. */
export interface IHunk {
  readonly index: number;
  /** The lines of the cell as it is now that go: from, to (excluded). */
  readonly from: number;
  readonly to: number;
  /** The lines of the proposed source that come: from, to (excluded). */
  readonly newFrom: number;
  readonly newTo: number;
}

/** How hunks are found. A view that shows a diff takes the same, so that it shows the same hunks. */
export const DIFF = { scanLimit: 500 } as const;

/** A part of a proposal: one edit, or one hunk of it. */
export interface IPart {
  readonly edit: number;
  readonly hunk?: number;
}

/** One edit of a proposal, held against the notebook as it is now. */
export interface IEditView {
  readonly index: number;
  readonly edit: Edit;
  /** The cell that it touches (replace, delete, move), or its anchor (insert); null: before the first cell. */
  readonly anchor: string | null;
  /** Source of the touched cell as it is now; empty for an insert. */
  readonly before: string;
  /** False where the precondition no longer holds: the person's own edit made it stale. */
  readonly applies: boolean;
  /** Of a replace, against the cell as it is now; empty for other edits. */
  readonly hunks: ReadonlyArray<IHunk>;
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
  /** Ids of all its versions, oldest first; of a first version alone, its own id. */
  readonly versions: ReadonlyArray<string>;
  /** It was accepted in this page, and can be taken back as one step. */
  readonly canTakeBack: boolean;
  /**
   * A newer version that does not take its place: it is being written, or it
   * failed, was declined, was cancelled, or brought only text. `dismiss` puts it away.
   */
  readonly next?: Proposal | null;
  /** It was decided in another window. */
  readonly elsewhere?: boolean;
}

/**
 * What happened to an accept.
 *
 * `inert`: it still streams, or what is shown changed a moment ago. `stale`: a
 * precondition no longer holds. `gone`: it is not pending. `refused`: the
 * notebook or a cell may not be changed. `denied`: the rules deny it, and it
 * takes a second accept. The notebook was touched only by `accepted`.
 */
export type AcceptResult =
  | { readonly outcome: 'accepted' }
  | {
      readonly outcome: 'inert' | 'stale' | 'gone' | 'refused' | 'denied';
      readonly reason: string;
    };

/** A person's key or click. It cannot be made elsewhere: one that was not given out is none. */
export interface Hand {
  readonly at: number;
}

export interface IAcceptOptions {
  readonly run?: boolean;
  readonly part?: IPart;
  /** Default: the key or click that is being handled. */
  readonly hand?: Hand | null;
}

/** What an ask is about, beyond its words. */
export interface IAskOptions {
  /** Default: the active cell. */
  readonly target?: string | null;
  readonly scope?: Scope | null;
  readonly wants?: Wants;
  readonly error?: ErrorInfo | null;
  /** The proposal that it follows up: it is about what that was about. */
  readonly refines?: string;
  /** Ids of the pieces that the person took out. Default: none; of a follow-up, those of before. */
  readonly without?: ReadonlyArray<string>;
}

/** What would be sent with an ask, as the session in the kernel says. */
export interface ISurvey {
  /** The words and options that it was made for are the present ones. */
  readonly isCurrent: boolean;
  /** Most wanted first. */
  readonly pieces: ReadonlyArray<Piece>;
  /** What the person took out, and what did not fit. */
  readonly leftOut: ReadonlyArray<Piece>;
  /** Ids of the pieces that the person took out. */
  readonly without: ReadonlySet<string>;
  /** Estimated, of the pieces that are in; and what there is room for. */
  readonly tokens: number;
  readonly budget: number;
}

/** Cells that a `%%llm` cell made from words that it no longer holds. */
export interface IOutdated {
  /** Id of the `%%llm` cell. */
  readonly source: string;
  /** Ids of the cells that it made, in notebook order. */
  readonly made: ReadonlyArray<string>;
}

/** Where a person types. */
export interface ITypingPlace {
  readonly cell: string;
  /** The cell's source before and behind the cursor. */
  readonly prefix: string;
  readonly suffix: string;
}

/** What a model would type next. */
export interface ITyping {
  /** Why a model does not go on with what is typed; empty where it does. `isAsked`: by a key. */
  whyNot(isAsked: boolean): string;
  /** What comes next; empty where nothing does. A further call, or a key, ends the one before. */
  goOn(place: ITypingPlace, isAsked: boolean): Promise<string>;
  /** What of the last answer is not typed yet. */
  rest(place: ITypingPlace): string;
  stop(): void;
}

/** The proposals of one notebook: the one state behind panel, ghosts and status lines. */
export interface IReview {
  readonly panel: NotebookPanel;
  readonly connection: Connection;
  readonly problem: Problem | null;
  readonly models: ReadonlyArray<ModelChoice>;
  readonly model: string;
  /** The level in force: the lowest of the person's, the notebook's and the kernel's. */
  readonly level: Level;
  /** The person's own choice; Auto-run where it is armed. */
  readonly chosenLevel: Level;
  /** Who holds the level below the person's choice; empty where nobody does. */
  readonly levelReason: string;
  /**
   * Newest first; those that wait and those closed since the page opened. Of
   * several versions of one proposal, the one that is shown.
   */
  readonly proposals: ReadonlyArray<IProposalView>;
  /** The proposal that review mode is on, or null. */
  readonly focused: string | null;

  /** Anything above changed. At most once a frame while a reply streams. */
  readonly changed: ISignal<IReview, void>;
  /** A proposal was turned to; ghosts scroll to it and take the keys. */
  readonly focusRequested: ISignal<IReview, string>;

  /** How many windows have this notebook open. */
  readonly windows: number;
  /** What the person has typed into the panel's prompt and not sent. Survives a reload. */
  readonly words: string;
  /** What would be sent for `words`; null where nothing is known yet. */
  readonly survey: ISurvey | null;
  readonly outdated: ReadonlyArray<IOutdated>;
  readonly typing: ITyping;
  readonly previews: IPreviews;
  readonly autonomy: IAutonomy;
  readonly wayBack: IWayBack;

  setWords(words: string): void;
  /** Work out what would be sent for these words; `survey` follows. */
  surveyFor(prompt: string, options?: IAskOptions): void;
  /** What `@query` could mean. */
  look(query: string): Promise<ReadonlyArray<Hit>>;

  ask(prompt: string, options?: IAskOptions): string | null;
  /** A follow-up: drafts the next version of a proposal. */
  refine(id: string, prompt: string, options?: Pick<IAskOptions, 'without'>): string | null;
  /** Ask the same again about the notebook as it is now: the next version. */
  regenerate(id: string): string | null;
  /** Ask once more what failed or was cancelled, about the same; its card goes. */
  again(id: string): string | null;
  /** Answer a proposal's question with one of its choices, or ask what was suggested instead. */
  choose(id: string, choice: number): string | null;
  /** Run a `%%llm` cell again, whose cells are out of date. */
  remake(source: string): void;
  cancel(id: string): void;
  /** All of it, or one part; what is left waits on. Only a person's hand accepts. */
  accept(id: string, options?: IAcceptOptions): Promise<AcceptResult>;
  /** The person's key or click that is being handled, for an accept that follows a little later. */
  hand(): Hand | null;
  reject(id: string, part?: IPart): void;
  /** The person changed the proposed text of one edit. */
  revise(id: string, edit: number, source: string): void;
  /** Put a stale edit on the cell as it is now, to be seen as a diff against that. */
  rebase(id: string, edit: number): void;
  /** Show another version. */
  show(id: string): void;
  /** A proposal that this page knows, also a version that is not shown. */
  version(id: string): Proposal | null;
  /** Undo an accept as one step, also after other edits where they do not overlap. */
  takeBack(id: string): AcceptResult;
  /** Put a closed proposal's card away. */
  dismiss(id: string): void;
  /** Choose a model; one that is not offered is added to the person's own. */
  use(model: string): void;
  /** Choose the level; remembered. Auto-run is chosen at the slider alone, by hand. */
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
