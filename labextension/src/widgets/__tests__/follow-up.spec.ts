import { StateDB } from '@jupyterlab/statedb';
import { Signal } from '@lumino/signaling';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { proposal } from '../../services/__tests__/helpers';
import { originOf } from '../../services/origins';
import type { IReview } from '../../tokens';
import { FollowUpWords } from '../follow-up';
import { unsentOf, type Unsent } from '../unsent';

const origin = originOf({ prompt: 'plot', model: 'm:x', without: ['cell:a'] });
const first = proposal('p', [], { origin });
const second = proposal('p2', [], { root: 'p', version: 2, origin });

let review: IReview & { readonly refine: ReturnType<typeof vi.fn> };
let unsent: Unsent;
const at = (one = first): FollowUpWords => new FollowUpWords(review, unsent, one);

beforeEach(() => {
  const context = { path: 'n.ipynb', pathChanged: new Signal({}) };
  review = {
    panel: { context },
    changed: new Signal({}),
    survey: { isCurrent: true },
    surveyFor: vi.fn(),
    refine: vi.fn(() => 'new')
  } as unknown as typeof review;
  unsent = unsentOf(new StateDB(), review);
});

describe('the words of a follow-up', () => {
  it('are the same in every field and at each version', () => {
    const seen = vi.fn();
    unsent.changed.connect(seen);
    at().typed('in red');
    expect(seen).toHaveBeenCalled();
    expect(at().words).toBe('in red');
    expect(at(second).words).toBe('in red');
    expect(at(proposal('q', [])).words).toBe('');
  });

  it('are asked without what was taken out before, unless it is put back', async () => {
    at().typed('in red');
    expect(at().about).toEqual({ refines: 'p', without: ['cell:a'] });
    await at().ask({}, () => true);
    expect(review.refine).toHaveBeenLastCalledWith('p', 'in red', { without: ['cell:a'] });
    at().typed('in blue');
    at().takeOut([]);
    await at(second).ask({}, () => true);
    expect(review.surveyFor).toHaveBeenLastCalledWith('in blue', { refines: 'p2', without: [] });
    expect(review.refine).toHaveBeenLastCalledWith('p2', 'in blue', { without: [] });
    expect(at().words).toBe('');
    expect(at().about.without).toEqual(['cell:a']);
  });

  it('are kept where they were not asked', async () => {
    at().typed('in red');
    expect(await at().ask({}, () => false)).toBe(false);
    expect(review.refine).not.toHaveBeenCalled();
    review.refine.mockReturnValueOnce(null);
    expect(await at().ask({}, () => true)).toBe(false);
    expect(at().words).toBe('in red');
  });

  it('that are typed while it is asked are the next', async () => {
    at().typed('in red');
    const asking = at().ask({}, () => true);
    at().typed('in red, and larger');
    expect(await asking).toBe(true);
    expect(review.refine.mock.lastCall?.[1]).toBe('in red');
    expect(at().words).toBe('in red, and larger');
  });
});
