// @vitest-environment jsdom
import { CommandRegistry } from '@lumino/commands';
import { describe, expect, it, vi } from 'vitest';

import { CommandIDs } from '../../command-ids';
import type { IProposalView, IReview } from '../../tokens';
import { keysOf } from '../keys';
import { liveNodes } from '../live';

vi.mock('@jupyterlab/apputils', () => ({ Notification: {} }));

function tips(bound: Record<string, string>): (string | null)[] {
  const commands = new CommandRegistry();
  for (const [command, key] of Object.entries(bound)) {
    commands.addKeyBinding({ command, keys: [key], selector: 'body' });
  }
  const proposal = { id: 'p', status: 'pending', edits: [{ op: 'insert', cell_type: 'code' }] };
  const view = {
    proposal: { taken: [], answer: '', suggestions: [], origin: {}, notice: '', ...proposal },
    acceptable: true,
    edits: [],
    versions: ['p']
  } as unknown as IProposalView;
  const nodes = liveNodes({
    review: {} as IReview,
    view,
    keys: keysOf(commands),
    hasTitle: false
  });
  return nodes
    .filter(node => node instanceof HTMLButtonElement)
    .map(node => node.getAttribute('title'));
}

describe('the buttons of a line', () => {
  it('name the keys that the person has', () => {
    const bound = { [CommandIDs.accept]: 'A', [CommandIDs.reject]: 'Shift X' };
    const [accept, run, reject] = tips(bound);
    expect(accept).toBe('Accept (A in review mode)');
    expect(run).toBe('Accept and run the new cells');
    expect(reject).toMatch(/^Reject \(.*X in review mode\)$/);
  });
});
