/** Who asked last what would be sent, and waiting for the answer. */
import type { IAskOptions, IReview, ISurvey } from '../../tokens';

/** How long an ask waits to show what it sends, in milliseconds. */
export const PATIENCE = 2000;

/** Several prompts share one survey: it belongs to the one that asked last. */
const owners = new WeakMap<IReview, object>();

/** Have it worked out for this prompt; asking the same again costs nothing. */
export function survey(
  review: IReview,
  owner: object,
  prompt: string,
  options: IAskOptions = {}
): void {
  owners.set(review, owner);
  review.surveyFor(prompt, options);
}

/** What is known of this prompt; null where the survey is another's. */
export function surveyOf(review: IReview, owner: object): ISurvey | null {
  return owners.get(review) === owner ? review.survey : null;
}

/** Resolves with true once the survey is current, with false where that takes too long. */
export function surveyed(
  review: IReview,
  owner: object,
  prompt: string,
  options: IAskOptions = {},
  patience = PATIENCE
): Promise<boolean> {
  survey(review, owner, prompt, options);
  if (review.survey?.isCurrent) {
    return Promise.resolve(true);
  }
  return new Promise(resolve => {
    const end = (isCurrent: boolean): void => {
      clearTimeout(timer);
      review.changed.disconnect(look);
      resolve(isCurrent);
    };
    const look = (): void => {
      if (surveyOf(review, owner)?.isCurrent) {
        end(true);
      }
    };
    const timer = setTimeout(() => end(false), patience);
    review.changed.connect(look);
  });
}
