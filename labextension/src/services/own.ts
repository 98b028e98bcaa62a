/** Which proposals are this window's to try by itself. */
import { PROVENANCE_KEY, type Origin, type Proposal } from '../protocol.gen';
import type { IRunCell } from './guard';

/** A cell that asks, by its own words. */
const ASKS = /^\s*%%?llm\b/;

export class Own {
  /** A person ran this cell in this window. */
  scheduled({ id, source, metadata, byHand }: IRunCell): void {
    this._scheduled.add(id);
    // Code that asks, script that runs a cell, and a cell that a model wrote ask for themselves.
    if (byHand && ASKS.test(source) && !(PROVENANCE_KEY in metadata)) {
      this._asking.add(id);
    } else {
      this._asking.delete(id);
    }
  }

  /** The kernel told of a proposal that is alive now. */
  arrived(id: string): void {
    this._fresh.add(id);
  }

  /**
   * This window asked for it. A `%%llm` cell is asked for where the person ran it.
   *
   * @param byHand - A person's hand was on a part of ours a moment ago.
   */
  began(id: string, { face, target }: Origin, byHand: boolean): void {
    if (face !== 'magic' || (target !== null && this._scheduled.has(target))) {
      this._ours.add(id);
    }
    if (face === 'magic' ? target !== null && this._asking.has(target) : byHand) {
      this._asked.add(id);
    }
  }

  /** The person changed it in this window. */
  acted(id: string): void {
    this._ours.add(id);
    this._fresh.add(id);
  }

  /** The kernel is gone: what it knew is not alive any more. */
  lost(): void {
    this._fresh.clear();
  }

  /** It arrived, or was changed, in this page with this kernel. */
  isFresh(id: string): boolean {
    return this._fresh.has(id);
  }

  /** @param windows - How many have the notebook open; alone this one does it all. */
  has({ id, part }: Proposal, windows: number): boolean {
    const isOurs = this._ours.has(id) || (part !== null && this._ours.has(part.of));
    return this._fresh.has(id) && (isOurs || windows < 2);
  }

  /** The person's own words in this page asked for it, and this kernel knows it. */
  isAsked({ id, part }: Proposal): boolean {
    return (
      this._fresh.has(id) && (this._asked.has(id) || (part !== null && this._asked.has(part.of)))
    );
  }

  private readonly _asked = new Set<string>();
  /** Cells that were run here as they ask. */
  private readonly _asking = new Set<string>();
  private readonly _fresh = new Set<string>();
  private readonly _ours = new Set<string>();
  private readonly _scheduled = new Set<string>();
}
