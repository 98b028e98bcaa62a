/** What is known of one proposal's dry runs. */
import { editsHash } from '../hash';
import type { Edit, Preview, PreviewStatus, Problem, Proposal } from '../protocol.gen';
import type { Age, IPreviewView } from '../previewing';

const OVER = new Set<PreviewStatus>([
  'previewed',
  'failed',
  'budget',
  'stopped',
  'expensive',
  'refused'
]);

export function isOver({ status }: Preview): boolean {
  return OVER.has(status);
}

/** Whether it is over, and something was run. */
export function hasRun({ status }: Preview): boolean {
  return OVER.has(status) && status !== 'expensive' && status !== 'refused';
}

/** Whether there is anything in it yet that is worth taking the place of an older one. */
export function showsSomething(preview: Preview): boolean {
  return isOver(preview) || preview.cells.some(cell => cell.outputs.length > 0 || cell.error);
}

const hashes = new WeakMap<ReadonlyArray<Edit>, string>();

export function hashOf({ edits }: Proposal): string {
  const hash = hashes.get(edits) ?? editsHash(edits);
  hashes.set(edits, hash);
  return hash;
}

export function hasCode({ edits }: Proposal): boolean {
  return edits.some(edit => 'cell_type' in edit && edit.cell_type === 'code');
}

export class Trial {
  /** As it was told last. */
  preview: Preview | null = null;
  /** The last that showed something. */
  shown: Preview | null = null;
  /** What is asked for and not over. */
  asked: {
    readonly hash: string;
    readonly isAutomatic: boolean;
    isUnanswered: boolean;
  } | null = null;
  /** The edits that were tried last. */
  tried = '';
  problem: Problem | null = null;
  isStopping = false;
  isRestarted = false;
  /** The kernel has run other cells since it began. */
  isBehind = false;

  /** It was asked for. */
  ask(hash: string, isAutomatic: boolean, now: number): void {
    this.asked = { hash, isAutomatic, isUnanswered: true };
    this.tried = hash;
    this.problem = null;
    this.isStopping = false;
    this._begun = now;
    this._isRunning = false;
  }

  /** @returns Whether it ended now in an error. */
  hear(preview: Preview, now: number): boolean {
    if (this.asked && this.asked.hash !== preview.edits_hash && isOver(preview)) {
      // A newer one took its place; it is on its way.
      return false;
    }
    const wasOver = this.preview !== null && isOver(this.preview);
    const isNew = this.preview?.edits_hash !== preview.edits_hash || wasOver;
    if (isNew || (preview.status !== 'waiting' && !this._isRunning)) {
      this._begun = now;
      this.isBehind = false;
      this.isRestarted = false;
    }
    this._isRunning = preview.status !== 'waiting';
    this.preview = preview;
    if (showsSomething(preview)) {
      this.shown = preview;
    }
    if (isOver(preview)) {
      this.asked = null;
      this.isStopping = false;
      return preview.status === 'failed' && !(wasOver && !isNew);
    }
    this.asked = {
      hash: preview.edits_hash,
      isAutomatic: this.asked?.isAutomatic ?? false,
      isUnanswered: false
    };
    return false;
  }

  /** A live cell ran, at the earliest at this time. */
  ran(at: number): void {
    if (this._isRunning && this._begun < at) {
      this.isBehind = true;
    }
  }

  /** What the one that is shown is no longer true of, where these are the edits now. */
  age(hash: string): Age {
    const { shown } = this;
    if (shown === null) {
      return '';
    }
    if (shown.edits_hash !== hash) {
      return 'edits';
    }
    if (this.isRestarted) {
      return 'restart';
    }
    return this.isBehind && hasRun(shown) ? 'runs' : '';
  }

  /** When edits that are these now have stood still for long enough; at once where they are the first. */
  due(hash: string, now: number, rest: number): number {
    if (this._seen !== hash) {
      this._due = this._seen === '' ? now : now + rest;
      this._seen = hash;
    }
    return this._due;
  }

  /** The same object while it says the same. */
  view(next: IPreviewView): IPreviewView {
    const last = this._view;
    const isSame =
      last !== null &&
      (Object.keys(next) as (keyof IPreviewView)[]).every(key => last[key] === next[key]);
    return isSame ? last : (this._view = next);
  }

  private _view: IPreviewView | null = null;
  private _seen = '';
  private _due = 0;
  private _begun = 0;
  private _isRunning = false;
}
