/** What is sent, in one line of words. Pure. */
import type { Piece, Usage } from '../../protocol.gen';

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** Kinds of what was taken out of the pieces, each with how many pieces it was found in. */
export function redactions(pieces: ReadonlyArray<Piece>): string {
  const kinds = new Map<string, number>();
  for (const piece of pieces) {
    for (const kind of piece.redacted) {
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
  }
  return [...kinds].map(([kind, count]) => counted(count, kind)).join(', ');
}

/** @param verb - `Sends` before, `Sent` afterwards. */
export function summary(
  verb: 'Sends' | 'Sent',
  pieces: ReadonlyArray<Piece>,
  tokens: number
): string {
  const out = redactions(pieces);
  const about =
    pieces.length === 0
      ? `${verb} your words alone`
      : `${verb} ${counted(pieces.length, 'piece')}, about ${counted(tokens, 'token')}`;
  return out ? `${about}; ${out} taken out` : about;
}

export function tokensOf(pieces: ReadonlyArray<Piece>): number {
  return pieces.reduce((sum, piece) => sum + piece.tokens, 0);
}

/** What a reply took: tokens, and dollars where the price is known. */
export function usageText({ input_tokens, output_tokens, cost }: Usage): string {
  const tokens = `${counted(input_tokens, 'token')} read, ${output_tokens.toLocaleString('en')} written`;
  return cost === null ? tokens : `${tokens}, ${dollars(cost)}`;
}

function dollars(cost: number): string {
  return cost > 0 && cost < 0.0001 ? 'less than $0.0001' : `about $${Number(cost.toPrecision(2))}`;
}
