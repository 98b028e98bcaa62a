/** Where several windows have the notebook open, one decides: the session says which. */
import type { Claimed } from '../protocol.gen';
import type { IChannel } from './channel';
import type { SharedClaims } from './shared-claims';

/** How long the answer is waited for. */
export const CLAIM_MS = 1500;

const ELSEWHERE = 'It is being decided in another window. The notebook here was not touched.';

export class Claims {
  constructor(
    private readonly _channel: IChannel,
    private readonly _shared: SharedClaims
  ) {}

  /** How many have the notebook open, as the session says. */
  windows = 1;

  get isNeeded(): boolean {
    return this.windows > 1 || this._shared.isNeeded;
  }

  /**
   * Ask to decide.
   *
   * @returns Why not, or empty. Without a kernel, windows that share the document
   *   agree among themselves; others cannot be asked.
   */
  async claim(proposal_id: string, edits_hash: string): Promise<string> {
    let answer: ((granted: boolean | null) => void) | undefined;
    const answered = new Promise<boolean | null>(resolve => (answer = resolve));
    if (!this._channel.send({ type: 'claim', proposal_id, edits_hash })) {
      const isOurs = !this._shared.isNeeded || (await this._shared.claim(proposal_id));
      return isOurs ? '' : ELSEWHERE;
    }
    this._waiting.set(proposal_id, answer!);
    const timer = setTimeout(() => answer!(null), CLAIM_MS);
    const granted = await answered;
    clearTimeout(timer);
    this._waiting.delete(proposal_id);
    if (granted === null) {
      return 'This notebook is open in another window, and the kernel did not say in time which may decide. The notebook was not touched; try again.';
    }
    return granted ? '' : ELSEWHERE;
  }

  claimed({ proposal_id, granted }: Claimed): void {
    this._waiting.get(proposal_id)?.(granted);
  }

  private readonly _waiting = new Map<string, (granted: boolean | null) => void>();
}
