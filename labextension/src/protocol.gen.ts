// Written by tools/schema.py from llm_notebook/core. Do not edit: CI compares.

export const PROTOCOL_VERSION = 1;
export const COMM_TARGET = 'llm_notebook';
export const STATUS_MIME = 'application/vnd.llm-notebook.status+json';
export const PROVENANCE_KEY = 'llm_notebook';

export type Status = 'drafting' | 'pending' | 'accepted' | 'rejected' | 'answered' | 'declined' | 'cancelled' | 'failed';

export type Face = 'panel' | 'magic' | 'terminal' | 'file';

export type Level = 0 | 2;

export type Verdict = 'accepted' | 'rejected' | 'reopened';

/** First message on a comm. Answered by `Welcome`, or by `Failed`. */
export interface Hello {
  readonly type: 'hello';
  readonly protocol: number;
  readonly notebook: string;
}

/** Ask for a proposal. Answered by `Changed` messages for `proposal_id`. */
export interface Ask {
  readonly type: 'ask';
  readonly proposal_id: string;
  readonly prompt: string;
  readonly snapshot: Snapshot;
  readonly model: string;
  readonly level: Level;
  readonly face: Face;
  readonly target: string | null;
}

/** The notebook's cells at one moment. */
export interface Snapshot {
  readonly cells: ReadonlyArray<Cell>;
  readonly path: string;
  readonly has_ids: boolean;
}

/** One cell: its id, type and source. */
export interface Cell {
  readonly id: string;
  readonly type: string;
  readonly source: string;
}

/** Stop drafting. What has arrived so far is kept in the trace only. */
export interface Cancel {
  readonly type: 'cancel';
  readonly proposal_id: string;
}

/** The person has decided, and the front end has acted on it already. */
export interface Decided {
  readonly type: 'decided';
  readonly proposal_id: string;
  readonly verdict: Verdict;
  readonly edits_hash: string;
  readonly ran: boolean;
}

/** The person chose a model in the panel; the magics use it from now on. */
export interface Use {
  readonly type: 'use';
  readonly model: string;
}

/** The session's state: its model, the models it knows, and open proposals. */
export interface Welcome {
  readonly type: 'welcome';
  readonly protocol: number;
  readonly version: string;
  readonly model: string | null;
  readonly models: ReadonlyArray<ModelChoice>;
  readonly proposals: ReadonlyArray<Proposal>;
  readonly lowered: Level | null;
}

/** A model that the picker offers. */
export interface ModelChoice {
  readonly id: string;
  readonly label: string;
  readonly ready: boolean;
  readonly hint: string;
}

/** An ordered, atomic list of edits, with where it comes from and where it stands. */
export interface Proposal {
  readonly id: string;
  readonly origin: Origin;
  readonly created: number;
  readonly status: Status;
  readonly title: string;
  readonly rationale: string;
  readonly edits: ReadonlyArray<Edit>;
  readonly answer: string;
  readonly suggestions: ReadonlyArray<Suggestion>;
  readonly problem: Problem | null;
  readonly notice: string;
  readonly usage: Usage | null;
}

/** Where a proposal comes from. */
export interface Origin {
  readonly prompt: string;
  readonly model: string;
  readonly face: Face;
  readonly target: string | null;
}

/** Put a new cell behind `after` (None: before the first cell). */
export interface Insert {
  readonly op: 'insert';
  readonly cell_id: string;
  readonly after: string | null;
  readonly cell_type: string;
  readonly source: string;
}

/** Give a cell a new source, and a new type where `cell_type` differs. */
export interface Replace {
  readonly op: 'replace';
  readonly cell_id: string;
  readonly expects: string;
  readonly cell_type: string;
  readonly source: string;
  readonly new_id: string | null;
}

/** Take a cell out. Precondition: it exists and still hashes to `expects`. */
export interface Delete {
  readonly op: 'delete';
  readonly cell_id: string;
  readonly expects: string;
}

/** Put a cell behind `after` (None: before the first cell). */
export interface Move {
  readonly op: 'move';
  readonly cell_id: string;
  readonly expects: string;
  readonly after: string | null;
}

/** Something to click instead: its label, and the prompt that it stands for. */
export interface Suggestion {
  readonly label: string;
  readonly prompt: string;
}

/** A failure as a person reads it. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly kept: string;
  readonly next: string;
}

/** Tokens read and written, where the model reports them. */
export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
}

/** A proposal as it stands now; replaces what the front end knew of it. */
export interface Changed {
  readonly type: 'changed';
  readonly proposal: Proposal;
}

/** What has arrived of a drafting proposal since the last message. */
export interface Streamed {
  readonly type: 'streamed';
  readonly proposal_id: string;
  readonly growth: ReadonlyArray<Growth>;
  readonly title: string;
  readonly rationale: string;
  readonly answer: string;
}

/** More of one streaming edit: `edit` starts it at `index`, `text` is appended to its source. */
export interface Growth {
  readonly index: number;
  readonly text: string;
  readonly edit: Edit | null;
}

/** A `%%llm` cell ran: the front end answers with an `Ask` of this id. */
export interface AskRequested {
  readonly type: 'ask_requested';
  readonly proposal_id: string;
  readonly prompt: string;
  readonly model: string;
  readonly cell_id: string | null;
}

/** `%llm accept` or `%llm reject` ran in `cell_id`. */
export interface DecideRequested {
  readonly type: 'decide_requested';
  readonly proposal_id: string;
  readonly verdict: 'accepted' | 'rejected';
  readonly cell_id: string | null;
}

/** `%llm level` lowered the level for this kernel (`level`), or lifted that again (None). */
export interface Lowered {
  readonly type: 'lowered';
  readonly level: Level | null;
}

/** `%llm use` chose another model. */
export interface Used {
  readonly type: 'used';
  readonly model: string;
}

/** Something went wrong that belongs to no proposal. */
export interface Failed {
  readonly type: 'failed';
  readonly problem: Problem;
}

/** What an accepted cell remembers, under `PROVENANCE_KEY` in its metadata. */
export interface Provenance {
  readonly proposal: string;
  readonly op: 'insert' | 'replace';
  readonly model: string;
  readonly prompt: string;
  readonly asked_in: string | null;
  readonly accepted: string;
  readonly hash: string;
}

export type Edit = Insert | Replace | Delete | Move;

export type FrontendMessage = Hello | Ask | Cancel | Decided | Use;

export type KernelMessage = Welcome | Changed | Streamed | AskRequested | DecideRequested | Lowered | Used | Failed;
