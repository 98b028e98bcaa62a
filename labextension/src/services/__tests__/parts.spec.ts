import { describe, expect, it } from 'vitest';

import { cellHash } from '../../hash';
import type { Cell, Edit } from '../../protocol.gen';
import type { IPart } from '../../tokens';
import { Sheet, viewEdits, type ICells } from '../edits';
import { hunksOf, withHunk, withoutHunk } from '../hunks';
import { accepting, rejecting, rejoined, remaining } from '../parts';
import { insert, replace } from './helpers';

/** Numbers from 0 to 1 that are the same at each run. */
function numbers(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

class Dice {
  constructor(seed: number) {
    this._next = numbers(seed);
  }
  below(n: number): number {
    return Math.floor(this._next() * n);
  }
  pick<T>(items: ReadonlyArray<T>): T {
    return items[this.below(items.length)]!;
  }
  /** A text of few different lines, so that lines repeat. */
  text(): string {
    const lines = Array.from({ length: this.below(7) }, () => this.pick(['x', 'y = 1', '', 'z()']));
    return lines.join('\n');
  }
  changed(text: string): string {
    const lines = text.split('\n');
    for (let i = this.below(4); i >= 0; i--) {
      lines.splice(this.below(lines.length + 1), this.below(2), ...(this.below(3) ? ['new'] : []));
    }
    return lines.join('\n');
  }
  private readonly _next: () => number;
}

function book(cells: Cell[]): ICells {
  const byId = new Map(cells.map(cell => [cell.id, cell]));
  return { ids: cells.map(cell => cell.id), read: id => byId.get(id) ?? null };
}

const contents = (cells: ICells): string[] =>
  cells.ids.map(id => `${id} ${JSON.stringify(cells.read(id))}`);

function withAll(cells: ICells, edits: ReadonlyArray<Edit>): Sheet {
  const sheet = new Sheet(cells);
  for (const edit of edits) {
    expect(sheet.apply(edit)).toBe(true);
  }
  return sheet;
}

/** Edits that apply in order to these cells; several may be about the same one. */
function someEdits(dice: Dice, cells: ICells): Edit[] {
  const sheet = new Sheet(cells);
  const edits: Edit[] = [];
  const seen = new Set<string>();
  for (let i = 0; i < 1 + dice.below(6); i++) {
    const ids = sheet.ids;
    const old = ids.filter(id => cells.ids.includes(id));
    const kind = dice.below(5);
    const after = dice.below(5) ? (dice.pick([...ids, null]) ?? null) : null;
    const id = old.length ? dice.pick(old) : null;
    const cell = id === null ? null : sheet.read(id)!;
    const expects = cell ? cellHash(cell.type, cell.source) : '';
    let edit: Edit | null = null;
    if (kind < 2 || id === null || cell === null) {
      edit = { op: 'insert', cell_id: `n${i}`, after, cell_type: 'code', source: dice.text() };
    } else if (kind === 2 && !seen.has(`r${id}`)) {
      const source = dice.changed(cell.source);
      edit = { op: 'replace', cell_id: id, expects, cell_type: 'code', source, new_id: null };
      seen.add(`r${id}`);
    } else if (kind === 3 && !seen.has(`r${id}`) && !seen.has(`m${id}`)) {
      edit = { op: 'delete', cell_id: id, expects };
    } else if (kind === 4 && after !== id && !seen.has(`m${id}`)) {
      edit = { op: 'move', cell_id: id, expects, after };
      seen.add(`m${id}`);
    }
    if (edit && sheet.apply(edit)) {
      edits.push(edit);
    }
  }
  return edits;
}

function cellsFrom(dice: Dice): ICells {
  return book(
    Array.from({ length: dice.below(5) }, (_, i) => ({
      id: 'abcde'[i]!,
      type: 'code',
      source: dice.text()
    }))
  );
}

/** A part that can be taken: an edit, or one of its hunks. */
function somePart(dice: Dice, edits: ReadonlyArray<Edit>, cells: ICells): IPart {
  const edit = dice.below(edits.length);
  const { hunks } = viewEdits(edits, cells, true)[edit]!;
  return hunks.length && dice.below(2) ? { edit, hunk: dice.below(hunks.length) } : { edit };
}

const SEEDS = Array.from({ length: 600 }, (_, i) => i);

describe('hunks', () => {
  it('cover the whole difference: with all of them it is the new text', () => {
    for (const seed of SEEDS) {
      const dice = new Dice(seed);
      const before = dice.text();
      const after = dice.changed(before);
      const hunks = hunksOf(before, after);
      const all = [...hunks].reverse().reduce((text, hunk) => withHunk(text, after, hunk), before);
      expect(all).toBe(after);
      const none = [...hunks]
        .reverse()
        .reduce((text, hunk) => withoutHunk(before, text, hunk), after);
      expect(none).toBe(before);
    }
  });

  it('are apart where lines between them are the same', () => {
    expect(hunksOf('a\nb\nc\nd', 'A\nb\nc\nD')).toEqual([
      { index: 0, from: 0, to: 1, newFrom: 0, newTo: 1 },
      { index: 1, from: 3, to: 4, newFrom: 3, newTo: 4 }
    ]);
    expect(hunksOf('a', 'a')).toEqual([]);
  });
});

describe('parts taken one by one', () => {
  it('in any order leave the notebook that all at once leaves', () => {
    for (const seed of SEEDS) {
      const dice = new Dice(seed);
      const cells = cellsFrom(dice);
      let edits: ReadonlyArray<Edit> = someEdits(dice, cells);
      const whole = contents(withAll(cells, edits));
      let now: ICells = cells;
      let refusals = 0;
      for (let steps = 0; edits.length > 0; steps++) {
        expect(steps).toBeLessThan(200);
        const split = accepting(edits, somePart(dice, edits, now), now);
        if (split === null) {
          // It builds on another one, which comes first then.
          expect(++refusals).toBeLessThan(100);
          continue;
        }
        now = withAll(now, split.part);
        edits = split.rest;
        expect(viewEdits(edits, now).every(view => view.applies)).toBe(true);
      }
      expect(contents(now), `seed ${seed}`).toEqual(whole);
    }
  });

  it('closes it untouched where each is rejected', () => {
    for (const seed of SEEDS) {
      const dice = new Dice(seed);
      const cells = cellsFrom(dice);
      let edits: ReadonlyArray<Edit> = someEdits(dice, cells);
      for (let steps = 0; edits.length > 0; steps++) {
        expect(steps).toBeLessThan(200);
        edits = rejecting(edits, somePart(dice, edits, cells), cells)!.rest;
        const fits = viewEdits(edits, cells).map(view => view.applies);
        expect(fits, `seed ${seed}`).toEqual(edits.map(() => true));
      }
    }
  });

  it('accepted and rejected in turn, always leave something that fits', () => {
    for (const seed of SEEDS) {
      const dice = new Dice(seed);
      let now = cellsFrom(dice);
      let edits: ReadonlyArray<Edit> = someEdits(dice, now);
      for (let steps = 0; edits.length > 0; steps++) {
        expect(steps).toBeLessThan(300);
        const part = somePart(dice, edits, now);
        const takes = dice.below(2) === 1;
        const split = takes ? accepting(edits, part, now) : rejecting(edits, part, now);
        if (split !== null) {
          now = takes ? withAll(now, split.part) : now;
          edits = split.rest;
          const fits = viewEdits(edits, now).map(view => view.applies);
          expect(fits, `seed ${seed}`).toEqual(edits.map(() => true));
        }
      }
    }
  });

  it('put together again when they are taken back, in any order', () => {
    for (const seed of SEEDS) {
      const dice = new Dice(seed);
      const cells = cellsFrom(dice);
      const edits = someEdits(dice, cells);
      const whole = contents(withAll(cells, edits));
      if (!edits.length) {
        continue;
      }
      const split = accepting(edits, somePart(dice, edits, cells), cells);
      if (split === null) {
        continue;
      }
      const back = rejoined(split.rest, split.part, cells);
      expect(contents(withAll(cells, back)), `seed ${seed}`).toEqual(whole);
      const taken = withAll(cells, split.part);
      const again = remaining(back, split.part, taken);
      expect(contents(withAll(taken, again)), `seed ${seed}`).toEqual(whole);
    }
  });
});

describe('anchors', () => {
  const cells = book(['a', 'b'].map(id => ({ id, type: 'code', source: id })));

  it('of what stood behind a dropped insert are its own, through several', () => {
    const edits = [insert('n1', 'a', '1'), insert('n2', 'n1', '2'), insert('n3', 'n2', '3')];
    const once = rejecting(edits, { edit: 1 }, cells)!.rest;
    expect(once).toEqual([insert('n1', 'a', '1'), insert('n3', 'n1', '3')]);
    expect(rejecting(once, { edit: 0 }, cells)!.rest).toEqual([insert('n3', 'a', '3')]);
  });

  it('of an insert that is accepted before the one that it stood behind', () => {
    const edits = [insert('n1', 'a', '1'), insert('n2', 'n1', '2')];
    expect(accepting(edits, { edit: 1 }, cells)).toEqual({
      part: [insert('n2', 'a', '2')],
      rest: [insert('n1', 'a', '1')]
    });
  });

  it('are the cell before where the anchor itself goes', () => {
    const edits: Edit[] = [
      insert('n', 'b', '1'),
      { op: 'delete', cell_id: 'b', expects: cellHash('code', 'b') }
    ];
    expect(accepting(edits, { edit: 1 }, cells)!.rest).toEqual([insert('n', 'a', '1')]);
  });

  it('stay as they are where nothing asks for others', () => {
    const edits = [insert('n1', null, '1'), insert('n2', 'b', '2'), replace('a', 'a', 'A')];
    expect(accepting(edits, { edit: 2 }, cells)!.rest).toEqual(edits.slice(0, 2));
  });
});

describe('a stale edit', () => {
  const cells = book([
    { id: 'a', type: 'code', source: 'mine' },
    { id: 'b', type: 'code', source: 'b' }
  ]);
  const edits = [replace('a', 'a', 'A'), replace('b', 'b', 'B'), insert('n', 'a', '1')];

  it('is not accepted, the others are, and it waits on as it was', () => {
    expect(accepting(edits, { edit: 0 }, cells)).toBeNull();
    expect(accepting(edits, { edit: 0, hunk: 0 }, cells)).toBeNull();
    expect(accepting(edits, { edit: 1 }, cells)!.rest).toEqual([edits[0], edits[2]]);
    expect(accepting(edits, { edit: 2 }, cells)!.rest).toEqual([edits[0], edits[1]]);
  });

  it('can be rejected', () => {
    expect(rejecting(edits, { edit: 0 }, cells)!.rest).toEqual([edits[1], edits[2]]);
  });

  it('stays stale when another part is taken back', () => {
    const split = accepting(edits, { edit: 1 }, cells)!;
    const back = rejoined(split.rest, split.part, cells);
    expect(viewEdits(back, cells).map(view => [view.edit.cell_id, view.applies])).toEqual([
      ['b', true],
      ['a', false],
      ['n', true]
    ]);
  });
});

describe('one hunk', () => {
  const before = 'a\nb\nc';
  const after = 'A\nb\nC';
  const cells = book([{ id: 'x', type: 'code', source: before }]);
  const edits = [replace('x', before, after)];

  it('accepted: the rest expects the cell as it then is', () => {
    expect(accepting(edits, { edit: 0, hunk: 1 }, cells)).toEqual({
      part: [replace('x', before, 'a\nb\nC')],
      rest: [replace('x', 'a\nb\nC', after)]
    });
  });

  it('rejected: the rest proposes all but that', () => {
    expect(rejecting(edits, { edit: 0, hunk: 1 }, cells)).toEqual({
      part: [replace('x', before, 'a\nb\nC')],
      rest: [replace('x', before, 'A\nb\nc')]
    });
  });

  it('that is not there is none', () => {
    expect(accepting(edits, { edit: 0, hunk: 2 }, cells)).toBeNull();
    expect(accepting(edits, { edit: 1 }, cells)).toBeNull();
    expect(rejecting([insert('n', 'x', '')], { edit: 0, hunk: 0 }, cells)).toBeNull();
  });
});
