/**
 * A ghost's text as an editor: the proposed source, for the person to change.
 *
 * It has its own history, and what is typed is the notebook's in no way. What
 * was typed outlives the editor, which goes away with the cell that it stands in.
 */
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { jupyterTheme } from '@jupyterlab/codemirror';
import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';

import { showsDeceptive } from './showing-deceptive';
import type { ITextStyle } from './text-view';

/** A person's own version of a proposed text. */
export interface IDraft {
  text: string;
  /** With history and cursor, once there was an editor. */
  state: EditorState | null;
  /** Not told to the review yet. */
  isUnsaved: boolean;
}

export interface IEditorActions {
  changed(draft: IDraft): void;
  /** Back to the ghost; the text is kept. */
  leave(): void;
}

/** The class that key bindings for the editor look for. */
export const EDITOR_CLASS = 'llm-GhostEditor';

/** This key is a command's, by which the text is accepted. */
const KEYMAP = defaultKeymap.filter(({ key }) => key !== 'Mod-Enter');

export class GhostEditor {
  constructor(
    private readonly draft: IDraft,
    style: ITextStyle,
    languages: IEditorLanguageRegistry,
    actions: IEditorActions
  ) {
    this.node = document.createElement('div');
    this.node.className = `${EDITOR_CLASS} llm-Ghost-text`;
    this.view = new EditorView({
      parent: this.node,
      state: draft.state ?? this.start(style, languages, actions)
    });
  }

  readonly node: HTMLElement;

  dispose(): void {
    this.draft.state = this.view.state;
    this.view.destroy();
    this.node.remove();
  }

  focus(): void {
    this.view.focus();
  }

  get hasFocus(): boolean {
    return this.view.hasFocus;
  }

  private start(
    style: ITextStyle,
    languages: IEditorLanguageRegistry,
    actions: IEditorActions
  ): EditorState {
    const { draft } = this;
    return EditorState.create({
      doc: draft.text,
      extensions: [
        EditorView.contentAttributes.of({
          'aria-label': 'Proposed source. Escape keeps it and leaves.'
        }),
        history(),
        drawSelection(),
        keymap.of([
          {
            key: 'Escape',
            run: () => {
              actions.leave();
              return true;
            }
          },
          indentWithTab,
          ...historyKeymap,
          ...KEYMAP
        ]),
        EditorView.updateListener.of(update => {
          draft.state = update.state;
          if (update.docChanged) {
            draft.text = update.state.doc.toString();
            draft.isUnsaved = true;
            actions.changed(draft);
          }
        }),
        EditorView.lineWrapping,
        showsDeceptive(style.prose),
        style.lineNumbers ? lineNumbers() : [],
        jupyterTheme,
        languages.findByMIME(style.mimeType)?.support ?? []
      ]
    });
  }

  private readonly view: EditorView;
}
