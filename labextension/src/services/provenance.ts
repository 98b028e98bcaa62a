/** What an accepted cell remembers. */
import type { PartialJSONObject } from '@lumino/coreutils';

import { cellHash } from '../hash';
import type { Insert, Proposal, Provenance, Replace } from '../protocol.gen';
import { wordsOf } from './outdated';

/** A proposal, and what it goes back to. */
export interface IAsked {
  find(id: string): { readonly proposal: Proposal } | undefined;
}

/**
 * All the words that led to a proposal: those of the versions before it, and
 * the question that it answers, a line each.
 */
export function promptOf(proposal: Proposal, asked: IAsked): string {
  const prompts = [proposal.origin.prompt];
  const seen = new Set([proposal.id]);
  let { refines, clarifies } = proposal.origin;
  for (;;) {
    const id = clarifies ?? refines;
    const before = id === null || seen.has(id) ? undefined : asked.find(id)?.proposal;
    if (!before) {
      return prompts.join('\n');
    }
    seen.add(before.id);
    // The same asked again is said once.
    if (before.origin.prompt !== prompts[0]) {
      prompts.unshift(before.origin.prompt);
    }
    ({ refines, clarifies } = before.origin);
  }
}

/**
 * @param prompt - As `promptOf` says.
 * @param targetSource - What the cell holds in which it was asked.
 * @param auto - What it stood on where it is run by itself.
 */
export function provenanceOf(
  proposal: Proposal,
  edit: Insert | Replace,
  when: Date,
  prompt: string,
  targetSource: string,
  auto = ''
): PartialJSONObject {
  const { target, face } = proposal.origin;
  // Of a chain, the one that wrote it.
  const model = proposal.model || proposal.origin.model;
  // Only what a `%%llm` cell itself asked for was made by it.
  const isOfOther = face !== 'magic' && wordsOf(targetSource) !== null;
  const provenance: Omit<Provenance, 'auto'> = {
    proposal: proposal.id,
    op: edit.op,
    model,
    prompt,
    asked_in: isOfOther ? null : target,
    edited: isEdited(proposal, edit),
    accepted: when.toISOString().replace(/\.\d+Z$/, 'Z'),
    hash: cellHash(edit.cell_type, edit.source)
  };
  return { ...provenance, ...(auto ? { auto } : {}) };
}

/** Whether this is not what the model wrote, or only some of it. */
function isEdited(proposal: Proposal, edit: Insert | Replace): boolean {
  const whole = proposal.edits.find(
    other => other.cell_id === edit.cell_id && other.op === edit.op
  );
  return (
    proposal.edited.includes(edit.cell_id) ||
    (whole !== undefined && 'source' in whole && whole.source !== edit.source)
  );
}
