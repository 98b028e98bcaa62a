/** What services offer widgets of dry runs: see a proposal before it is accepted. */
import type { Isolation, Preview, Proposal } from './protocol.gen';

/**
 * What a preview is no longer true of.
 *
 * `edits`: the proposal was changed since. `runs`: the kernel has run other cells
 * since. `restart`: the kernel was restarted since. Empty: it holds.
 */
export type Age = '' | 'edits' | 'runs' | 'restart';

/** What is known of a proposal's dry run. The same object while nothing of it changes. */
export interface IPreviewView {
  /** As the kernel told it last; null where it has told nothing. */
  readonly preview: Preview | null;
  /** What there is to look at: the last one that showed something, perhaps an older one. */
  readonly shown: Preview | null;
  /** Of `shown`. Never empty where `shown` is not of what is on screen now. */
  readonly age: Age;
  /** Asked for, waiting or running, for the edits as they are. */
  readonly isGoingOn: boolean;
  /** The person asked for it to end. */
  readonly isStopping: boolean;
  /** Why there is none yet, or none can be; empty where there is nothing to say. */
  readonly note: string;
  /** Nobody has asked for one, and none is made by itself: nothing is to be said. */
  readonly isQuiet: boolean;
  /** It can be asked for now. */
  readonly canRun: boolean;
  /** A round with the error is offered. */
  readonly canRepair: boolean;
}

export interface IDryRunOptions {
  /** Seconds; default: the setting. */
  readonly budget?: number;
  /** Rows to which frames are cut first; default: not at all. */
  readonly sample?: number;
  /** Run the later cells too that use what it changes. */
  readonly downstream?: boolean;
}

/** The dry runs of one notebook's proposals. */
export interface IPreviews {
  /** Null where there is nothing to run, or nobody wants to know. */
  of(proposal: Proposal): IPreviewView | null;
  /** What a dry run here has; null where there is none, undefined where no kernel has said. */
  readonly isolation: Isolation | null | undefined;
  /** Rows of a sample, as set. */
  readonly sample: number;
  /** @returns Why not; empty where it was asked for. */
  run(id: string, options?: IDryRunOptions): string;
  stop(id: string): void;
  /** Ask for the next version with the error that the dry run ended in. */
  repair(id: string): string | null;
}
