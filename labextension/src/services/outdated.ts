/** Cells that a `%%llm` cell made from words that it no longer holds. */
import type { YNotebook } from '@jupyter/ydoc';

import { PROVENANCE_KEY, type Proposal } from '../protocol.gen';
import type { IOutdated } from '../tokens';

/** A cell and what it remembers, as far as regeneration needs it. */
export interface IMadeCell {
  readonly id: string;
  readonly source: string;
  /** Our part of its metadata; untrusted. */
  readonly provenance: unknown;
}

/** The words of a `%%llm` cell without its magic line; null where it is none. */
export function wordsOf(source: string): string | null {
  const match = /^\s*%%llm(?:[ \t][^\n]*)?(?:\n([^]*))?$/.exec(source);
  return match ? (match[1] ?? '').trim() : null;
}

/** All the words that led to something, as `promptOf` says them. */
export interface IWords {
  readonly prompt: string;
  /** When, in milliseconds since 1970. */
  readonly at: number;
}

/** What was made by which cell, in notebook order. */
function madeBy(cells: Iterable<IMadeCell>): Map<string, ({ readonly id: string } & IWords)[]> {
  const made = new Map<string, ({ readonly id: string } & IWords)[]>();
  for (const { id, provenance } of cells) {
    const { asked_in, prompt, accepted } = (provenance ?? {}) as Partial<Record<string, unknown>>;
    if (typeof asked_in === 'string' && typeof prompt === 'string' && asked_in !== id) {
      const at = Date.parse(String(accepted)) || 0;
      made.set(asked_in, [...(made.get(asked_in) ?? []), { id, prompt, at }]);
    }
  }
  return made;
}

/** Ids of the cells that this one made. */
export function madeIn(cells: Iterable<IMadeCell>, source: string): string[] {
  return (madeBy(cells).get(source) ?? []).map(cell => cell.id);
}

/**
 * The words with which each `%%llm` cell was last answered, as far as this page has seen it.
 *
 * A reply that only takes cells away, or that finds them as they should be, leaves
 * no cell that could remember its words.
 */
export function answeredIn(
  proposals: Iterable<Proposal>,
  promptOf: (proposal: Proposal) => string
): Map<string, IWords> {
  const answered = new Map<string, IWords>();
  for (const proposal of proposals) {
    const { origin, status, taken, suggestions, created } = proposal;
    const isTaken = status === 'accepted' || taken.length > 0;
    // One with choices was a question.
    const isIdle = status === 'answered' && origin.wants === 'edits' && suggestions.length === 0;
    const { face, target } = origin;
    if (face === 'magic' && target !== null && (isTaken || isIdle)) {
      const at = created * 1000;
      if (at >= (answered.get(target)?.at ?? 0)) {
        answered.set(target, { prompt: promptOf(proposal), at });
      }
    }
  }
  return answered;
}

/**
 * The `%%llm` cells that were last answered with other words than they hold, and what they made.
 *
 * A cell that a later reply left as it was keeps the words of before: the newest count.
 */
export function outdatedIn(
  cells: ReadonlyArray<IMadeCell>,
  answered: ReadonlyMap<string, IWords> = new Map()
): IOutdated[] {
  const made = madeBy(cells);
  return cells.flatMap(cell => {
    const mine = made.get(cell.id);
    const words = mine ? wordsOf(cell.source) : null;
    if (words === null) {
      return [];
    }
    const all: IWords[] = [...mine!, ...(answered.has(cell.id) ? [answered.get(cell.id)!] : [])];
    const newest = Math.max(...all.map(one => one.at));
    const isFromThem = all.some(one => one.at === newest && beginsWith(one.prompt, words));
    return isFromThem ? [] : [{ source: cell.id, made: mine!.map(one => one.id) }];
  });
}

/** Whether these are the words, or they and follow-ups. */
function beginsWith(prompt: string, words: string): boolean {
  return prompt.trim() === words || prompt.trimStart().startsWith(`${words}\n`);
}

/** The cells of a shared notebook with what they remember. */
export function madeCells(notebook: YNotebook): IMadeCell[] {
  return notebook.cells.map(cell => ({
    id: cell.id,
    source: cell.getSource(),
    provenance: cell.getMetadata(PROVENANCE_KEY)
  }));
}
