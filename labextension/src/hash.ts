/** Digests that Python (`llm_notebook.core`) and the front end compute alike. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

import type { Edit } from './protocol.gen';

const LENGTH = 16;

/** The identity of a cell's content, as `cell_hash` in Python. */
export function cellHash(type: string, source: string): string {
  // UTF-8 with a lone surrogate as U+FFFD, as TextEncoder has it.
  return bytesToHex(sha256(utf8ToBytes(`${type}\n${source}`))).slice(0, LENGTH);
}

/** What an accept names: a digest of the edits as they were on screen. */
export function editsHash(edits: ReadonlyArray<Edit>): string {
  const lines = edits.map(edit => {
    const expects = edit.op === 'insert' ? '-' : edit.expects;
    const after = edit.op === 'insert' || edit.op === 'move' ? edit.after || '^' : '-';
    const fresh =
      edit.op === 'insert' || edit.op === 'replace' ? cellHash(edit.cell_type, edit.source) : '-';
    const id =
      edit.op === 'replace' && edit.new_id !== null
        ? `${edit.cell_id}>${edit.new_id}`
        : edit.cell_id;
    return `${edit.op} ${id} ${expects} ${after} ${fresh}`;
  });
  return cellHash('edits', lines.join('\n'));
}
