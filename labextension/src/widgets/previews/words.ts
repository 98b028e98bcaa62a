/** What is said of a dry run. Pure. */
import type { CellRun, Estimate, Preview, RunError } from '../../protocol.gen';
import type { Age, IPreviewView } from '../../previewing';
import { revealed } from '../../text';

export type Mood = 'busy' | 'good' | 'bad' | 'part' | 'none';

export interface IBadge {
  readonly text: string;
  readonly mood: Mood;
}

/** @param numberOf - A cell's position from 1; undefined where it is not in the notebook. */
export type NumberOf = (id: string) => number | undefined;

const AGES: { readonly [age in Age]: string } = {
  '': '',
  edits: 'Out of date: the proposal was changed since.',
  runs: 'The kernel has run other cells since.',
  restart: 'The kernel was restarted since.'
};

/** Where a dry run stands, in a word or two. */
export function badgeOf(view: IPreviewView, numberOf: NumberOf): IBadge {
  const { preview, isGoingOn } = view;
  if (isGoingOn) {
    if (view.isStopping) {
      return { text: 'stopping…', mood: 'busy' };
    }
    if (preview?.status === 'waiting') {
      return { text: waiting(preview, numberOf), mood: 'busy' };
    }
    return { text: 'previewing…', mood: 'busy' };
  }
  if (view.note.startsWith('Could not preview')) {
    return { text: 'could not preview', mood: 'bad' };
  }
  if (view.shown === null) {
    return { text: 'not previewed', mood: 'none' };
  }
  if (view.age === 'edits') {
    return { text: 'preview out of date', mood: 'none' };
  }
  return ended(view.shown);
}

function waiting({ waits_for }: Preview, numberOf: NumberOf): string {
  const number = waits_for ? numberOf(waits_for) : undefined;
  return number === undefined ? 'waiting for the kernel' : `waiting for cell ${number}`;
}

function ended(shown: Preview): IBadge {
  const { status, sampled } = shown;
  switch (status) {
    case 'previewed':
      return { text: sampled ? 'previewed on a sample' : 'previewed', mood: 'good' };
    case 'failed':
      if (!errorOf(shown)) {
        return { text: 'would break later cells', mood: 'bad' };
      }
      return { text: sampled ? 'failed on a sample' : 'failed', mood: 'bad' };
    case 'budget':
      return { text: 'stopped at its budget', mood: 'part' };
    case 'stopped':
      return { text: 'stopped', mood: 'part' };
    case 'refused':
      return { text: 'could not preview', mood: 'bad' };
    default:
      return { text: 'not previewed', mood: 'none' };
  }
}

/** One line: what it raised, and what changes. */
export function lineOf(view: IPreviewView): string {
  const { shown, isGoingOn, preview } = view;
  if (!shown || (isGoingOn && shown !== preview)) {
    return '';
  }
  const error = errorOf(shown);
  const nothing = shown.status === 'previewed' ? 'no variable and no file changes' : '';
  const parts = [error && `${error.name}: ${firstLine(error.message)}`, shown.summary || nothing];
  return plain(parts.filter(Boolean).join(' · '));
}

/** Why it stands as it does; empty where there is nothing to say. */
export function whyOf(view: IPreviewView): string {
  const { shown, isGoingOn, preview } = view;
  if (isGoingOn && shown !== preview) {
    const waits = preview?.status === 'waiting' ? sentence(preview.reason) : '';
    return plain([waits, shown ? AGES[view.age] : ''].filter(Boolean).join(' '));
  }
  if (view.note) {
    return plain(view.note.replace(/^Could not preview: /, ''));
  }
  if (!shown || (shown.status === 'running' && view.age === '')) {
    return '';
  }
  const reason = shown.status === 'expensive' ? shown.estimate?.why || shown.reason : shown.reason;
  const isSaid = shown.status === 'stopped' && reason === 'Stopped.';
  const sample = shown.sampled ? `On a sample: ${sentence(shown.sampled)}` : '';
  return plain([AGES[view.age], isSaid ? '' : sentence(reason), sample].filter(Boolean).join(' '));
}

/** What a cell of the proposal itself raised. */
export function errorOf(preview: Preview): RunError | null {
  return preview.cells.find(cell => cell.error && !cell.downstream)?.error ?? null;
}

function sentence(text: string): string {
  const begun = text && text[0]!.toUpperCase() + text.slice(1);
  return begun && !/[.!?…]$/.test(begun) ? `${begun}.` : begun;
}

/** What a screen reader is told when a dry run ends; empty while there is nothing to tell. */
export function newsOf(view: IPreviewView): string {
  const { shown, preview } = view;
  if (view.isGoingOn || !shown || shown !== preview || view.age !== '') {
    return '';
  }
  const { text } = ended(shown);
  const rest = lineOf(view) || whyOf(view);
  return plain(rest ? `${text}: ${rest}` : text);
}

export function durationOf(seconds: number): string {
  if (seconds < 1) {
    return 'under 1 s';
  }
  if (seconds < 100) {
    return `${Math.round(seconds)} s`;
  }
  const minutes = seconds / 60;
  return minutes < 100 ? `${Math.round(minutes)} min` : `${Math.round(minutes / 60)} h`;
}

/** The button that starts an expensive one. */
export function offerOf(estimate: Estimate | null): string {
  return estimate?.seconds ? `Preview (about ${durationOf(estimate.seconds)})` : 'Preview anyway';
}

/** Seconds to allow where a person asks for one that looks long, or to go on. */
export function largerBudget(preview: Preview): number {
  const guess = preview.estimate?.seconds ?? null;
  const unknown = preview.status === 'expensive' ? 600 : preview.budget * 10;
  const wanted = guess === null ? unknown : Math.max(guess * 3, preview.budget * 2);
  return Math.round(Math.min(Math.max(wanted, 60), 7200));
}

/** What accepting and running costs; empty where that is not worth saying. */
export function costOf(view: IPreviewView | null): string {
  const shown = view?.shown;
  if (!shown || view.age === 'edits') {
    return '';
  }
  const isWhole = shown.status === 'previewed' && !shown.sampled;
  const seconds = isWhole ? shown.seconds : (shown.estimate?.seconds ?? 0);
  return seconds > 2 ? `about ${durationOf(seconds)}` : '';
}

/** The line at which a cell's run ended or stands, and what is to be said of it. */
export function lineMark(
  run: CellRun | undefined
): { readonly line: number; readonly kind: 'failed' | 'reached'; readonly text: string } | null {
  const line = run?.error ? run.error.line : run?.status === 'partial' ? run.line : null;
  if (!run || line === null) {
    return null;
  }
  return run.error
    ? { line, kind: 'failed', text: plain(`${run.error.name}: ${firstLine(run.error.message)}`) }
    : { line, kind: 'reached', text: 'reached when it was ended' };
}

/** What stands beside a cell of a proposal with several. */
export function runWords(run: CellRun): string {
  switch (run.status) {
    case 'waiting':
      return 'not run yet';
    case 'running':
      return 'running…';
    case 'partial':
      return run.line === null ? 'ended before its end' : `ended at line ${run.line}`;
    default:
      return run.outputs.length === 0 && !run.error ? 'ran without output' : '';
  }
}

export function firstLine(text: string): string {
  const line = text.split('\n')[0]!;
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

/** With what is meant to fool a reader shown for what it is. */
export function plain(text: string): string {
  return revealed(text, false);
}
