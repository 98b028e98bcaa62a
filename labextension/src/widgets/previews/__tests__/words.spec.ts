import { describe, expect, it } from 'vitest';

import type { CellRun, Preview } from '../../../protocol.gen';
import type { IPreviewView } from '../../../previewing';
import { insert, preview } from '../../../services/__tests__/helpers';
import { badgeOf, costOf, largerBudget, lineMark, lineOf, newsOf, offerOf, whyOf } from '../words';

const told = (more: Partial<Preview>): Preview => preview('p', [insert('n', 'a', 'x')], more);
const view = (shown: Preview | null, more: Partial<IPreviewView> = {}): IPreviewView => ({
  preview: shown,
  shown,
  age: '',
  isGoingOn: false,
  isStopping: false,
  note: '',
  isQuiet: false,
  canRun: true,
  canRepair: false,
  ...more
});
const numberOf = (id: string): number | undefined => (id === 'c12' ? 12 : undefined);
const badge = (shown: Preview | null, more: Partial<IPreviewView> = {}): string =>
  badgeOf(view(shown, more), numberOf).text;
const run = (more: Partial<CellRun>): CellRun => ({
  cell: 'n',
  status: 'ran',
  outputs: [],
  error: null,
  seconds: 0,
  line: null,
  downstream: false,
  ...more
});

describe('what is said', () => {
  it('of where it stands', () => {
    const goesOn = { isGoingOn: true };
    expect(badge(null, goesOn)).toBe('previewing…');
    expect(badge(told({ status: 'waiting', waits_for: 'c12' }), goesOn)).toBe(
      'waiting for cell 12'
    );
    expect(badge(told({ status: 'waiting', waits_for: 'gone' }), goesOn)).toBe(
      'waiting for the kernel'
    );
    expect(badge(told({ status: 'running' }), { ...goesOn, isStopping: true })).toBe('stopping…');
    expect(badge(told({}))).toBe('previewed');
    expect(badge(told({ sampled: 'first 1,000 rows' }))).toBe('previewed on a sample');
    expect(badge(told({ status: 'budget' }))).toBe('stopped at its budget');
    expect(badge(told({ status: 'refused' }))).toBe('could not preview');
    expect(badge(told({ status: 'expensive' }))).toBe('not previewed');
    expect(badge(told({}), { age: 'edits' })).toBe('preview out of date');
    expect(badge(null)).toBe('not previewed');
  });

  it('never calls a partial one previewed', () => {
    for (const status of ['budget', 'stopped', 'expensive', 'refused', 'failed'] as const) {
      // A failed one without an error of its own broke later cells.
      expect(badge(told({ status }))).not.toContain('previewed on');
      expect(badge(told({ status }))).not.toBe('previewed');
      expect(newsOf(view(told({ status, summary: 's' })))).not.toMatch(/^previewed/);
    }
  });

  it('in one line', () => {
    expect(lineOf(view(told({ summary: 'df 1,000 → 812 rows' })))).toBe('df 1,000 → 812 rows');
    expect(whyOf(view(told({ status: 'refused', reason: 'polars has threads' })))).toBe(
      'Polars has threads.'
    );
    expect(whyOf(view(told({ summary: 's' }), { age: 'runs' }))).toBe(
      'The kernel has run other cells since.'
    );
    expect(lineOf(view(told({})))).toBe('no variable and no file changes');
    expect(lineOf(view(told({ summary: 'a\u202eb' })))).toBe('a⟨U+202E⟩b');
  });

  it('once to a screen reader, when it is over', () => {
    expect(newsOf(view(told({ summary: 'df created' })))).toBe('previewed: df created');
    expect(newsOf(view(told({ status: 'running' }), { isGoingOn: true }))).toBe('');
    const error = { name: 'KeyError', message: "'x'\nmore", line: 2, traceback: '' };
    const failed = told({ status: 'failed', cells: [run({ status: 'failed', error })] });
    expect(newsOf(view(failed))).toBe("failed: KeyError: 'x'");
  });

  it('of what it costs', () => {
    expect(offerOf({ seconds: 240, why: '' })).toBe('Preview (about 4 min)');
    expect(offerOf({ seconds: null, why: '' })).toBe('Preview anyway');
    expect(costOf(view(told({ seconds: 12 })))).toBe('about 12 s');
    expect(costOf(view(told({ seconds: 1.5 })))).toBe('');
    expect(costOf(view(told({ seconds: 12, sampled: 'x' })))).toBe('');
    expect(costOf(null)).toBe('');
    expect(largerBudget(told({ status: 'budget', budget: 5 }))).toBe(60);
    const long = told({ status: 'expensive', estimate: { seconds: 100, why: '' } });
    expect(largerBudget(long)).toBe(300);
  });

  it('of a line', () => {
    const error = { name: 'E', message: 'm', line: 3, traceback: '' };
    expect(lineMark(run({ status: 'failed', error }))).toEqual({
      line: 3,
      kind: 'failed',
      text: 'E: m'
    });
    expect(lineMark(run({ status: 'partial', line: 2 }))?.kind).toBe('reached');
    expect(lineMark(run({}))).toBeNull();
  });
});
