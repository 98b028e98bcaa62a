/** What the person chose, in JupyterLab's settings: models, level, and how far an ask may go. */
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Grant, Leash, Level, Price, Role } from '../protocol.gen';

export const DEFAULT_MODEL = 'offline:rules';

export const DEFAULT_LEASH: Leash = { cells: 10, lines: 120 };
export const DEFAULT_DEADLINE = 120;
export const DEFAULT_LEVEL: Level = 3;
/** Those that may have a model of their own. */
export const OWN_ROLES: ReadonlyArray<Role> = ['complete', 'plan', 'describe'];

export interface IPreviewChoices {
  /** Whether one is made as soon as a proposal is there, at level Preview. */
  readonly automatic: boolean;
  /** Seconds of wall time. */
  readonly budget: number;
  /** Rows of a sample. */
  readonly sample: number;
  /** Whether one that failed offers a round with the error, or makes one by itself. */
  readonly repair: 'never' | 'ask' | 'once';
  /** Paths that may be read beside the usual ones. */
  readonly readable: ReadonlyArray<string>;
}

export const DEFAULT_PREVIEW: IPreviewChoices = {
  automatic: true,
  budget: 5,
  sample: 1000,
  repair: 'ask',
  readable: []
};

export interface IAutoRunChoices {
  /** How many proposals may run by themselves until the slider is moved again. */
  readonly runs: number;
  /** And for how many minutes. */
  readonly minutes: number;
}

export const DEFAULT_AUTO_RUN: IAutoRunChoices = { runs: 10, minutes: 15 };
export const DEFAULT_KEEP = 256;

export interface IChoices {
  readonly model: string;
  readonly models: ReadonlyArray<string>;
  /** Models for other roles than to propose; a role that is not named has none of its own. */
  readonly roles: { readonly [role in Role]?: string };
  /** The person's own prices, by model. */
  readonly prices: { readonly [model: string]: Price };
  /** At most Preview: Auto-run is no choice that is kept. */
  readonly level: Level;
  /** How large one proposal may be. */
  readonly leash: Leash;
  /** Whether a few values of the data may be shown to the model. */
  readonly sampleValues: boolean;
  /** Seconds until a reply must be whole. */
  readonly deadline: number;
  readonly preview: IPreviewChoices;
  readonly autoRun: IAutoRunChoices;
  /** Folders below which proposals may read or write without a question. */
  readonly grants: ReadonlyArray<Grant>;
  /** Megabytes that may be kept so that an undo puts variables back. */
  readonly keep: number;
  readonly changed: ISignal<IChoices, void>;
  setModel(model: string): void;
  addModel(model: string): void;
  setLevel(level: Level): void;
}

const NAME = /^(?!\.)[^\\*?[\]{}$~\p{C}]+$/u;

function isGrant(value: unknown): value is Grant {
  const { effect, under } = (value ?? {}) as Partial<Grant>;
  return (
    (effect === 'reads' || effect === 'writes') && typeof under === 'string' && isFolder(under)
  );
}

/** What a kernel takes as a folder: another would make it refuse the whole message. */
function isFolder(under: string): boolean {
  const parts = under.replace(/\/$/, '').split('/');
  const [names, least] = parts[0] === '' ? [parts.slice(1), 2] : [parts, 1];
  return under.length <= 1000 && names.length >= least && names.every(name => NAME.test(name));
}

export class SettingChoices implements IChoices {
  constructor(private readonly _settings: ISettingRegistry.ISettings) {
    _settings.changed.connect(() => this._changed.emit());
  }

  get model(): string {
    const value = this._settings.composite.model;
    return typeof value === 'string' && value ? value : DEFAULT_MODEL;
  }

  get models(): ReadonlyArray<string> {
    const value = this._settings.composite.models;
    return Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];
  }

  get roles(): { readonly [role in Role]?: string } {
    const value = this._object('roles');
    const named = OWN_ROLES.map(role => [role, value[role]] as const);
    return Object.fromEntries(
      named.filter(([, model]) => typeof model === 'string' && model.trim())
    );
  }

  get prices(): { readonly [model: string]: Price } {
    const prices: { [model: string]: Price } = {};
    for (const [model, value] of Object.entries(this._object('prices'))) {
      const { read, written, cached = null } = value as { [key: string]: unknown };
      if (typeof read === 'number' && typeof written === 'number') {
        prices[model] = { read, written, cached: typeof cached === 'number' ? cached : null };
      }
    }
    return prices;
  }

  get level(): Level {
    const value = this._wanted ?? this._settings.composite.level;
    return value === 0 || value === 1 || value === 2 ? value : DEFAULT_LEVEL;
  }

  get leash(): Leash {
    return {
      cells: this._number('leashCells', DEFAULT_LEASH.cells),
      lines: this._number('leashLines', DEFAULT_LEASH.lines)
    };
  }

  get sampleValues(): boolean {
    return this._settings.composite.sampleValues === true;
  }

  get deadline(): number {
    return this._number('deadline', DEFAULT_DEADLINE);
  }

  get keep(): number {
    return this._number('keepMegabytes', DEFAULT_KEEP);
  }

  get preview(): IPreviewChoices {
    const { previewAutomatic, repair, readable } = this._settings.composite;
    return {
      automatic: previewAutomatic !== false,
      budget: this._number('previewBudget', DEFAULT_PREVIEW.budget),
      sample: this._number('previewSample', DEFAULT_PREVIEW.sample),
      repair: repair === 'never' || repair === 'once' ? repair : 'ask',
      readable: Array.isArray(readable) ? readable.filter(item => typeof item === 'string') : []
    };
  }

  get grants(): ReadonlyArray<Grant> {
    const value = this._settings.composite.grants;
    const items: ReadonlyArray<unknown> = Array.isArray(value) ? value : [];
    return items.filter(isGrant).map(({ effect, under }) => ({ effect, under }));
  }

  get autoRun(): IAutoRunChoices {
    return {
      runs: this._number('autoRunRuns', DEFAULT_AUTO_RUN.runs),
      minutes: this._number('autoRunMinutes', DEFAULT_AUTO_RUN.minutes)
    };
  }

  get changed(): ISignal<IChoices, void> {
    return this._changed;
  }

  setModel(model: string): void {
    this._save('model', model);
  }

  addModel(model: string): void {
    if (!this.models.includes(model)) {
      this._save('models', [...this.models, model]);
    }
  }

  setLevel(level: Level): void {
    const wanted = Math.min(level, DEFAULT_LEVEL) as Level;
    // It counts at once, and the last of several in a row is what is kept.
    this._wanted = wanted;
    this._changed.emit();
    this._saved = this._saved
      .then(() => this._settings.set('level', wanted))
      .then(
        () => {
          this._wanted = this._wanted === wanted ? null : this._wanted;
        },
        (error: unknown) => console.error('The setting level could not be saved.', error)
      );
  }

  private _object(key: string): { readonly [name: string]: unknown } {
    const value = this._settings.composite[key];
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as { [name: string]: unknown })
      : {};
  }

  private _number(key: string, otherwise: number): number {
    const value = this._settings.composite[key];
    return typeof value === 'number' && value >= 1 ? value : otherwise;
  }

  private _save(key: string, value: string | number | string[]): void {
    this._settings.set(key, value).catch((error: unknown) => {
      console.error(`The setting ${key} could not be saved.`, error);
    });
  }

  private _wanted: Level | null = null;
  private _saved: Promise<void> = Promise.resolve();
  private readonly _changed = new Signal<IChoices, void>(this);
}
