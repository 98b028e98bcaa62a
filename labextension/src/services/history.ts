/** Knowing when the undo step of an accept is taken back or redone. */
import type { YNotebook } from '@jupyter/ydoc';

import type { Edit } from '../protocol.gen';
import type { IFootprint } from './takeback';

const UNDO_KEY = 'jupyterlab-llm-notebook:accept';

/** An undo step that wrote what was accepted. */
export interface IAccept {
  readonly id: string;
  readonly edits: ReadonlyArray<Edit>;
  /** What waited before and after. */
  readonly before: ReadonlyArray<Edit>;
  readonly rest: ReadonlyArray<Edit>;
  readonly print: IFootprint;
}

/** What a step took back of an accept. */
export interface ITaken {
  readonly accept: IAccept;
  readonly edits: ReadonlyArray<Edit>;
}

/** An undo step of ours: an accept, or one that took back parts of accepts, newest first. */
export type IMark = IAccept | { readonly id: string; readonly takes: ReadonlyArray<ITaken> };

/** The events of Yjs' undo manager that are used here. */
interface IStackEvent {
  readonly stackItem: { readonly meta: Map<unknown, unknown> };
  readonly type: 'undo' | 'redo';
}

/**
 * Marks the undo step of an accept, and says when it is taken back or redone.
 */
export class AcceptHistory {
  constructor(
    private readonly _notebook: YNotebook,
    private readonly _moved: (mark: IMark, by: 'undo' | 'redo') => void
  ) {
    const manager = this._notebook.undoManager;
    manager.on('stack-item-added', this._added);
    manager.on('stack-item-popped', this._popped);
  }

  dispose(): void {
    const manager = this._notebook.undoManager;
    manager.off('stack-item-added', this._added);
    manager.off('stack-item-popped', this._popped);
  }

  /** Run `apply`; the undo step that it makes is marked so. */
  record<T>(mark: IMark, apply: () => T): T {
    this._current = mark;
    try {
      return apply();
    } finally {
      this._current = null;
    }
  }

  /** The mark of the step that an undo would take back, or a redo would bring again. */
  next(by: 'undo' | 'redo'): IMark | undefined {
    const { undoStack, redoStack } = this._notebook.undoManager;
    const stack = by === 'undo' ? undoStack : redoStack;
    return stack.at(-1)?.meta.get(UNDO_KEY) as IMark | undefined;
  }

  private readonly _added = (event: IStackEvent): void => {
    this._newest = event.stackItem;
    if (this._current !== null) {
      event.stackItem.meta.set(UNDO_KEY, this._current);
    }
  };

  private readonly _popped = (event: IStackEvent): void => {
    const mark = event.stackItem.meta.get(UNDO_KEY) as IMark | undefined;
    if (mark) {
      // An undo has just made a step on the redo stack, and the reverse: the mark goes along.
      this._newest?.meta.set(UNDO_KEY, mark);
      this._moved(mark, event.type);
    }
  };

  private _newest: IStackEvent['stackItem'] | null = null;
  private _current: IMark | null = null;
}
