import { describe, expect, it } from 'vitest';

import { cellsLabel, linesLabel, selectedLines } from '../inplace/scope';

const range = (a: number, b: number, c: number, d: number) => ({
  start: { line: a, column: b },
  end: { line: c, column: d }
});

describe('selectedLines', () => {
  it('counts from 1 and holds both ends', () => {
    expect(selectedLines(range(2, 1, 6, 3))).toEqual({ first: 3, last: 7 });
  });
  it('is the same selected backwards', () => {
    expect(selectedLines(range(6, 3, 2, 1))).toEqual({ first: 3, last: 7 });
  });
  it('leaves out a line of which nothing is selected', () => {
    expect(selectedLines(range(2, 0, 4, 0))).toEqual({ first: 3, last: 4 });
  });
  it('is nothing where only the cursor stands', () => {
    expect(selectedLines(range(2, 4, 2, 4))).toBeNull();
  });
  it('is one line within a line', () => {
    expect(selectedLines(range(0, 0, 0, 2))).toEqual({ first: 1, last: 1 });
  });
});

describe('labels', () => {
  it('name cells and lines', () => {
    expect(cellsLabel([5])).toBe('Cell 5');
    expect(cellsLabel([3, 4, 5, 8])).toBe('Cells 3–5, 8');
    expect(linesLabel(3, 7, 5)).toBe('Lines 3–7 of cell 5');
    expect(linesLabel(3, 3, 5)).toBe('Line 3 of cell 5');
  });
});
