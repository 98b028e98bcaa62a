import { describe, expect, it } from 'vitest';

import type { Proposal, Status } from '../../protocol.gen';
import { Entry } from '../entries';
import { newestWaiting, thread } from '../threads';
import { insert, proposal } from './helpers';

const EDITS = [insert('n', 'a', 'x')];
const version = (number: number, status: Status, more: Partial<Proposal> = {}): Entry =>
  new Entry(
    proposal(`v${number}`, EDITS, {
      version: number,
      status,
      root: number > 1 ? 'v1' : '',
      ...more
    }),
    true
  );
const shown = (entries: Entry[], id?: string): string[] => {
  const choice = id === undefined ? undefined : { id, newest: newestWaiting(entries) };
  return thread(entries, choice).shown.map(entry => entry.proposal.id);
};

describe('the version that is shown', () => {
  it('is the newest that waits', () => {
    expect(shown([version(1, 'pending'), version(2, 'pending')])).toEqual(['v2']);
    expect(shown([version(1, 'pending'), version(2, 'asking')])).toEqual(['v2']);
    expect(shown([version(2, 'pending'), version(1, 'pending')])).toEqual(['v2']);
  });

  it.each(['drafting', 'failed', 'declined', 'answered', 'cancelled'] as const)(
    'is not hidden by one that is %s, which is told apart',
    status => {
      const entries = [version(1, 'pending'), version(2, status)];
      expect(shown(entries)).toEqual(['v1']);
      expect(thread(entries, undefined).next?.id).toBe('v2');
    }
  );

  it('is the chosen one, until another comes that waits', () => {
    const entries = [version(1, 'pending'), version(2, 'pending')];
    const choice = { id: 'v1', newest: newestWaiting(entries) };
    const ids = (all: Entry[]): string[] => thread(all, choice).shown.map(e => e.proposal.id);
    expect(ids(entries)).toEqual(['v1']);
    expect(ids([...entries, version(3, 'drafting')])).toEqual(['v1']);
    expect(ids([...entries, version(3, 'pending')])).toEqual(['v3']);
  });

  it('is the accepted one when all are closed, or else the last', () => {
    expect(shown([version(1, 'accepted'), version(2, 'superseded')])).toEqual(['v1']);
    expect(shown([version(1, 'rejected'), version(2, 'rejected')])).toEqual(['v2']);
    expect(shown([version(1, 'failed')])).toEqual(['v1']);
    expect(thread([version(1, 'failed')], undefined).next).toBeNull();
  });

  it('has all the parts of its sequence, in order', () => {
    const part = (index: number, status: Status): Entry =>
      version(2, status, { id: `v2.${index}`, part: { of: 'v2.1', index, count: 3 } });
    const entries = [
      version(1, 'superseded'),
      part(2, 'pending'),
      part(1, 'accepted'),
      part(3, 'queued')
    ];
    expect(shown(entries)).toEqual(['v2.1', 'v2.2', 'v2.3']);
    expect(thread(entries, undefined).versions).toEqual(['v1', 'v2.2']);
  });
});
