/** What services offer widgets of the slider: what runs by itself, what is held, and why. */
import type { Grant, Leash, Level, Reason, Tally } from './protocol.gen';
import type { IProposalView } from './tokens';

/**
 * What level Auto-run does with a proposal that waits.
 *
 * `runs`: it is run by itself now. `waits`: not yet. `held`: it is left to the
 * person. `denied`: that too, and accepting it takes a second word.
 */
export type Fate = 'runs' | 'waits' | 'held' | 'denied';

export interface IFate {
  readonly fate: Fate;
  /** Why, in one sentence; empty where it runs. */
  readonly why: string;
  /** All that the rules say of it, gravest first. */
  readonly reasons: ReadonlyArray<Reason>;
}

/** Somebody who keeps the level down. */
export interface ILimit {
  readonly level: Level;
  readonly who: 'administrator' | 'kernel' | 'notebook' | 'isolation';
  /** One sentence. */
  readonly reason: string;
}

/** How much may run by itself until a person moves the slider again. */
export interface IBudget {
  readonly runs: number;
  readonly used: number;
  /** Whole minutes that are left, at least 1. */
  readonly minutes: number;
}

/** A proposal that was run by itself. */
export interface IHappened {
  readonly id: string;
  readonly title: string;
  /** What it stood on. */
  readonly evidence: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Ids of the cells that it wrote. */
  readonly cells: ReadonlyArray<string>;
  /** It was taken back. */
  readonly isBack: boolean;
}

/** The slider of one notebook. */
export interface IAutonomy {
  /** Everybody who keeps the level below Auto-run, the lowest first. */
  readonly limits: ReadonlyArray<ILimit>;
  readonly leash: Leash;
  readonly grants: ReadonlyArray<Grant>;
  /** Null where Auto-run is not armed. */
  readonly budget: IBudget | null;
  /** Why Auto-run ended, or was not armed, without the person's own doing; else empty. */
  readonly ended: string;
  /** What the present position does with what is pending. */
  readonly sentence: string;
  /** Newest first, since the page was opened. */
  readonly happened: ReadonlyArray<IHappened>;
  /** How past proposals were decided; null where the kernel has not said. */
  readonly past: ReadonlyArray<Tally> | null;
  /** Counts what came of a person's hand on the slider, also where nothing did. */
  readonly turn: number;
  /** What Auto-run does, or would do, with a proposal; null where it does not wait. */
  of(view: IProposalView): IFate | null;
  /**
   * Take the person's hand on this element: a slider (`input[type=range]`) and its
   * marks (`[data-level]`) in it. Only events that the browser itself made count.
   *
   * @returns Ends that.
   */
  control(element: HTMLElement): () => void;
  /** End Auto-run, and interrupt the cell that it runs. */
  stop(): void;
  /** Ask the kernel for `past`. */
  recall(): void;
}
