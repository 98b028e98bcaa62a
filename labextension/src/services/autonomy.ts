/** The slider of one notebook: what it shows, and what it says to the kernel. */
import type { IAutonomy, IBudget, IFate, IHappened, ILimit } from '../autonomy';
import type { Grant, Leash, Level, Recalled, Tally } from '../protocol.gen';
import type { IProposalView } from '../tokens';
import type { Arming } from './arming';
import type { AutoRun } from './auto-run';
import type { IChannel } from './channel';
import type { IChoices } from './choices';
import type { IEffectiveLevel } from './level';

export interface IAutonomyOptions {
  readonly channel: IChannel;
  readonly choices: IChoices;
  readonly arming: Arming;
  readonly auto: AutoRun;
  readonly level: () => IEffectiveLevel;
  readonly limits: () => ReadonlyArray<ILimit>;
  readonly views: () => ReadonlyArray<IProposalView>;
}

export class Autonomy implements IAutonomy {
  constructor(private readonly _options: IAutonomyOptions) {}

  past: ReadonlyArray<Tally> | null = null;

  get limits(): ReadonlyArray<ILimit> {
    return this._options.limits();
  }

  get leash(): Leash {
    return this._options.choices.leash;
  }

  get grants(): ReadonlyArray<Grant> {
    return this._options.choices.grants;
  }

  get budget(): IBudget | null {
    return this._options.arming.budget;
  }

  get ended(): string {
    return this._options.arming.ended;
  }

  get turn(): number {
    return this._options.arming.turn;
  }

  get happened(): ReadonlyArray<IHappened> {
    return this._options.auto.happened;
  }

  get sentence(): string {
    const { level, views } = this._options;
    const fates = views().flatMap(view => this.of(view) ?? []);
    return sentenceAt(level().level, fates);
  }

  of(view: IProposalView): IFate | null {
    const fate = this._options.auto.of(view);
    const { id } = view.proposal;
    const last = this._fates.get(id);
    const isSame =
      last &&
      fate &&
      last.fate === fate.fate &&
      last.why === fate.why &&
      last.reasons === fate.reasons;
    if (fate === null || isSame) {
      return fate && last!;
    }
    this._fates.set(id, fate);
    return fate;
  }

  control(element: HTMLElement): () => void {
    return this._options.arming.control(element);
  }

  stop(): void {
    this._options.auto.stop();
  }

  recall(): void {
    this._options.channel.send({ type: 'recall' });
  }

  recalled({ tallies }: Recalled): void {
    this.past = tallies;
  }

  /** Another session does not know yet what the slider says. */
  forget(): void {
    this._told = '';
  }

  /** Tell the kernel, for those who show it there, where it has changed. */
  tell(): void {
    const { channel, choices, arming, level } = this._options;
    const now = level();
    const standing = {
      type: 'standing',
      chosen: arming.isArmed ? 4 : choices.level,
      level: now.level,
      reason: now.reason,
      leash: choices.leash,
      sentence: this.sentence
    } as const;
    const text = JSON.stringify(standing);
    if (text !== this._told && channel.send(standing)) {
      this._told = text;
    }
  }

  /** The same object while it says the same, so that cards are not drawn anew. */
  private readonly _fates = new Map<string, IFate>();
  private _told = '';
}

/** What a level does with what is pending. */
export function sentenceAt(level: Level, fates: ReadonlyArray<IFate>): string {
  const count = fates.length;
  const waiting = count === 0 ? 'Nothing is waiting.' : `${count} waiting.`;
  if (level === 0) {
    return `${waiting} Nothing is asked of a model.`;
  }
  if (level === 1) {
    return `${waiting} A model goes on with what you type, and proposes nothing.`;
  }
  if (level === 2) {
    return `${waiting} You decide on each proposal; it is tried in the sandbox when you ask for it.`;
  }
  if (count === 0) {
    return level === 3
      ? `${waiting} Each proposal is tried in the sandbox first; nothing runs by itself.`
      : `${waiting} What the rules allow will run by itself; the rest is held for you.`;
  }
  const of = (...wanted: IFate['fate'][]): IFate[] =>
    fates.filter(({ fate }) => wanted.includes(fate));
  const [free, soon, held] = [of('runs'), of('waits'), of('held', 'denied')];
  const is = (many: unknown[]): string => (many.length === 1 ? 'is' : 'are');
  const parts = [
    ...(free.length > 0
      ? [
          level === 4
            ? `${free.length} ${free.length === 1 ? 'runs' : 'run'} by ${free.length === 1 ? 'itself' : 'themselves'}`
            : `${free.length} would run`
        ]
      : []),
    ...(soon.length > 0 ? [`${soon.length} ${is(soon)} not decided yet`] : []),
    ...(held.length > 0
      ? [`${held.length} ${level === 4 ? is(held) : 'would be'} held: ${held[0]!.why}`]
      : [])
  ];
  const what = parts.join(', ').replace(/\.$/, '');
  return level === 4
    ? `${count} waiting: ${what}.`
    : `${count} waiting; nothing runs by itself. At Auto-run ${what}.`;
}
