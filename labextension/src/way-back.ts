/** What services offer widgets of the way back: kernel truth, and variables that an undo puts back. */
import type { KernelTruth, Kept } from './protocol.gen';

export interface IWayBack {
  /** As the kernel told it last; null where it has told nothing, or is gone. */
  readonly truth: KernelTruth | null;
  /** What an undo put back, or could not put back; empty where there is nothing to say. */
  readonly note: string;
  /** Cells of the offer are running. */
  readonly isRunning: boolean;
  /**
   * Have what a proposal will change kept, before it runs.
   *
   * @returns What was kept and what was not; null where the kernel does not answer.
   */
  keep(id: string): Promise<Kept | null>;
  /** Run the cells of the offer, in their order, as the person's own run does. */
  rerun(): void;
}
