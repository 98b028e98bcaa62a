import { describe, expect, it } from 'vitest';

import type { ObservedEffects, VariableChange, VariableState } from '../../../protocol.gen';
import { insert, preview } from '../../../services/__tests__/helpers';
import {
  downstreamText,
  effectLines,
  effectsLine,
  sizeText,
  stateText,
  variableRow
} from '../facts';

const frame = (rows: number, columns: [string, string, number | null][]): VariableState => ({
  type: 'DataFrame',
  shape: [rows, columns.length],
  dtype: '',
  columns: columns.map(([name, dtype, nulls]) => ({ name, dtype, nulls })),
  nulls: null,
  text: ''
});
const change = (more: Partial<VariableChange>): VariableChange => ({
  name: 'df',
  kind: 'changed',
  before: null,
  after: null,
  in_place: false,
  note: '',
  ...more
});
const effects = (more: Partial<ObservedEffects>): ObservedEffects => ({
  files: [],
  processes: [],
  hosts: [],
  environment: [],
  files_complete: true,
  ...more
});

describe('variables', () => {
  it('are described by shape, kind and what is missing', () => {
    expect(stateText(frame(1000, [['a', 'int64', 0]]))).toBe('DataFrame 1,000 × 1');
    const int: VariableState = { ...frame(0, []), type: 'int', shape: [], text: '3' };
    expect(stateText(int)).toBe('int 3');
    const array: VariableState = { ...int, type: 'ndarray', shape: [3, 4], dtype: 'f8', nulls: 2 };
    expect(stateText(array)).toBe('ndarray 3 × 4 f8 2 missing');
  });

  it('say which columns came, went and changed', () => {
    const before = frame(10, [
      ['a', 'int64', 0],
      ['b', 'object', 0]
    ]);
    const after = frame(8, [
      ['a', 'float64', 3],
      ['c', 'bool', 0]
    ]);
    const row = variableRow(change({ before, after, in_place: true, note: 'perhaps' }));
    expect(row.details).toEqual([
      'changed in place',
      'perhaps',
      '+ c: bool',
      '− b',
      'a: int64 → float64, 3 missing'
    ]);
    // Where not all columns are listed, nobody can say which are gone.
    const cut = { ...after, shape: [8, 500] };
    expect(variableRow(change({ before, after: cut })).details).toEqual([
      'a: int64 → float64, 3 missing'
    ]);
    const wide = frame(
      1,
      Array.from({ length: 40 }, (_, i) => [`c${i}`, 'int64', 0])
    );
    expect(variableRow(change({ kind: 'created', after: wide })).details.at(-1)).toBe(
      'and 28 more'
    );
  });

  it('show names meant to fool for what they are', () => {
    expect(variableRow(change({ name: 'a\u202eb' })).name).toBe('a⟨U+202E⟩b');
  });
});

describe('effects', () => {
  const all = effects({
    files: [
      { kind: 'created', path: 'out.csv', size: 12_345, denied: false },
      { kind: 'deleted', path: '/etc/x', size: null, denied: true }
    ],
    processes: [{ command: 'ls -l', denied: false }],
    hosts: [{ address: 'x.test:80', denied: true }],
    environment: ['HOME']
  });

  it('are told one by one, and what was denied says so', () => {
    expect(effectLines(all)).toEqual([
      'creates out.csv (12.3 kB)',
      'deletes /etc/x (denied in the sandbox)',
      'starts ls -l',
      'contacts x.test:80 (denied in the sandbox)',
      'reads the environment variable HOME'
    ]);
  });

  it('are told in one line, the gravest first', () => {
    expect(effectsLine(all)).toBe(
      'deletes a file · creates a file · starts a process · contacts a host · 2 denied'
    );
    expect(effectsLine(effects({}))).toBe('');
  });

  it('have sizes', () => {
    expect([0, 999, 1000, 1_500_000, 2e9].map(sizeText)).toEqual([
      '0 bytes',
      '999 bytes',
      '1 kB',
      '1.5 MB',
      '2 GB'
    ]);
  });
});

describe('later cells', () => {
  it('would break, still run, or are not known', () => {
    const run = { outputs: [], error: null, seconds: 0, line: null, downstream: true };
    const error = { name: 'KeyError', message: "'b'\nx", line: 1, traceback: '' };
    const told = preview('p', [insert('n', 'a', 'x')], {
      cells: [
        { ...run, cell: 'c', status: 'failed', error },
        { ...run, cell: 'd', status: 'ran' },
        { ...run, cell: 'e', status: 'ran', downstream: false }
      ]
    });
    expect(downstreamText(told, 'c')).toBe("would break: KeyError: 'b'");
    expect(downstreamText(told, 'd')).toBe('still runs');
    expect(downstreamText(told, 'e')).toBe('');
  });
});
