/** What the person chose, in JupyterLab's settings: model, added models, level. */
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Level } from '../protocol.gen';

export const DEFAULT_MODEL = 'offline:rules';

export interface IChoices {
  readonly model: string;
  readonly models: ReadonlyArray<string>;
  readonly level: Level;
  readonly changed: ISignal<IChoices, void>;
  setModel(model: string): void;
  addModel(model: string): void;
  setLevel(level: Level): void;
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

  get level(): Level {
    return this._settings.composite.level === 0 ? 0 : 2;
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
    this._save('level', level);
  }

  private _save(key: string, value: string | number | string[]): void {
    this._settings.set(key, value).catch((error: unknown) => {
      console.error(`The setting ${key} could not be saved.`, error);
    });
  }

  private readonly _changed = new Signal<IChoices, void>(this);
}
