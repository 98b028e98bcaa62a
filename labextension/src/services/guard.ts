/**
 * What this page saw a person run.
 *
 * `%llm accept` in a cell makes the kernel ask the page to accept. A kernel can
 * forge that message, so it counts only for a cell that was run in this page
 * with that very text, once, while it runs or shortly after.
 */
import { PROVENANCE_KEY, type DecideRequested } from '../protocol.gen';

/** A cell at the moment it was sent to the kernel. */
export interface IRunCell {
  readonly id: string;
  readonly source: string;
  readonly metadata: { readonly [key: string]: unknown };
  /** A person's key or click did it, as the browser says; not script in the page. */
  readonly byHand: boolean;
}

interface IRun {
  readonly verdict: DecideRequested['verdict'];
  /** The start of the proposal's id as typed; empty for the newest. */
  readonly named: string;
  /** When it ended; null while it runs. */
  ended: number | null;
}

/** A message may overtake, or come after, the end of its cell by this much. */
const GRACE = 3000;
const COMMAND = /^\s*%llm[ \t]+(accept|reject)(?:[ \t]+([\w-]+))?[ \t]*(?:\n|$)/;

export class RunGuard {
  constructor(private readonly _now: () => number = Date.now) {}

  /** A person's gesture sent this cell to the kernel. */
  scheduled(cell: IRunCell): void {
    const match = COMMAND.exec(cell.source);
    // A cell that a model wrote, and one that script ran, cannot speak for the person.
    if (!match || !cell.byHand || PROVENANCE_KEY in cell.metadata) {
      this._runs.delete(cell.id);
      return;
    }
    this._runs.set(cell.id, {
      verdict: match[1] === 'accept' ? 'accepted' : 'rejected',
      named: match[2] ?? '',
      ended: null
    });
  }

  /** The cell's execution ended. */
  executed(id: string): void {
    const run = this._runs.get(id);
    if (run && run.ended === null) {
      run.ended = this._now();
    }
  }

  /** Whether a request is the echo of such a run; each run counts once. */
  allows(request: DecideRequested): boolean {
    const run = request.cell_id === null ? undefined : this._runs.get(request.cell_id);
    if (
      run === undefined ||
      run.verdict !== request.verdict ||
      !request.proposal_id.startsWith(run.named) ||
      (run.ended !== null && this._now() - run.ended > GRACE)
    ) {
      return false;
    }
    this._runs.delete(request.cell_id!);
    return true;
  }

  private readonly _runs = new Map<string, IRun>();
}
