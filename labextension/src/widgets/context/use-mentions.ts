/** The list of what `@` could name, at a field that React draws. */
import * as React from 'react';

import type { IReview } from '../../tokens';
import { Mentions } from './mentions';

/** Whether the field is still there, for what comes back later. */
export function useMentions(
  review: IReview,
  area: React.RefObject<HTMLTextAreaElement>
): React.MutableRefObject<boolean> {
  const live = React.useRef(true);
  React.useEffect(() => {
    live.current = true;
    const mentions = area.current && new Mentions(area.current, query => review.look(query));
    return () => {
      live.current = false;
      mentions?.dispose();
    };
  }, [review]);
  return live;
}
