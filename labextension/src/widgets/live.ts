/** A proposal in one line, for widgets in cells: where it stands and what can be done. */
import { Notification } from '@jupyterlab/apputils';

import type { Suggestion } from '../protocol.gen';
import { revealed } from '../text';
import { LEVEL_NAMES, type IPart, type IProposalView, type IReview } from '../tokens';
import { answerNodes, button, plain, problemText } from './dom';
import type { IKeys } from './keys';
import { isCode, statusOf, takenOf, titleOf } from './names';

/** Accept, and say why where that did not happen. */
export async function accept(
  review: IReview,
  id: string,
  options: { readonly run?: boolean; readonly part?: IPart } = {}
): Promise<void> {
  const result = await review.accept(id, options);
  if (result.outcome !== 'accepted' && result.outcome !== 'inert') {
    Notification.warning(`Not accepted. ${revealed(result.reason)}`, { autoClose: 8000 });
  }
}

/** Why nothing can be asked now; empty where it can. */
export function whyNot(review: IReview): string {
  if (review.level < 2) {
    return `The level is ${LEVEL_NAMES[review.level]}, so nothing is asked of a model. ${
      review.levelReason || 'Set it to Propose in the panel.'
    }`;
  }
  if (review.connection === 'ready' || review.connection === 'ready-when-idle') {
    return '';
  }
  const { problem } = review;
  if (problem) {
    return problemText(problem);
  }
  return review.connection === 'busy'
    ? 'The kernel is busy; it can be asked when the running cell ends.'
    : 'The kernel is not ready yet.';
}

export interface ILiveOptions {
  readonly review: IReview;
  readonly view: IProposalView;
  readonly keys: IKeys;
  /** Where the line's own place says what it is about, it needs no name. */
  readonly hasTitle?: boolean;
  /** Where a ghost stands close by, what to decide is said there. */
  readonly isBrief?: boolean;
  /** Put the line away: a button next to its state. */
  readonly onAway?: () => void;
}

export function liveNodes(options: ILiveOptions): Node[] {
  const { view, hasTitle = true } = options;
  const { proposal } = view;
  const { status } = proposal;
  const shown = statusOf(view);
  const taken = takenOf(view);
  const nodes: Node[] = [plain('span', `llm-Chip llm-mod-${shown.kind}`, shown.text)];
  if (hasTitle) {
    nodes.unshift(plain('span', 'llm-Status-title', titleOf(view)));
  }
  const { onAway } = options;
  if (onAway) {
    const away = button('×', 'Put this away', onAway);
    away.setAttribute('aria-label', 'Put this away');
    nodes.push(away);
  }
  if (taken) {
    nodes.push(plain('span', 'llm-Status-taken', taken));
  }
  if (proposal.notice && (status === 'drafting' || status === 'failed')) {
    nodes.push(plain('span', 'llm-Status-text', proposal.notice));
  }
  if (proposal.problem) {
    nodes.push(plain('span', 'llm-Status-text', problemText(proposal.problem)));
  } else if (status === 'answered' || status === 'declined' || status === 'asking') {
    const text = plain('div', 'llm-Status-text llm-Answer');
    text.dir = 'auto';
    text.append(...answerNodes(proposal.answer));
    nodes.push(text);
  }
  nodes.push(...buttons(options));
  return nodes;
}

/** What a choice asks, where that is not what its button says. */
function asks({ label, prompt }: Suggestion): Node[] {
  const isSaid = label.trim() === prompt.trim();
  return isSaid ? [] : [plain('span', 'llm-Asks', `asks: ${prompt}`)];
}

function buttons({ review, view, keys, isBrief }: ILiveOptions): Node[] {
  const { id, status, suggestions } = view.proposal;
  const tip = (text: string, command: Parameters<IKeys['of']>[0]): string => {
    const key = keys.of(command);
    return key ? `${text} (${key} in review mode)` : text;
  };
  switch (status) {
    case 'drafting':
      return [button('Cancel', 'Stop the model', () => review.cancel(id))];
    case 'asking':
      return [
        ...suggestions.flatMap((choice, index) => [
          button(choice.label, choice.prompt, () => review.choose(id, index)),
          ...asks(choice)
        ]),
        button('Never mind', 'Leave the question unanswered', () => review.cancel(id))
      ];
    case 'pending':
      return [
        ...(view.acceptable && !isBrief
          ? [
              button('Accept', tip('Accept', 'accept'), () => void accept(review, id)),
              ...(view.proposal.edits.some(isCode)
                ? [
                    button(
                      'Accept & run',
                      tip('Accept and run the new cells', 'acceptAndRun'),
                      () => void accept(review, id, { run: true })
                    )
                  ]
                : [])
            ]
          : []),
        ...(isBrief ? [] : [button('Reject', tip('Reject', 'reject'), () => review.reject(id))]),
        button('Show', 'Show in the notebook, in review mode', () => review.focus(id))
      ];
    default:
      return [];
  }
}
