/** Which window decides where several share one document and no kernel can say so. */
import type { YNotebook } from '@jupyter/ydoc';
import { UUID } from '@lumino/coreutils';

/** Longer than a change of one window takes to be in the others. */
export const SPREAD_MS = 500;
/** A window that is gone must not hold a decision for ever. */
const HELD_MS = 10_000;

export class SharedClaims {
  constructor(
    private readonly _notebook: YNotebook,
    private readonly _now: () => number
  ) {}

  /** Whether others have this document open. */
  get isNeeded(): boolean {
    return this._notebook.awareness.getStates().size > 1;
  }

  /**
   * Claim a decision in a part of the document that is in no file and no undo step.
   *
   * All windows come to hold the same claim, the last that was written: who reads
   * their own once it has spread decides.
   */
  async claim(proposal: string): Promise<boolean> {
    const key = `llm_notebook:${proposal}`;
    // Who, and when by the clock of that window. A text: `setState` compares no object with none.
    const read = (): string[] => {
      const text = this._notebook.getState(key);
      return typeof text === 'string' ? text.split(' ') : [];
    };
    const [holder, at] = read();
    if (holder && holder !== this._name && Math.abs(this._now() - Number(at)) < HELD_MS) {
      return false;
    }
    const mine = `${this._name} ${this._now()}`;
    this._notebook.transact(() => this._notebook.setState(key, mine), false);
    await new Promise(done => setTimeout(done, SPREAD_MS));
    return read()[0] === this._name;
  }

  private readonly _name = UUID.uuid4();
}
