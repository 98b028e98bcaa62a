import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import {
  ICompletionProviderManager,
  InlineCompletionTriggerKind,
  type CompletionHandler,
  type IInlineCompletionContext,
  type IInlineCompletionList,
  type IInlineCompletionProvider
} from '@jupyterlab/completer';
import { Text } from '@jupyterlab/coreutils';
import { NotebookPanel } from '@jupyterlab/notebook';

import { CommandIDs } from '../command-ids';
import { IReviews, type IReview, type ITypingPlace } from '../tokens';
import { proposalIcon } from '../widgets/icon';

/** JupyterLab asks when a person pauses for this long; each is a setting of its inline completer. */
const PAUSE_MS = 250;
const PATIENCE_MS = 10_000;

const ACTIVE = 'jp-mod-inline-completer-active';
/** Text that can be taken; what JupyterLab leaves for a moment to keep lines still is none. */
const OFFERED = '.jp-GhostText:not(.jp-GhostText-letterSpacer):not(.jp-GhostText-lineSpacer)';

/** A word, or a sign, with the space before it. */
const WORD = /^\s*(?:[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]+)/u;

export class Completions implements IInlineCompletionProvider {
  constructor(private readonly _reviews: IReviews) {}

  readonly identifier = 'jupyterlab-llm-notebook';
  readonly name = 'Model proposals (with a language model, from level Complete on)';
  readonly icon = proposalIcon;
  readonly schema = {
    default: { enabled: true, timeout: PATIENCE_MS, debouncerDelay: PAUSE_MS }
  };

  async fetch(
    { text, offset }: CompletionHandler.IRequest,
    { widget, triggerKind }: IInlineCompletionContext
  ): Promise<IInlineCompletionList> {
    const review = widget instanceof NotebookPanel ? this._reviews.of(widget) : null;
    const at = Text.charIndexToJsIndex(offset, text);
    const place = review && placeIn(review, text, at);
    if (!review || !place) {
      return { items: [] };
    }
    const isAsked = triggerKind === InlineCompletionTriggerKind.Invoke;
    if (!review.typing.rest(place)) {
      release(review);
    }
    const insertText = await review.typing.goOn(place, isAsked);
    if (!insertText) {
      setTimeout(() => release(review));
    }
    return { items: insertText ? [{ insertText }] : [] };
  }
}

/**
 * Give Tab back to the editor. JupyterLab keeps the key for its completer after
 * other text than was offered is typed, until something else is offered.
 */
function release(review: IReview): void {
  const host = review.panel.content.activeCell?.editor?.host;
  if (host && !host.querySelector(OFFERED)) {
    host.classList.remove(ACTIVE);
  }
}

/** Where the person types; null where it is nothing to go on with: words, or a `%%llm` cell. */
function placeIn(review: IReview, text: string, at: number): ITypingPlace | null {
  const model = review.panel.content.activeCell?.model;
  if (model?.type !== 'code' || model.sharedModel.getSource() !== text) {
    return null;
  }
  return /^\s*%%llm/.test(text)
    ? null
    : { cell: model.id, prefix: text.slice(0, at), suffix: text.slice(at) };
}

export const completePlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-llm-notebook:complete',
  description: 'Goes on with what is typed, through the inline completer.',
  autoStart: true,
  requires: [IReviews, ICompletionProviderManager],
  activate: (
    { commands }: JupyterFrontEnd,
    reviews: IReviews,
    manager: ICompletionProviderManager
  ): void => {
    manager.registerInlineProvider(new Completions(reviews));
    commands.addCommand(CommandIDs.acceptWord, {
      label: 'Take the Next Word of the Completion',
      caption: 'Take one word of what a model would type next',
      isEnabled: () => {
        const id = reviews.current?.panel.id;
        return id !== undefined && manager.inline?.isActive(id) === true;
      },
      execute: () => {
        const review = reviews.current;
        const editor = review?.panel.content.activeCell?.editor;
        const position = editor?.getCursorPosition();
        if (!review || !editor || !position) {
          return;
        }
        const text = editor.model.sharedModel.getSource();
        const place = placeIn(review, text, editor.getOffsetAt(position));
        const word = place && WORD.exec(review.typing.rest(place));
        if (word) {
          editor.replaceSelection?.(word[0]);
        }
      }
    });
  }
};
