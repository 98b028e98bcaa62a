/** Titles and notes with what is meant to fool a reader shown for what it is. Pure. */
import { pieces } from '../../text';

/** One line of plain text with its hidden characters named. */
export function revealed(text: string): string {
  return pieces(text)
    .map(piece => (piece.deceptive ? `⟨${piece.text}⟩` : piece.text))
    .join('');
}
