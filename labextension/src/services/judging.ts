/** What the rules in the kernel make of proposals: heard, and never taken for more than that. */
import type { Decision, Proposal, Reason } from '../protocol.gen';
import { hashOf } from './trial';

/** A second word counts only after a pause, in which the first answer can be read. */
export const PAUSE_MS = 800;
/** And for this long. */
export const WORD_MS = 20_000;

export class Judging {
  constructor(private readonly _now: () => number) {}

  heard(decision: Decision): void {
    this._decisions.set(decision.proposal_id, decision);
  }

  /** Its dry run is made anew: an ALLOW on the last one is void. */
  begun(id: string): void {
    if (this._decisions.get(id)?.ruling === 'ALLOW') {
      this._decisions.delete(id);
    }
  }

  /** The kernel is gone. */
  lost(): void {
    this._decisions.clear();
  }

  /** Of exactly these edits; null where there is none. */
  of(proposal: Proposal): Decision | null {
    const found = this._decisions.get(proposal.id);
    return found?.edits_hash === hashOf(proposal) ? found : null;
  }

  /**
   * What a person's accept comes to where the rules deny it: it takes a second word.
   *
   * @returns What is said after the first; empty where it may go on.
   */
  objection(proposal: Proposal): string {
    const decision = this.of(proposal);
    if (decision?.ruling !== 'DENY') {
      return '';
    }
    const now = this._now();
    const first = this._words.get(decision);
    if (first !== undefined && now - first >= PAUSE_MS && now - first <= WORD_MS) {
      this._words.delete(decision);
      return '';
    }
    if (first === undefined || now - first > WORD_MS) {
      this._words.set(decision, now);
    }
    return `Denied: ${sentenceOf(decision.reasons)} The notebook was not touched. Accept it once more to take it in spite of that.`;
  }

  private readonly _decisions = new Map<string, Decision>();
  /** When a person first said accept to what is denied. */
  private readonly _words = new WeakMap<Decision, number>();
}

/** The gravest reason as one sentence. */
export function sentenceOf(reasons: ReadonlyArray<Reason>): string {
  const text = reasons[0]?.text.trim() || 'The rules do not say why.';
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
