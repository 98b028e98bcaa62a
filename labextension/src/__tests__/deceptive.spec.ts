import { describe, expect, it } from 'vitest';

import { spans } from '../deceptive';
import { remarks } from '../remarks';
import vectors from './deceptive.gen.json';

describe('what may fool a reader', () => {
  it.each(vectors.spans)('is found as in Python: $text, prose $prose', row => {
    const found = spans(row.text, row.prose).map(({ start, end, kind, looks }) => [
      start,
      end,
      kind,
      looks
    ]);
    expect(found).toEqual(row.spans);
  });
});

describe('remarks', () => {
  it.each(vectors.remarks)('are those of Python', row => {
    expect(remarks(row.text, row.before, row.prose)).toEqual(row.remarks);
  });
});
