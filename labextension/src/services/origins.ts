/** Where an ask comes from, with everything that it does not say left at its default. */
import type { Origin } from '../protocol.gen';

export function originOf({
  without = [],
  ...given
}: Partial<Origin> & Pick<Origin, 'prompt' | 'model'>): Origin {
  return {
    face: 'panel',
    target: null,
    wants: 'edits',
    scope: null,
    refines: null,
    clarifies: null,
    made: [],
    repairs: '',
    without,
    ...given
  };
}
