/** The level in force: the person's, and who holds it lower. */
import type { ILimit } from '../autonomy';
import { PROVENANCE_KEY, type Isolation, type Level } from '../protocol.gen';
import { LEVEL_NAMES } from '../tokens';

export interface IEffectiveLevel {
  readonly level: Level;
  /** Who holds it below the person's choice; empty where nobody does. */
  readonly reason: string;
}

export interface ILimiting {
  /** The administrator's. */
  readonly ceiling: ILimit | null;
  /** What `%llm level` set in the kernel. */
  readonly lowered: Level | null;
  /** The notebook's metadata under our key. */
  readonly metadata: unknown;
  /** What a dry run would have; undefined where no kernel has said yet. */
  readonly isolation: Isolation | null | undefined;
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

/** Everybody who keeps the level below Auto-run, the lowest first. */
export function limitsOf({
  ceiling,
  lowered,
  metadata,
  isolation
}: ILimiting): ReadonlyArray<ILimit> {
  const limits: ILimit[] = ceiling ? [ceiling] : [];
  if (lowered !== null && lowered < 4) {
    const reason = `Set to ${LEVEL_NAMES[lowered]} in this kernel by %llm level.`;
    limits.push({ level: lowered, who: 'kernel', reason });
  }
  const own = notebooks(metadata);
  if (own) {
    limits.push(own);
  }
  const unable = noPreview(isolation);
  if (unable) {
    limits.push({ level: 2, who: 'isolation', reason: unable });
  }
  return limits.sort((a, b) => a.level - b.level);
}

/** The lowest of the person's level and all limits: each can only lower. */
export function effectiveLevel(chosen: Level, limits: ReadonlyArray<ILimit>): IEffectiveLevel {
  const lowest = limits[0];
  return lowest && lowest.level < chosen
    ? { level: lowest.level, reason: lowest.reason }
    : { level: chosen, reason: '' };
}

function notebooks(metadata: unknown): ILimit | null {
  const own = (metadata as { level?: unknown } | null | undefined)?.level;
  const where = `${PROVENANCE_KEY}.level in its metadata`;
  if (own === undefined || own === null) {
    return null;
  }
  if (typeof own !== 'number' || Number.isNaN(own)) {
    const reason = `This notebook sets a level that cannot be read (${where}), so nothing runs by itself.`;
    return { level: 3, who: 'notebook', reason };
  }
  const level = Math.min(4, Math.max(0, Math.floor(own))) as Level;
  const reason = `This notebook sets the level to ${LEVEL_NAMES[level]} (${where}).`;
  return level < 4 ? { level, who: 'notebook', reason } : null;
}
