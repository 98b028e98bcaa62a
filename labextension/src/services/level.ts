/** The level in force: the person's, and who holds it lower. */
import { PROVENANCE_KEY, type Level } from '../protocol.gen';

export interface IEffectiveLevel {
  readonly level: Level;
  /** Who holds it below the person's choice; empty where nobody does. */
  readonly reason: string;
}

/**
 * The lowest of the person's level, the notebook's and the kernel's.
 *
 * @param metadata - The notebook's metadata under our key. It can only lower.
 * @param lowered - What `%llm level` set in the kernel. It can only lower.
 */
export function effectiveLevel(
  chosen: Level,
  metadata: unknown,
  lowered: Level | null
): IEffectiveLevel {
  if (chosen === 0) {
    return { level: 0, reason: '' };
  }
  const own = (metadata as { level?: unknown } | null | undefined)?.level;
  if (typeof own === 'number' && own < chosen) {
    return {
      level: 0,
      reason: `This notebook sets the level to Off (${PROVENANCE_KEY}.level in its metadata).`
    };
  }
  if (lowered !== null && lowered < chosen) {
    return {
      level: lowered,
      reason: 'Set to Off in this kernel by %llm level.'
    };
  }
  return { level: chosen, reason: '' };
}
