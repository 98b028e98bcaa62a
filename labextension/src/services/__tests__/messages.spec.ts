import { describe, expect, it } from 'vitest';

import { readMessage } from '../messages';
import { insert, proposal, replace } from './helpers';

describe('readMessage', () => {
  it('reads what the protocol has', () => {
    const changed = { type: 'changed', proposal: proposal('p', [insert('n', 'a', 'x')]) };
    expect(readMessage(changed)).toBe(changed);
    expect(readMessage({ type: 'lowered', level: null })).not.toBeNull();
    const welcome = {
      type: 'welcome',
      models: [],
      proposals: [],
      lowered: null,
      windows: 1,
      roles: { complete: 'ollama:x' },
      isolation: null,
      previews: []
    };
    expect(readMessage({ ...welcome, model: null })).not.toBeNull();
    expect(readMessage({ ...welcome, model: 'offline:rules' })).not.toBeNull();
  });

  const broken = proposal('p', [insert('n', 'a', 'x')]);
  it.each([
    null,
    'text',
    [],
    {},
    { type: 'toString' },
    { type: 'from_the_future' },
    { type: 'changed' },
    { type: 'changed', proposal: { ...broken, status: 'auto_run' } },
    { type: 'changed', proposal: { ...broken, edits: [{ op: 'exec', cell_id: 'x' }] } },
    { type: 'changed', proposal: { ...broken, edits: [{ ...insert('n', 'a', 'x'), source: 5 }] } },
    { type: 'changed', proposal: { ...broken, edits: [{ ...replace('a', 'x', 'y'), new_id: 5 }] } },
    { type: 'changed', proposal: { ...broken, usage: { input_tokens: 1, output_tokens: 2 } } },
    { type: 'used', model: 'x:y', role: 'rule' },
    { type: 'changed', proposal: { ...broken, title: { html: '<b>' } } },
    { type: 'welcome', model: 5, models: [], proposals: [], lowered: null },
    { type: 'lowered', level: 5 },
    { type: 'decide_requested', proposal_id: 'p', verdict: 'reopened', cell_id: 'c' }
  ])('takes %j for none', data => {
    expect(readMessage(data)).toBeNull();
  });
});
