// Written by tools/schema.py from llm_notebook/core. Do not edit: CI compares.

export const PROTOCOL_VERSION = 4;
export const COMM_TARGET = 'llm_notebook';
export const STATUS_MIME = 'application/vnd.llm-notebook.status+json';
export const PROVENANCE_KEY = 'llm_notebook';

export type Status = 'drafting' | 'queued' | 'pending' | 'asking' | 'accepted' | 'rejected' | 'superseded' | 'answered' | 'declined' | 'cancelled' | 'failed';

export type Face = 'panel' | 'magic' | 'terminal' | 'file';

export type Wants = 'edits' | 'text';

export type Role = 'propose' | 'complete' | 'plan' | 'describe';

export type Level = 0 | 1 | 2 | 3 | 4;

export type Verdict = 'accepted' | 'rejected' | 'reopened';

export type PreviewStatus = 'waiting' | 'running' | 'previewed' | 'failed' | 'budget' | 'stopped' | 'expensive' | 'refused';

export type Tier = 'namespaces' | 'landlock' | 'read-only' | 'none';

export type Ruling = 'ALLOW' | 'ASK' | 'DENY';

export type Kind = 'adds' | 'changes' | 'removes' | 'plots' | 'writes' | 'reaches';

/** First message on a comm. Answered by `Welcome`, or by `Failed`. */
export interface Hello {
  readonly type: 'hello';
  readonly protocol: number;
  readonly notebook: string;
  readonly client: string;
  readonly cells: ReadonlyArray<string>;
}

/** The notebook has another path now. */
export interface Renamed {
  readonly type: 'renamed';
  readonly notebook: string;
}

/** Ask for a proposal. Answered by `Changed` messages for `proposal_id`. */
export interface Ask {
  readonly type: 'ask';
  readonly proposal_id: string;
  readonly origin: Origin;
  readonly snapshot: Snapshot;
  readonly level: Level;
  readonly leash: Leash;
  readonly error: ErrorInfo | null;
  readonly survey: string | null;
  readonly values: boolean;
  readonly deadline: number;
  readonly prices: { readonly [name: string]: Price };
}

/** Where a proposal comes from. */
export interface Origin {
  readonly prompt: string;
  readonly model: string;
  readonly face: Face;
  readonly target: string | null;
  readonly wants: Wants;
  readonly scope: Scope | null;
  readonly refines: string | null;
  readonly clarifies: string | null;
  readonly made: ReadonlyArray<string>;
  readonly repairs: '' | 'asked' | 'automatic';
  readonly without: ReadonlyArray<string>;
}

/** What an ask in place may change. */
export interface Scope {
  readonly cells: ReadonlyArray<string>;
  readonly first: number | null;
  readonly last: number | null;
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

/** How large one proposal may be; a longer reply arrives as several. */
export interface Leash {
  readonly cells: number;
  readonly lines: number;
}

/** An error: type, message, and the line that raised it. */
export interface ErrorInfo {
  readonly type: string;
  readonly message: string;
  readonly line: string;
  readonly frame: string;
  readonly cell: string | null;
}

/** US dollars for a million tokens read and written. */
export interface Price {
  readonly read: number;
  readonly written: number;
  readonly cached: number | null;
}

/** What would be sent for this ask? Answered by `Surveyed`; nothing is sent. */
export interface Survey {
  readonly type: 'survey';
  readonly survey_id: string;
  readonly origin: Origin;
  readonly snapshot: Snapshot;
  readonly error: ErrorInfo | null;
  readonly values: boolean;
}

/** Which cells, variables, files and folders could `@query` mean? Answered by `Found`. */
export interface Look {
  readonly type: 'look';
  readonly look_id: string;
  readonly query: string;
}

/** Stop drafting, or leave a question unanswered. */
export interface Cancel {
  readonly type: 'cancel';
  readonly proposal_id: string;
}

/** Go on with what is being typed in a cell. Answered by `Continued`. */
export interface Continue {
  readonly type: 'continue';
  readonly continue_id: string;
  readonly cell: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly snapshot: Snapshot | null;
  readonly level: Level;
}

/** What `Continue` asked for is not wanted any more. */
export interface Stop {
  readonly type: 'stop';
  readonly continue_id: string;
}

/** May this window decide? Asked first where another window has the notebook open too. */
export interface Claim {
  readonly type: 'claim';
  readonly proposal_id: string;
  readonly edits_hash: string;
}

/** The person has decided, and the front end has acted on it already. */
export interface Decided {
  readonly type: 'decided';
  readonly proposal_id: string;
  readonly verdict: Verdict;
  readonly edits_hash: string;
  readonly ran: boolean;
  readonly auto: boolean;
  readonly edits: ReadonlyArray<Edit> | null;
  readonly rest: ReadonlyArray<Edit>;
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

/** The person changed what is proposed: its text, or what a stale edit stands on. */
export interface Revised {
  readonly type: 'revised';
  readonly proposal_id: string;
  readonly edits_hash: string;
  readonly edits: ReadonlyArray<Edit>;
  readonly edited: ReadonlyArray<string>;
}

/** The person chose a model in the panel; the magics use it from now on. */
export interface Use {
  readonly type: 'use';
  readonly model: string;
  readonly role: Role;
}

/** Show what a pending proposal would do. Answered by `Previewed` messages. */
export interface DryRun {
  readonly type: 'dry_run';
  readonly proposal_id: string;
  readonly edits_hash: string;
  readonly snapshot: Snapshot;
  readonly level: Level;
  readonly automatic: boolean;
  readonly budget: number;
  readonly sample: number;
  readonly downstream: boolean;
  readonly readable: ReadonlyArray<string>;
  readonly grants: ReadonlyArray<Grant>;
}

/** Files below a folder may be read or written without a question. */
export interface Grant {
  readonly effect: 'reads' | 'writes';
  readonly under: string;
}

/** End a dry run; what it has shown so far is kept as partial. */
export interface StopDryRun {
  readonly type: 'stop_dry_run';
  readonly proposal_id: string;
}

/** How were past proposals decided? Answered by `Recalled`. */
export interface Recall {
  readonly type: 'recall';
}

/** What the slider says, for faces in the kernel to show. It is never authority. */
export interface Standing {
  readonly type: 'standing';
  readonly chosen: Level;
  readonly level: Level;
  readonly reason: string;
  readonly leash: Leash;
  readonly sentence: string;
}

/** Do notebook and kernel agree? Answered by `Truth`. */
export interface AskTruth {
  readonly type: 'ask_truth';
  readonly truth_id: string;
  readonly snapshot: Snapshot;
  readonly because: '' | 'deleted' | 'moved' | 'taken_back';
}

/** A proposal is about to run: keep what it will change. Answered by `Kept`. */
export interface Keep {
  readonly type: 'keep';
  readonly proposal_id: string;
  readonly edits_hash: string;
  readonly most: number;
}

/** A proposal that ran was taken back: put its variables back too. Answered by `Restored`. */
export interface Restore {
  readonly type: 'restore';
  readonly proposal_id: string;
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
  readonly windows: number;
  readonly roles: { readonly [name: string]: string };
  readonly isolation: Isolation | null;
  readonly previews: ReadonlyArray<Preview>;
}

/** A model that the picker offers. */
export interface ModelChoice {
  readonly id: string;
  readonly label: string;
  readonly ready: boolean;
  readonly hint: string;
}

/** An ordered list of edits, with where it comes from and where it stands. */
export interface Proposal {
  readonly id: string;
  readonly origin: Origin;
  readonly created: number;
  readonly status: Status;
  readonly title: string;
  readonly rationale: string;
  readonly edits: ReadonlyArray<Edit>;
  readonly taken: ReadonlyArray<Edit>;
  readonly edited: ReadonlyArray<string>;
  readonly answer: string;
  readonly suggestions: ReadonlyArray<Suggestion>;
  readonly root: string;
  readonly version: number;
  readonly since: ReadonlyArray<Edit>;
  readonly part: Part | null;
  readonly context: ReadonlyArray<Piece>;
  readonly problem: Problem | null;
  readonly notice: string;
  readonly usage: Usage | null;
  readonly model: string;
  readonly untrusted: ReadonlyArray<string> | null;
}

/** Something to click instead: its label, and the prompt that it stands for. */
export interface Suggestion {
  readonly label: string;
  readonly prompt: string;
}

/** A proposal's place in the sequence that one long reply was cut into by the leash. */
export interface Part {
  readonly of: string;
  readonly index: number;
  readonly count: number;
}

/** One thing that a model is shown, as a person sees and may remove it. */
export interface Piece {
  readonly id: string;
  readonly kind: 'cell' | 'error' | 'file' | 'files' | 'folder' | 'variable';
  readonly label: string;
  readonly tokens: number;
  readonly why: string;
  readonly redacted: ReadonlyArray<string>;
  readonly text: string;
  readonly is_removable: boolean;
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
  readonly cost: number | null;
}

/** What the sandbox enforces. */
export interface Isolation {
  readonly tier: Tier;
  readonly name: string;
  readonly way: 'fork' | 'fresh';
  readonly holds: ReadonlyArray<string>;
  readonly lacks: ReadonlyArray<string>;
}

/** The result of a dry run, so far or in the end. */
export interface Preview {
  readonly proposal_id: string;
  readonly edits_hash: string;
  readonly status: PreviewStatus;
  readonly reason: string;
  readonly waits_for: string;
  readonly cells: ReadonlyArray<CellRun>;
  readonly changes: ReadonlyArray<VariableChange>;
  readonly effects: ObservedEffects;
  readonly summary: string;
  readonly isolation: Isolation | null;
  readonly downstream: ReadonlyArray<Downstream>;
  readonly seconds: number;
  readonly budget: number;
  readonly estimate: Estimate | null;
  readonly sampled: string;
}

/** One cell of a dry run. */
export interface CellRun {
  readonly cell: string;
  readonly status: 'failed' | 'partial' | 'ran' | 'running' | 'waiting';
  readonly outputs: ReadonlyArray<Output>;
  readonly error: RunError | null;
  readonly seconds: number;
  readonly line: number | null;
  readonly downstream: boolean;
}

/** One output of a cell. Untrusted: it comes from code that nobody has reviewed. */
export interface Output {
  readonly kind: 'display' | 'result' | 'stderr' | 'stdout';
  readonly text: string;
  readonly data: { readonly [name: string]: string };
  readonly metadata: string;
  readonly cut: number;
}

/** What a cell of a dry run raised. */
export interface RunError {
  readonly name: string;
  readonly message: string;
  readonly line: number | null;
  readonly traceback: string;
}

/** A variable that the dry run created, changed or deleted. */
export interface VariableChange {
  readonly name: string;
  readonly kind: 'changed' | 'created' | 'deleted';
  readonly before: VariableState | null;
  readonly after: VariableState | null;
  readonly in_place: boolean;
  readonly note: string;
}

/** A variable at one moment, described without calling code of the user's. */
export interface VariableState {
  readonly type: string;
  readonly shape: ReadonlyArray<number>;
  readonly dtype: string;
  readonly columns: ReadonlyArray<ColumnState>;
  readonly nulls: number | null;
  readonly text: string;
}

/** A column of a frame: `nulls` is None where they were not counted. */
export interface ColumnState {
  readonly name: string;
  readonly dtype: string;
  readonly nulls: number | null;
}

/** What the code did, or tried to do, outside the namespace. */
export interface ObservedEffects {
  readonly files: ReadonlyArray<FileEffect>;
  readonly processes: ReadonlyArray<ProcessEffect>;
  readonly hosts: ReadonlyArray<HostEffect>;
  readonly environment: ReadonlyArray<string>;
  readonly files_complete: boolean;
}

/** A file that was created, changed or deleted in the sandbox, or would have been. */
export interface FileEffect {
  readonly kind: 'changed' | 'created' | 'deleted';
  readonly path: string;
  readonly size: number | null;
  readonly denied: boolean;
}

/** A process that was started, or would have been. */
export interface ProcessEffect {
  readonly command: string;
  readonly denied: boolean;
}

/** Whom the code tried to reach: `host:port`, a name looked up, or a socket's path. */
export interface HostEffect {
  readonly address: string;
  readonly denied: boolean;
}

/** A later cell that uses what the proposal changes, and the names by which it does. */
export interface Downstream {
  readonly cell: string;
  readonly names: ReadonlyArray<string>;
}

/** How long a run will likely take. */
export interface Estimate {
  readonly seconds: number | null;
  readonly why: string;
}

/** How many windows have the notebook open now. */
export interface Windows {
  readonly type: 'windows';
  readonly count: number;
}

/** Whether this window may decide on a proposal. */
export interface Claimed {
  readonly type: 'claimed';
  readonly proposal_id: string;
  readonly granted: boolean;
}

/** What would be sent: every piece, most wanted first, and what they cost together. */
export interface Surveyed {
  readonly type: 'surveyed';
  readonly survey_id: string;
  readonly pieces: ReadonlyArray<Piece>;
  readonly tokens: number;
  readonly budget: number;
  readonly left_out: ReadonlyArray<Piece>;
}

/** What `Look` found, best first, at most 12. */
export interface Found {
  readonly type: 'found';
  readonly look_id: string;
  readonly hits: ReadonlyArray<Hit>;
}

/** Something that a mention could mean. */
export interface Hit {
  readonly kind: 'cell' | 'file' | 'folder' | 'variable';
  readonly mention: string;
  readonly label: string;
  readonly detail: string;
}

/** What a model would type next. */
export interface Continued {
  readonly type: 'continued';
  readonly continue_id: string;
  readonly text: string;
  readonly problem: Problem | null;
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
  readonly wants: Wants;
  readonly refines: string | null;
  readonly clarifies: string | null;
  readonly repairs: '' | 'asked' | 'automatic';
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

/** `%llm model` chose another model, for this role. */
export interface Used {
  readonly type: 'used';
  readonly model: string;
  readonly role: Role;
}

/** A preview as it stands now; replaces what the front end knew of it. */
export interface Previewed {
  readonly type: 'previewed';
  readonly preview: Preview;
}

/** What the rules make of a proposal as it stands; replaces the decision before it. */
export interface Judged {
  readonly type: 'judged';
  readonly decision: Decision;
}

/** Whether a proposal may be applied and run unasked, and why. */
export interface Decision {
  readonly proposal_id: string;
  readonly edits_hash: string;
  readonly ruling: Ruling;
  readonly reasons: ReadonlyArray<Reason>;
  readonly is_final: boolean;
}

/** Why a decision is what it is. */
export interface Reason {
  readonly ruling: Ruling;
  readonly rule: string;
  readonly text: string;
  readonly cell: string;
  readonly line: number | null;
  readonly column: number | null;
}

/** How past proposals were decided, by kind; those that never were are left out. */
export interface Recalled {
  readonly type: 'recalled';
  readonly tallies: ReadonlyArray<Tally>;
}

/** Proposals of one kind, counted by what became of them at last. */
export interface Tally {
  readonly kind: Kind;
  readonly accepted: number;
  readonly rejected: number;
  readonly undone: number;
  readonly auto: number;
}

/** Whether notebook and kernel agree, as asked by `AskTruth`. */
export interface Truth {
  readonly type: 'truth';
  readonly truth_id: string;
  readonly truth: KernelTruth;
}

/** Whether the kernel holds what the notebook says. */
export interface KernelTruth {
  readonly variables: ReadonlyArray<VariableTruth>;
  readonly cells: ReadonlyArray<CellTruth>;
  readonly rerun: ReadonlyArray<string>;
  readonly is_certain: boolean;
  readonly doubt: string;
  readonly summary: string;
  readonly seconds: number | null;
}

/** How one variable of the kernel stands to the notebook. */
export interface VariableTruth {
  readonly name: string;
  readonly standing: 'fresh' | 'lingering' | 'missing' | 'stale';
  readonly why: string;
  readonly cells: ReadonlyArray<string>;
}

/** How a cell stands to what was run. A cell with which all is well is not told. */
export interface CellTruth {
  readonly cell: string;
  readonly standing: 'again' | 'edited' | 'hidden' | 'interrupted' | 'outdated' | 'unrun';
  readonly label: string;
  readonly why: string;
  readonly names: ReadonlyArray<string>;
}

/** What an undo of this proposal will put back, and what it cannot; said before it runs. */
export interface Kept {
  readonly type: 'kept';
  readonly proposal_id: string;
  readonly names: ReadonlyArray<string>;
  readonly not_kept: ReadonlyArray<NotKept>;
  readonly text: string;
}

/** A variable that an undo does not put back, and why. */
export interface NotKept {
  readonly name: string;
  readonly why: string;
}

/** What was put back, each compared with what was kept; and what was not. */
export interface Restored {
  readonly type: 'restored';
  readonly proposal_id: string;
  readonly names: ReadonlyArray<string>;
  readonly not_restored: ReadonlyArray<NotKept>;
  readonly text: string;
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
  readonly edited: boolean;
  readonly auto: string;
}

export type Edit = Insert | Replace | Delete | Move;

export type FrontendMessage = Hello | Renamed | Ask | Survey | Look | Cancel | Continue | Stop | Claim | Decided | Revised | Use | DryRun | StopDryRun | Recall | Standing | AskTruth | Keep | Restore;

export type KernelMessage = Welcome | Windows | Claimed | Surveyed | Found | Continued | Changed | Streamed | AskRequested | DecideRequested | Lowered | Used | Previewed | Judged | Recalled | Truth | Kept | Restored | Failed;
