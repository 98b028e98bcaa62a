/** The level in force: the person's, and who holds it lower. */
import { PROVENANCE_KEY, type Isolation, type Level } from '../protocol.gen';
import { LEVEL_NAMES } from '../tokens';

export interface IEffectiveLevel {
  readonly level: Level;
  /** Who holds it below the person's choice; empty where nobody does. */
  readonly reason: string;
}

/** Why there can be no dry run; empty where there can, or where no kernel has said yet. */
export function noPreview(isolation: Isolation | null | undefined): string {
  if (isolation === undefined) {
    return '';
  }
  if (isolation === null) {
    return 'This kernel makes no dry runs, so proposals are not previewed.';
  }
  return isolation.tier === 'none'
    ? `No preview here: code that nobody has reviewed cannot be isolated. ${isolation.lacks.join(' ')}`.trim()
    : '';
}

/**
 * The lowest of the person's level, the notebook's, the kernel's, and what can be isolated.
 *
 * @param metadata - The notebook's metadata under our key. It can only lower.
 * @param lowered - What `%llm level` set in the kernel. It can only lower.
 * @param isolation - What a dry run would have; undefined where no kernel has said yet.
 */
export function effectiveLevel(
  chosen: Level,
  metadata: unknown,
  lowered: Level | null,
  isolation: Isolation | null | undefined
): IEffectiveLevel {
  if (chosen === 0) {
    return { level: 0, reason: '' };
  }
  const own = (metadata as { level?: unknown } | null | undefined)?.level;
  const notebook = typeof own === 'number' && own < chosen ? floor(own) : chosen;
  const unable = noPreview(isolation);
  const able: Level = unable && chosen > 2 ? 2 : chosen;
  const lowest = Math.min(notebook, able, lowered ?? chosen) as Level;
  if (lowest === chosen) {
    return { level: chosen, reason: '' };
  }
  if (lowered === lowest) {
    return { level: lowest, reason: `Set to ${LEVEL_NAMES[lowest]} in this kernel by %llm level.` };
  }
  if (notebook === lowest) {
    const where = `${PROVENANCE_KEY}.level in its metadata`;
    return {
      level: lowest,
      reason: `This notebook sets the level to ${LEVEL_NAMES[lowest]} (${where}).`
    };
  }
  return { level: lowest, reason: unable };
}

function floor(own: number): Level {
  return own < 1 ? 0 : own < 2 ? 1 : 2;
}
