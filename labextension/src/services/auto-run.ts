/**
 * What level Auto-run does with what waits: which proposal runs by itself, and why the others do not.
 *
 * The kernel's ALLOW is one condition of many, and the others are this page's own:
 * armed by a hand, asked for here, on screen as it was judged and tried, no larger
 * than the leash, and in nobody's way.
 */
import type { IFate, IHappened } from '../autonomy';
import type { Level } from '../protocol.gen';
import type { IProposalView } from '../tokens';
import type { Arming } from './arming';
import type { IChannel } from './channel';
import type { IChoices } from './choices';
import type { Decisions } from './decisions';
import type { IHost } from './host';
import { sentenceOf, type Judging } from './judging';
import type { Previews } from './previews';
import type { Running } from './running';
import { sizeOf } from './size';
import { hasCode } from './trial';
import type { WayBack } from './way-back';

export interface IAutoRunOptions {
  readonly host: IHost;
  readonly choices: IChoices;
  readonly arming: Arming;
  readonly judging: Judging;
  readonly previews: Previews;
  readonly decisions: Decisions;
  readonly running: Running;
  readonly wayBack: WayBack;
  readonly level: () => Level;
  readonly channel: IChannel;
  readonly views: () => ReadonlyArray<IProposalView>;
  /** The proposal that the person has turned to. */
  readonly focused: () => string | null;
  readonly now: () => number;
  readonly changed: () => void;
}

/** How much of what a run stood on is written into its cells. */
const LONGEST = 300;
/** How long it is said, before a step runs, what an undo of it would not put back. */
export const SAID_MS = 1500;

const NONE: IFate['reasons'] = [];

const why = (fate: IFate['fate'], text: string, reasons = NONE): IFate => ({
  fate,
  why: text,
  reasons
});

export class AutoRun {
  constructor(private readonly _options: IAutoRunOptions) {
    const { host } = _options;
    host.cellExecuted.connect(this._onExecuted, this);
    host.cellFailed.connect(this._onFailed, this);
  }

  /** Newest first. */
  get happened(): ReadonlyArray<IHappened> {
    const back = new Set(
      this._options.views().flatMap(({ proposal, canTakeBack }) => (canTakeBack ? proposal.id : []))
    );
    return this._happened.map(item => ({ ...item, isBack: !back.has(item.id) }));
  }

  /** The kernel is gone, and what ran in it. */
  lost(): void {
    this._ours.clear();
  }

  /** End it, and what it runs. */
  stop(): void {
    const { arming, host } = this._options;
    arming.disarm('');
    // Of one that was deleted nobody tells the end: what runs may be the person's own.
    if (host.shared.cells.some(({ id }) => this._ours.has(id))) {
      host.interrupt();
    }
  }

  /** What happens, or would at level Auto-run, with a proposal that waits. */
  of(view: IProposalView): IFate | null {
    return view.proposal.status === 'pending'
      ? (this._own(view) ?? this._judged(view) ?? this._now(view) ?? why('runs', ''))
      : null;
  }

  /** Run what is to be run, one after the other in notebook order. */
  follow(): void {
    const { arming, level, views } = this._options;
    arming.check();
    if (this._isBusy || level() !== 4) {
      return;
    }
    const next = views().find(view => this.of(view)?.fate === 'runs');
    if (next) {
      void this._run(next);
    }
  }

  // ---------------------------------------------------------------------------

  /** What this page itself knows against it. */
  private _own(view: IProposalView): IFate | null {
    const { proposal } = view;
    const { previews, choices } = this._options;
    const refused = this._refused.get(proposal.id);
    if (this._done.has(proposal.id)) {
      return why('held', 'It ran by itself once and was taken back.');
    }
    if (refused !== undefined) {
      return why('held', refused);
    }
    if (!view.acceptable) {
      return why('held', 'It is out of date.');
    }
    if (!hasCode(proposal)) {
      return why('held', 'There is nothing to run in it.');
    }
    if (proposal.edited.length > 0) {
      return why('held', 'You have changed its text.');
    }
    if (!previews.own.isAsked(proposal)) {
      return why('held', 'It was not asked for in this page.');
    }
    const { leash } = choices;
    const { cells, lines } = sizeOf(view);
    if (cells > leash.cells || lines > leash.lines) {
      return why(
        'held',
        cells > leash.cells
          ? `It changes ${cells} cells, and the leash is ${leash.cells}.`
          : `It changes ${lines} lines, and the leash is ${leash.lines}.`
      );
    }
    return proposal.edits.some(edit => 'source' in edit && isRich(edit.cell_type, edit.source))
      ? why(
          'held',
          'It writes a text cell with a picture, a link or HTML, which your page would load.'
        )
      : null;
  }

  /** What the rules say, and what its dry run was. */
  private _judged({ proposal }: IProposalView): IFate | null {
    const decision = this._options.judging.of(proposal);
    // An ASK before the dry run is over is mostly about that it is not.
    const isSaid = decision?.is_final || decision?.ruling === 'DENY';
    if (decision && isSaid && decision.ruling !== 'ALLOW') {
      const fate = decision.ruling === 'DENY' ? 'denied' : 'held';
      return why(fate, sentenceOf(decision.reasons), decision.reasons);
    }
    const seen = this._options.previews.of(proposal);
    const shown = seen?.shown ?? null;
    if (!seen || (shown === null && seen.note)) {
      return why('held', seen?.note || 'It was not tried in the sandbox.');
    }
    if (seen.isGoingOn || (shown === null && !seen.isQuiet)) {
      return why('waits', 'Its dry run is not over.');
    }
    if (shown === null || shown !== seen.preview) {
      return why('held', 'It was not tried in the sandbox.');
    }
    if (shown.status !== 'previewed') {
      return why('held', ENDED[shown.status] ?? 'Its dry run did not come to its end.');
    }
    if (shown.sampled) {
      return why('held', 'Its dry run was on a sample.');
    }
    if (seen.age === 'runs') {
      return why('waits', 'Other cells have run since its dry run.');
    }
    if (seen.age) {
      return why('held', 'Its dry run is out of date.');
    }
    return decision?.is_final ? null : why('waits', 'The rules have not decided yet.');
  }

  /** What is in the way at this moment. */
  private _now(view: IProposalView): IFate | null {
    const { host, running, channel, focused } = this._options;
    if (view.next?.status === 'drafting') {
      return why('waits', 'Its next version is being written.');
    }
    if (focused() === view.proposal.id) {
      return why('waits', 'You have turned to it.');
    }
    const { typing } = host;
    if (
      typing !== null &&
      view.edits.some(({ edit, anchor }) => [edit.cell_id, anchor].includes(typing))
    ) {
      return why('waits', 'You are typing where it would stand.');
    }
    if (running.isAny) {
      return why('waits', 'A cell is running.');
    }
    return channel.connection === 'ready' || channel.connection === 'ready-when-idle'
      ? null
      : why('waits', 'The kernel is not ready.');
  }

  private async _run(view: IProposalView): Promise<void> {
    const { decisions, arming, wayBack, now, changed } = this._options;
    const { proposal } = view;
    this._isBusy = true;
    try {
      const kept = await wayBack.keep(proposal.id);
      const lost = kept ? kept.not_kept.map(({ name }) => name) : ['variables'];
      if (lost.length > 0) {
        changed();
        await new Promise(resolve => setTimeout(resolve, SAID_MS));
      }
      const evidence = this._evidence(view, lost);
      const still = (at: IProposalView): boolean =>
        this._options.level() === 4 && this.of(at)?.fate === 'runs';
      const result = await decisions.acceptUnasked(proposal.id, { evidence, still });
      if (result.outcome === 'accepted') {
        const { cells } = result;
        const { id, title, origin } = proposal;
        this._done.add(id);
        cells.forEach(cell => this._ours.set(cell, title || origin.prompt));
        this._happened.unshift({
          id,
          title: title || origin.prompt,
          evidence,
          at: now(),
          cells,
          isBack: false
        });
        arming.use();
      } else if (result.outcome !== 'inert') {
        this._refused.set(proposal.id, result.reason);
      }
    } finally {
      this._isBusy = false;
      changed();
    }
  }

  private _evidence({ proposal }: IProposalView, lost: ReadonlyArray<string>): string {
    const preview = this._options.previews.of(proposal)?.shown;
    const facts = [
      preview?.summary || 'changes no variable',
      ...(lost.length > 0 ? [`an undo will not put back ${lost.join(', ')}`] : []),
      'allowed by the rules',
      `tried in ${preview?.isolation?.name ?? 'the sandbox'}`
    ];
    const text = facts.join(' · ');
    return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  }

  private _onExecuted(_: IHost, cell: string): void {
    this._ours.delete(cell);
    this._options.changed();
  }

  /** What was thought of the next one no longer stands where one has failed. */
  private _onFailed(_: IHost, cell: string): void {
    const title = this._ours.get(cell);
    if (title !== undefined) {
      this._options.arming.disarm(`Auto-run has ended: “${title}” ran into an error.`);
    }
  }

  private _isBusy = false;
  private readonly _happened: IHappened[] = [];
  /** What has run by itself never does again. */
  private readonly _done = new Set<string>();
  private readonly _refused = new Map<string, string>();
  /** Cells that run by themselves now, with the titles of their proposals. */
  private readonly _ours = new Map<string, string>();
}

const ENDED: { readonly [status: string]: string } = {
  failed: 'Its dry run ended in an error.',
  budget: 'Its dry run was cut at its budget.',
  stopped: 'Its dry run was stopped.',
  expensive: 'It looks long, so it was not tried.',
  refused: 'It could not be tried in the sandbox.'
};

/** Whether showing this text could load something, or lead away. */
function isRich(cellType: string, source: string): boolean {
  return cellType !== 'code' && /[<]|\]\s*[([:]|:\/\//.test(source);
}
