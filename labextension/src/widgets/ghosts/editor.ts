/**
 * The read-only editors in ghosts. They take no focus, so that keys go to the
 * ghost, and they own their text: nothing in them is tied to the notebook.
 */
import { unifiedMergeView } from '@codemirror/merge';
import { Compartment, EditorState } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { jupyterTheme } from '@jupyterlab/codemirror';
import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';

import { change, unfinished } from './growing';
import { revealHidden } from './reveal';

/** How a ghost's text is to be shown. */
export interface ITextStyle {
  readonly mimeType: string;
  readonly wrap: boolean;
  readonly lineNumbers: boolean;
}

/** Unchanged lines kept around each change, and the least number that is folded away. */
const FOLD = { margin: 3, minSize: 6 };

abstract class TextView extends Widget {
  constructor(
    private readonly languages: IEditorLanguageRegistry,
    name: string
  ) {
    super();
    this.addClass('llm-Ghost-text');
    this.view = new EditorView({ parent: this.node });
    this.name = name;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.view.destroy();
    }
    super.dispose();
  }

  /** Sizes measured while out of the page are worth nothing. */
  protected override onAfterAttach(_msg: Message): void {
    this.view.requestMeasure();
  }

  protected restyle(style: ITextStyle): boolean {
    const key = JSON.stringify(style);
    if (key === this.styleKey) {
      return false;
    }
    this.styleKey = key;
    this.style = style;
    void this.load(style.mimeType);
    return true;
  }

  protected start(doc: string, more: Extension = []): void {
    this.view.setState(
      EditorState.create({
        doc,
        extensions: [
          EditorState.readOnly.of(true),
          EditorView.editable.of(false),
          EditorView.contentAttributes.of({ 'aria-label': this.name }),
          this.style.wrap ? EditorView.lineWrapping : [],
          this.style.lineNumbers ? lineNumbers() : [],
          jupyterTheme,
          revealHidden,
          this.language.of(this.support),
          more
        ]
      })
    );
  }

  private async load(mimeType: string): Promise<void> {
    const found = this.languages.findByMIME(mimeType);
    const loaded = found && (await this.languages.getLanguage(found));
    if (this.isDisposed || this.style.mimeType !== mimeType) {
      return;
    }
    this.support = loaded?.support ?? [];
    this.spoken();
  }

  /** The language has come. */
  protected spoken(): void {
    this.view.dispatch({ effects: this.language.reconfigure(this.support) });
  }

  protected readonly view: EditorView;
  protected style: ITextStyle = {
    mimeType: '',
    wrap: false,
    lineNumbers: false
  };
  private readonly language = new Compartment();
  private readonly name: string;
  private support: Extension = [];
  private styleKey = '';
}

/** The source of a cell that does not exist yet. */
export class SourceView extends TextView {
  render(source: string, style: ITextStyle): void {
    if (this.restyle(style)) {
      this.start(source);
      return;
    }
    const changes = change(this.view.state.doc.toString(), source);
    if (changes) {
      this.view.dispatch({ changes });
    }
  }
}

/** A cell's source as it is and as it would be, in one text. */
export class DiffView extends TextView {
  render(before: string, after: string, growing: boolean, style: ITextStyle): void {
    const shown = growing ? unfinished(before, after) : after;
    const anew = this.restyle(style);
    if (anew || before !== this.before || growing !== this.growing) {
      this.before = before;
      this.growing = growing;
      this.compare(shown);
      return;
    }
    const changes = change(this.view.state.doc.toString(), shown);
    if (changes) {
      this.view.dispatch({ changes });
    }
  }

  /** Removed lines are coloured once, when they are drawn. */
  protected override spoken(): void {
    this.compare(this.view.state.doc.toString());
  }

  private compare(shown: string): void {
    this.start(
      shown,
      unifiedMergeView({
        original: this.before ?? '',
        mergeControls: false,
        gutter: true,
        diffConfig: { scanLimit: 500, timeout: 200 },
        // Folding follows the changes only when the text stands still.
        ...(this.growing ? {} : { collapseUnchanged: FOLD })
      })
    );
  }

  private before: string | null = null;
  private growing = false;
}
