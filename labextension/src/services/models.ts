/** The models that a notebook's picker offers, and the one that is asked. */
import type { ModelChoice, Role, Welcome } from '../protocol.gen';
import type { IChannel } from './channel';
import { DEFAULT_MODEL, OWN_ROLES, type IChoices } from './choices';

/** What it is called before a kernel has named it. */
const DEFAULT_LABEL = 'Built-in rules (not a language model)';

export class Models {
  constructor(
    private readonly _choices: IChoices,
    private readonly _channel: IChannel
  ) {
    this._known = JSON.stringify(_choices.roles);
    _choices.changed.connect(this._onChoices, this);
  }

  dispose(): void {
    this._choices.changed.disconnect(this._onChoices, this);
  }

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

  /** The model for a role: its own, or the one that proposes. */
  for(role: Role): string {
    return this.own(role) || this.current;
  }

  /** The model that was chosen for this role alone; empty where none was. */
  own(role: Role): string {
    return role === 'propose' ? '' : (this._roles[role] ?? this._choices.roles[role] ?? '');
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
  follow(model: string, role: Role): void {
    if (role === 'propose') {
      this._current = model;
    } else {
      this._roles = { ...this._roles, [role]: model };
    }
  }

  /** A kernel in which nobody has chosen takes the remembered choice; one that names a model is followed. */
  welcome({ models, model, roles }: Pick<Welcome, 'models' | 'model' | 'roles'>): void {
    this._listed = models;
    this._roles = roles;
    this._sendRoles();
    if (model === null) {
      this._use(this._choices.model);
    } else {
      this._current = model;
    }
  }

  private _use(model: string): void {
    this._current = model;
    this._channel.send({ type: 'use', model, role: 'propose' });
  }

  /** The settings count until a kernel's own magics choose otherwise. */
  private _sendRoles(): void {
    for (const role of OWN_ROLES) {
      const model = this._choices.roles[role];
      if (model && this._roles[role] === undefined) {
        this._channel.send({ type: 'use', model, role });
      }
    }
  }

  private _onChoices(): void {
    const roles = JSON.stringify(this._choices.roles);
    if (roles !== this._known) {
      this._known = roles;
      this._roles = {};
      for (const role of OWN_ROLES) {
        this._channel.send({ type: 'use', model: this.own(role), role });
      }
    }
  }

  private _known: string;
  private _roles: Welcome['roles'] = {};

  private _listed: ReadonlyArray<ModelChoice> = [];
  private _current: string | null = null;
}
