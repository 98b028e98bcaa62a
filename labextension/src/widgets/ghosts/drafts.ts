/** A person's own versions of proposed texts: kept here, and told to the review as they type. */
import { Notification } from '@jupyterlab/apputils';

import type { IEditView, IReview } from '../../tokens';
import type { ITarget } from './actions';
import type { IDraft } from './ghost-editor';
import { nameOf } from './notes';
import type { Notes } from './notes';
import { keyOf } from './parts';

/** How long the keys rest before what was typed is told. */
const REST = 400;

export class Drafts {
  constructor(
    private readonly review: IReview,
    private readonly notes: Notes,
    private readonly changed: () => void
  ) {
    // Before what the page keeps is written for the last time, which listens for the same.
    window.addEventListener('pagehide', this.onLeave, true);
    // The review ends with the panel, of which this is a part: after that it hears nothing.
    review.panel.content.disposed.connect(this.onLeave);
  }

  /** What was typed up to now is told. */
  dispose(): void {
    window.removeEventListener('pagehide', this.onLeave, true);
    this.review.panel.content.disposed.disconnect(this.onLeave);
    this.save();
  }

  /** Open an edit's text for changes; false where it has none. */
  begin(proposal: string, { edit, applies }: IEditView): boolean {
    if (!('source' in edit) || !applies || !this.isPending(proposal)) {
      return false;
    }
    const name = nameOf(proposal, keyOf(edit));
    if (!this.notes.drafts.has(name)) {
      this.notes.drafts.set(name, { text: edit.source, state: null, isUnsaved: false });
    }
    return true;
  }

  typed(target: ITarget, draft: IDraft): void {
    this.pending.set(draft, target);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), REST);
  }

  /** Close the editor; what was typed is told. */
  finish(target: ITarget): string | null {
    this.save();
    const name = nameOf(target.proposal, target.key ?? '');
    const draft = this.notes.drafts.get(name);
    this.notes.drafts.delete(name);
    return draft?.text ?? null;
  }

  /** Tell what was typed and not told yet. */
  save(): void {
    window.clearTimeout(this.timer);
    const unsaved = [...this.pending];
    this.pending.clear();
    for (const [draft, { proposal, key }] of unsaved) {
      const view = this.review.proposals.find(item => item.proposal.id === proposal);
      const edit = view?.edits.find(item => keyOf(item.edit) === key);
      if (!edit || !this.isPending(proposal)) {
        rescue(draft.text);
      } else if ('source' in edit.edit && edit.edit.source !== draft.text) {
        this.review.revise(proposal, edit.index, draft.text);
      }
      draft.isUnsaved = false;
    }
    if (unsaved.length) {
      this.changed();
    }
  }

  /** Something changed: an editor whose proposal was decided about elsewhere closes. */
  follow(): void {
    for (const [name, draft] of [...this.notes.drafts]) {
      const [proposal, ...key] = name.split('|');
      const view = this.review.version(proposal ?? '');
      const there = view?.edits.some(edit => keyOf(edit) === key.join('|'));
      if (view?.status !== 'pending' || !there) {
        this.notes.drafts.delete(name);
        if (draft.isUnsaved) {
          this.pending.delete(draft);
          rescue(draft.text);
        }
      }
    }
  }

  private readonly onLeave = (): void => this.save();

  private isPending(proposal: string): boolean {
    return this.review.version(proposal)?.status === 'pending';
  }

  private readonly pending = new Map<IDraft, ITarget>();
  private timer = 0;
}

/** What was typed must not be lost because the proposal was decided about meanwhile. */
function rescue(text: string): void {
  Notification.warning(
    'The proposal was decided about while you changed its text. Your text was not applied.',
    {
      autoClose: false,
      actions: [{ label: 'Copy my text', callback: () => void navigator.clipboard.writeText(text) }]
    }
  );
}
