import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { cellHash, editsHash } from '../hash';
import type { Edit } from '../protocol.gen';

interface IVectors {
  readonly cells: ReadonlyArray<{ type: string; source: string; hash: string }>;
  readonly proposals: ReadonlyArray<{ edits: Edit[]; hash: string }>;
}

/** Written by tools/schema.py; the Python tests read the same file. */
const vectors = JSON.parse(
  readFileSync(new URL('./hashes.gen.json', import.meta.url), 'utf-8')
) as IVectors;

describe('hashes agree with Python', () => {
  it('has vectors', () => {
    expect(vectors.cells.length).toBeGreaterThan(20);
    expect(vectors.proposals.length).toBeGreaterThan(3);
  });

  it.each(vectors.cells)('cell $#', ({ type, source, hash }) => {
    expect(cellHash(type, source)).toBe(hash);
  });

  it.each(vectors.proposals)('edits $#', ({ edits, hash }) => {
    expect(editsHash(edits)).toBe(hash);
  });
});
