/** The models that a notebook's picker offers, and the one that is asked. */
import type { ModelChoice, Welcome } from '../protocol.gen';
import type { IChannel } from './channel';
import { DEFAULT_MODEL, type IChoices } from './choices';

/** What it is called before a kernel has named it. */
const DEFAULT_LABEL = 'Built-in rules (not a language model)';

export class Models {
  constructor(
    private readonly _choices: IChoices,
    private readonly _channel: IChannel
  ) {}

  /** Those of the kernel, then the person's own. */
  get offered(): ReadonlyArray<ModelChoice> {
    const known = new Set(this._listed.map(choice => choice.id));
    const own = [...this._choices.models, this.current].filter(id => !known.has(id));
    return [
      ...this._listed,
      ...[...new Set(own)].map(id => ({
        id,
        label: id === DEFAULT_MODEL ? DEFAULT_LABEL : id,
        ready: true,
        hint: ''
      }))
    ];
  }

  get current(): string {
    return this._current ?? this._choices.model;
  }

  /** The person chose one in this page: it is remembered. */
  choose(model: string): void {
    if (!this._listed.some(choice => choice.id === model)) {
      this._choices.addModel(model);
    }
    this._choices.setModel(model);
    this._use(model);
  }

  /** Another face of the kernel chose one. */
  follow(model: string): void {
    this._current = model;
  }

  /** A kernel in which nobody has chosen takes the remembered choice; one that names a model is followed. */
  welcome({ models, model }: Pick<Welcome, 'models' | 'model'>): void {
    this._listed = models;
    if (model === null) {
      this._use(this._choices.model);
    } else {
      this._current = model;
    }
  }

  private _use(model: string): void {
    this._current = model;
    this._channel.send({ type: 'use', model });
  }

  private _listed: ReadonlyArray<ModelChoice> = [];
  private _current: string | null = null;
}
