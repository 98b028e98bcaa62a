/** In an editor: what is meant to fool a reader is shown for what it is, and can be deleted. */
import type { Extension } from '@codemirror/state';
import { RangeSetBuilder } from '@codemirror/state';
import {
  Decoration,
  ViewPlugin,
  WidgetType,
  type DecorationSet,
  type EditorView,
  type ViewUpdate
} from '@codemirror/view';

import { pieces, type IPiece } from '../../text';
import { tag } from '../dom';

class Named extends WidgetType {
  constructor(private readonly piece: IPiece) {
    super();
  }

  override eq(other: Named): boolean {
    return other.piece.text === this.piece.text && other.piece.about === this.piece.about;
  }

  toDOM(): HTMLElement {
    return tag(this.piece);
  }
}

function named(view: EditorView, prose: boolean): DecorationSet {
  const found = new RangeSetBuilder<Decoration>();
  let done = -1;
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to;) {
      const line = view.state.doc.lineAt(at);
      if (line.from > done) {
        done = line.from;
        for (const piece of pieces(line.text, prose)) {
          if (piece.deceptive) {
            const widget = new Named(piece);
            found.add(line.from + piece.from, line.from + piece.to, Decoration.replace({ widget }));
          }
        }
      }
      at = line.to + 1;
    }
  }
  return found.finish();
}

export function showsDeceptive(prose: boolean): Extension {
  return ViewPlugin.fromClass(
    class {
      constructor(view: EditorView) {
        this.decorations = named(view, prose);
      }

      update({ docChanged, viewportChanged, view }: ViewUpdate): void {
        if (docChanged || viewportChanged) {
          this.decorations = named(view, prose);
        }
      }

      decorations: DecorationSet;
    },
    { decorations: plugin => plugin.decorations }
  );
}
