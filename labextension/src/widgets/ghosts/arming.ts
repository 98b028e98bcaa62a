/**
 * Accept does nothing on what still streams, nor for a moment after what is
 * shown has changed: a click or key that was meant for something else.
 */
import type { IDisposable } from '@lumino/disposable';

import type { IProposalView } from '../../tokens';
import { isOpen } from './places';

export const PAUSE = 300;

export class Arming implements IDisposable {
  /** @param changed - Called when a proposal's buttons start to work. */
  constructor(private readonly changed: () => void) {}

  get isDisposed(): boolean {
    return this.timer === -1;
  }

  dispose(): void {
    window.clearTimeout(this.timer);
    this.timer = -1;
    this.since.clear();
  }

  update(proposals: ReadonlyArray<IProposalView>): void {
    const now = performance.now();
    const open = new Set<string>();
    for (const { proposal } of proposals.filter(isOpen)) {
      open.add(proposal.id);
      const shown = JSON.stringify([proposal.status, proposal.edits]);
      const known = this.since.get(proposal.id);
      if (known?.shown !== shown) {
        this.since.set(proposal.id, { shown, at: now });
      }
    }
    for (const id of [...this.since.keys()]) {
      if (!open.has(id)) {
        this.since.delete(id);
      }
    }
    const waits = [...this.since.values()]
      .map(({ at }) => at + PAUSE - now)
      .filter(wait => wait > 0);
    window.clearTimeout(this.timer);
    if (waits.length) {
      // A little later, so that the pause is over by this same clock.
      this.timer = window.setTimeout(this.changed, Math.min(...waits) + 5);
    }
  }

  isArmed(proposal: string): boolean {
    const known = this.since.get(proposal);
    return !!known && performance.now() - known.at >= PAUSE;
  }

  private readonly since = new Map<string, { shown: string; at: number }>();
  private timer = 0;
}
