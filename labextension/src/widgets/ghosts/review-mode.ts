/**
 * Where the keys go: into a ghost when a person turns to it, back to the
 * notebook when they are done. Focus never moves without a person's gesture.
 */
import type { Cell } from '@jupyterlab/cells';
import { NotebookActions } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import type { IProposalView, IReview } from '../../tokens';
import { Errand, isInChooser } from '../choosers';
import type { ITarget } from './actions';
import type { Desk } from './desk';
import { Ghost } from './ghost';
import type { Landing } from './landing';
import { isOpen } from './places';
import { bringIntoView, draw } from './scroll';

/** What review mode asks of the overlay. */
export interface IStage {
  ghostOf(target: ITarget): Ghost | null;
  landingOf(target: ITarget): Landing | null;
  cellOf(target: ITarget, landing?: boolean): Cell | null;
  pending(): string[];
  sync(): void;
  announce(words: string): void;
}

/** The notebook's own mark for "keys belong to what has the focus": its command-mode keys then rest. */
const KEYS_TAKEN = 'jp-mod-readWrite';

const ELSEWHERE = 'The proposal was closed, not by you. You are in the notebook.';

const GHOST = '.llm-Ghost, .llm-Landing';

export class ReviewMode implements IDisposable {
  constructor(
    private readonly review: IReview,
    private readonly stage: IStage,
    private readonly desk: Desk
  ) {
    const { node } = review.panel;
    this.errand = new Errand(node, isFree => this.cameBack(isFree));
    node.addEventListener('focusin', this.onFocusIn);
    node.addEventListener('focusout', this.onFocusOut);
    review.focusRequested.connect(this.onRequested, this);
    this.focused = review.focused;
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (!this.disposed) {
      this.disposed = true;
      this.errand.end();
      const { node } = this.review.panel;
      node.removeEventListener('focusin', this.onFocusIn);
      node.removeEventListener('focusout', this.onFocusOut);
      Signal.clearData(this);
    }
  }

  /** After anything in the review changed: leave what is closed or was left. */
  follow(): void {
    const before = this.focused;
    this.focused = this.review.focused;
    // The review itself may have moved the focus off a ghost that it closed.
    const id = this.standing ?? before;
    if (id === null) {
      return;
    }
    const view = this.review.proposals.find(({ proposal }) => proposal.id === id);
    const newer = view ? undefined : this.review.proposals.find(item => shows(item, id));
    if (newer && isOpen(newer)) {
      // Another version stands in its place now.
      this.standing = newer.proposal.id;
      this.review.focus(newer.proposal.id);
      return;
    }
    if (!view || !isOpen(view)) {
      this.standing = null;
      this.closed(id, view);
    } else if (before === this.standing && this.focused === null) {
      this.standing = null;
      void this.toNotebook();
    }
  }

  private closed(id: string, view: IProposalView | undefined): void {
    if (view?.proposal.status === 'accepted' && !view.elsewhere) {
      const made = view.proposal.edits.find(({ op }) => op === 'insert' || op === 'replace');
      const cell = made ?? view.proposal.edits.find(({ op }) => op === 'move');
      this.leave(id);
      void this.toNotebook(cell?.cell_id);
      return;
    }
    const { focused } = this.review;
    if (focused !== null && focused !== id) {
      // Somebody else has turned to the next one already.
      return;
    }
    const order = this.stage.pending();
    const at = order.indexOf(id);
    const open = new Set(this.review.proposals.filter(isOpen).map(({ proposal }) => proposal.id));
    const next = [...order.slice(at + 1), ...order.slice(0, Math.max(at, 0))];
    const found = next.find(other => open.has(other));
    if (found && isOwn(view)) {
      this.review.focus(found);
      return;
    }
    this.leave(id);
    void this.toNotebook();
    if (!isOwn(view)) {
      // The next key may be on its way, and is not meant for one that nobody has looked at.
      this.stage.announce(ELSEWHERE);
    }
  }

  private leave(id: string): void {
    if (this.review.focused === id) {
      this.focused = null;
      this.review.focus(null);
    }
  }

  /** Gives the focus to the notebook in command mode, on a cell if one is named. */
  private async toNotebook(cellId?: string): Promise<void> {
    const notebook = this.review.panel.content;
    const turn = ++this.turn;
    const index = notebook.widgets.findIndex(w => w.model.id === cellId);
    notebook.deselectAll();
    if (index !== -1) {
      notebook.activeCellIndex = index;
    }
    notebook.mode = 'command';
    const cell = notebook.activeCell;
    if (!cell) {
      return;
    }
    // The keys first: what follows may take a moment.
    notebook.node.classList.remove(KEYS_TAKEN);
    await draw(notebook, cell);
    if (turn === this.turn && !this.disposed && !cell.isDisposed) {
      await NotebookActions.focusActiveCell(notebook, {
        waitUntilReady: true,
        preventScroll: true
      });
      await bringIntoView(
        notebook,
        cell,
        () => cell.inputArea?.node ?? cell.node,
        () => turn === this.turn && !cell.isDisposed
      );
    }
  }

  private onRequested(_: IReview, id: string): void {
    this.focused = this.review.focused;
    // A person who clicked into a ghost stands there already.
    if (!this.entering) {
      void this.reveal(this.desk.target ?? { proposal: id });
    }
  }

  /** Bring a part of a proposal (or the place where a cell would go) into view, with the keyboard. */
  async reveal(target: ITarget, landing = false): Promise<void> {
    const notebook = this.review.panel.content;
    const turn = ++this.turn;
    const wanted = () =>
      turn === this.turn && !this.disposed && this.review.focused === target.proposal;
    this.stage.sync();
    const cell = this.stage.cellOf(target, landing);
    if (!cell) {
      return;
    }
    await draw(notebook, cell);
    if (!wanted()) {
      return;
    }
    this.stage.sync();
    const end = () => (landing ? this.stage.landingOf(target) : this.stage.ghostOf(target));
    const node = () => {
      const found = end();
      const hunk = target.hunk ?? null;
      return (found instanceof Ghost ? found.part(hunk) : found?.node) ?? null;
    };
    const focus = () => {
      const found = end()?.node;
      // What is in it keeps the keyboard, such as a field for words.
      if (found && found !== document.activeElement && !holdsText(found)) {
        (this.fieldIn(found) ?? found).focus({ preventScroll: true });
      }
    };
    // The keys first, where it can have them: the next key may come before it is in view.
    if (end()?.node.isConnected) {
      focus();
    }
    const shown = bringIntoView(notebook, cell, node, wanted);
    await Promise.race([shown, new Promise(done => setTimeout(done, 200))]);
    if (wanted()) {
      focus();
    }
    await shown;
  }

  /** The field that a command chosen in the palette has opened: the palette takes the keyboard. */
  private fieldIn(ghost: HTMLElement): HTMLElement | null {
    const { stood } = this;
    const isField = this.errand.isOn && ghost.contains(stood) && stood?.matches(':read-write');
    return isField ? stood : null;
  }

  private readonly onFocusIn = (event: FocusEvent): void => {
    const ghost = (event.target as Element).closest<HTMLElement>(GHOST);
    const id = ghost?.dataset.llmProposal;
    if (!ghost || id === undefined) {
      return;
    }
    this.standing = id;
    this.stood = event.target as HTMLElement;
    // After the notebook's own handler, which sits further in.
    this.review.panel.content.node.classList.add(KEYS_TAKEN);
    if (this.review.focused !== id) {
      this.entering = true;
      this.review.focus(id);
      this.entering = false;
    }
    this.focused = this.review.focused;
    const key = ghost.dataset.llmKey ?? '';
    this.desk.stand(id, key, this.stage.ghostOf({ proposal: id })?.key === key);
  };

  private readonly onFocusOut = (event: FocusEvent): void => {
    const to = event.relatedTarget as Element | null;
    // Nothing takes the focus when the window loses it, or a node goes away.
    if (!to || this.standing === null || this.ours(to) || this.errand.isOn) {
      return;
    }
    if (isInChooser(to)) {
      // What is still on its way would take the keyboard out of the menu.
      this.turn++;
      this.errand.begin();
    } else {
      this.goAway(this.standing);
    }
  };

  private goAway(id: string): void {
    this.standing = null;
    this.turn++;
    this.leave(id);
  }

  /** What was chosen in a menu or the palette is under way, or nothing was. */
  private cameBack(isFree: boolean): void {
    const id = this.standing;
    const at = document.activeElement;
    if (id === null || (at && this.ours(at))) {
      return;
    }
    if (!isFree) {
      this.goAway(id);
    } else if (this.stood?.isConnected) {
      this.stood.focus({ preventScroll: true });
    } else {
      void this.reveal(this.desk.target ?? { proposal: id });
    }
  }

  private ours(element: Element): boolean {
    return !!element.closest(GHOST) && this.review.panel.node.contains(element);
  }

  /** The proposal whose ghost has the focus, or had it until the ghost went away. */
  private standing: string | null = null;
  /** What of that ghost had it. */
  private stood: HTMLElement | null = null;
  private readonly errand: Errand;
  private focused: string | null;
  private entering = false;
  private turn = 0;
  private disposed = false;
}

/** Whether a person types in it. */
function holdsText(node: HTMLElement): boolean {
  return node.contains(document.activeElement) && !!document.activeElement?.matches(':read-write');
}

/** Whether it is shown in the place of another version. */
function shows({ versions, proposal }: IProposalView, id: string): boolean {
  return proposal.status !== 'queued' && versions.includes(id);
}

/** Whether it was closed by this page's word; what ends by itself is nobody's. */
function isOwn(view: IProposalView | undefined): boolean {
  return !view?.elsewhere && ['rejected', 'cancelled'].includes(view?.proposal.status ?? '');
}
