import { describe, expect, it } from 'vitest';

import { blocks, spans } from '../answer';

const plain = (text: string) => [{ kind: 'plain', text }];

describe('blocks', () => {
  it('keeps code as it is, and the lines of a paragraph', () => {
    expect(blocks('one\ntwo\n\n```python\n  x = 1\n\n# no heading\n```\nthree')).toEqual([
      { kind: 'text', spans: plain('one\ntwo') },
      { kind: 'code', text: '  x = 1\n\n# no heading' },
      { kind: 'text', spans: plain('three') }
    ]);
  });

  it('takes a fence that is still open to the end', () => {
    expect(blocks('```\nx')).toEqual([{ kind: 'code', text: 'x' }]);
  });

  it('closes a long fence only by one as long', () => {
    expect(blocks('````\n```\n````\nafter').map(block => block.kind)).toEqual(['code', 'text']);
  });

  it('finds lists, with what goes on under an item', () => {
    expect(blocks('- a\n  more\n- b\n1. c')).toEqual([
      { kind: 'list', ordered: false, items: [plain('a more'), plain('b')] },
      { kind: 'list', ordered: true, items: [plain('c')] }
    ]);
  });

  it('ends for any text', () => {
    for (const text of [
      '',
      '\n\n',
      '#',
      '# ',
      '-',
      '```',
      '~~~\n```',
      '* \n* ',
      '1.',
      '`a',
      '**'
    ]) {
      expect(Array.isArray(blocks(text))).toBe(true);
    }
  });
});

describe('spans', () => {
  it('finds code and strong, and leaves what looks like HTML as text', () => {
    expect(spans('use `df` and **not** <b>')).toEqual([
      { kind: 'plain', text: 'use ' },
      { kind: 'code', text: 'df' },
      { kind: 'plain', text: ' and ' },
      { kind: 'strong', text: 'not' },
      { kind: 'plain', text: ' <b>' }
    ]);
  });
});
