/** How large a proposal is, as this page counts it: what a leash is held against. */
import type { Leash } from '../protocol.gen';
import type { IEditView, IProposalView } from '../tokens';

export function sizeOf({ edits }: IProposalView): Leash {
  return {
    cells: new Set(edits.map(({ edit }) => edit.cell_id)).size,
    lines: edits.reduce((sum, edit) => sum + linesOf(edit), 0)
  };
}

/** Lines that come and lines that go. */
function linesOf({ edit, before, hunks }: IEditView): number {
  switch (edit.op) {
    case 'insert':
      return count(edit.source);
    case 'delete':
      return count(before);
    case 'replace':
      return hunks.reduce((sum, hunk) => sum + hunk.to - hunk.from + hunk.newTo - hunk.newFrom, 0);
    case 'move':
      return 0;
  }
}

function count(source: string): number {
  return source === '' ? 0 : source.split('\n').length;
}
