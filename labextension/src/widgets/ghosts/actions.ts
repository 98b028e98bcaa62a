/** What ghosts ask for, and what they are told beyond their place. */
import type { IDryRunOptions, IPreviewView } from '../../previewing';
import type { Output, Proposal } from '../../protocol.gen';
import type { FollowUpWords } from '../follow-up';
import type { ITypesetting } from '../previews/outputs';
import type { IDraft } from './ghost-editor';
import type { IMark } from './parts';
import type { ITextStyle } from './text-view';

/** The commands whose keys work in a ghost. */
export const KEYS = {
  accept: 'llm-notebook:accept',
  acceptAndRun: 'llm-notebook:accept-and-run',
  reject: 'llm-notebook:reject',
  nextPart: 'llm-notebook:next-part',
  previousPart: 'llm-notebook:previous-part',
  edit: 'llm-notebook:edit-ghost',
  acceptEdited: 'llm-notebook:accept-edited',
  refine: 'llm-notebook:refine',
  nextVersion: 'llm-notebook:next-version',
  previousVersion: 'llm-notebook:previous-version',
  since: 'llm-notebook:since-version',
  regenerate: 'llm-notebook:regenerate',
  seeBoth: 'llm-notebook:see-both',
  otherEnd: 'llm-notebook:other-end',
  preview: 'llm-notebook:preview'
} as const;

/** A whole proposal (no key), one of its cells, or one hunk of that. */
export interface ITarget {
  readonly proposal: string;
  readonly key?: string;
  readonly hunk?: number;
}

export interface IGhostActions {
  accept(target: ITarget, run: boolean): void;
  reject(target: ITarget): void;
  cancel(proposal: string): void;
  edit(target: ITarget): void;
  typed(target: ITarget, draft: IDraft): void;
  leaveEditor(target: ITarget): void;
  acceptEdited(target: ITarget): void;
  openFollowUp(proposal: string): void;
  followUpAsked(proposal: string, isAsked: boolean, isHere: boolean): void;
  leaveFollowUp(proposal: string): void;
  version(proposal: string, by: 1 | -1): void;
  since(proposal: string): void;
  regenerate(proposal: string): void;
  seeBoth(target: ITarget): void;
  rebase(target: ITarget): void;
  otherEnd(target: ITarget): void;
  preview(proposal: string, options: IDryRunOptions): void;
  stopPreview(proposal: string): void;
  repair(proposal: string): void;
}

/** What a ghost needs to know beyond its place. */
export interface IGhostState {
  /** What is shown has stood still for long enough to be decided about. */
  readonly settled: boolean;
  /** What came of the last try to do something; empty if nothing is to be said. */
  readonly remark: string;
  /** The model as the picker names it, which says whether it is a language model. */
  readonly model: string;
  /** The keys act on this proposal, or would on turning to it: they are on no other one. */
  readonly keysHere: boolean;
  /** What the keys act on within this proposal; null for all of it. */
  readonly mark: IMark | null;
  /** The version before, where what is shown is the difference from it. */
  readonly since: Proposal | null;
  /** This edit is being changed by the person. */
  readonly draft: IDraft | null;
  /** A stale edit is shown beside the cell as it is now. */
  readonly both: boolean;
  /** What is typed into the field for a follow-up; null where there is no field. */
  readonly followUp: FollowUpWords | null;
  /** The versions that can be looked at, oldest first. */
  readonly versions: ReadonlyArray<string>;
  /** Its dry run; null where there is nothing to say of one. */
  readonly preview: IPreviewView | null;
  /** Rows of a sample. */
  readonly sample: number;
  readonly typesetting: ITypesetting;
  /** A cell's position from 1. */
  numberOf(cell: string): number | undefined;
  /** What a cell shows in the notebook now. */
  outputsOf(cell: string): ReadonlyArray<Output>;
  key(command: string): string;
  styleOf(cellType: string): ITextStyle;
}
