/** Asking: new words, follow-ups, the same again, answers to a question, and `%%llm` cells. */
import { UUID } from '@lumino/coreutils';

import type { AskRequested, ErrorInfo, Level, Origin, Role, Wants } from '../protocol.gen';
import type { IAskOptions } from '../tokens';
import { cellsOf } from './applier';
import type { ProposalBook } from './book';
import type { IChannel } from './channel';
import type { IChoices } from './choices';
import type { IHost } from './host';
import { originOf } from './origins';
import { madeCells, madeIn } from './outdated';
import { Surveys } from './surveys';

export interface IAsksOptions {
  readonly host: IHost;
  readonly channel: IChannel;
  readonly choices: IChoices;
  readonly book: ProposalBook;
  readonly model: (role: Role) => string;
  readonly level: () => Level;
  readonly now: () => number;
  readonly changed: () => void;
  /** This window asked for it. */
  readonly began: (id: string, origin: Origin) => void;
}

interface IExtras {
  readonly error?: ErrorInfo | null;
  readonly survey?: string | null;
}

export class Asks {
  constructor(private readonly _options: IAsksOptions) {
    this.surveys = new Surveys({
      channel: _options.channel,
      choices: _options.choices,
      snapshot: () => _options.host.snapshot(),
      originOf: (prompt, options) => this._origin(prompt, options),
      state: () => this._state(),
      changed: _options.changed
    });
    const { host } = _options;
    host.cellExecuted.connect(() => {
      this._runs++;
      _options.changed();
    });
    host.shared.ydoc.on('afterTransaction', this._onDocument);
  }

  dispose(): void {
    this._options.host.shared.ydoc.off('afterTransaction', this._onDocument);
    this.surveys.clear();
  }

  readonly surveys: Surveys;

  ask(prompt: string, options: IAskOptions = {}): string | null {
    const survey = this.surveys.shownFor(prompt);
    const id = this._new(this._origin(prompt, options), { error: options.error, survey });
    if (id !== null) {
      this.surveys.clear();
    }
    return id;
  }

  /** A next version that mends what the dry run ended in; the session adds the error. */
  repair(id: string, prompt: string, repairs: Origin['repairs']): string | null {
    const origin = this._origin(prompt, { refines: id });
    return this._new(origin && { ...origin, repairs });
  }

  regenerate(id: string): string | null {
    const entry = this._options.book.get(id);
    if (!entry || entry.proposal.status === 'drafting') {
      return null;
    }
    const refines = this._waiting(id);
    return this._new(this._following(entry.proposal.origin, { refines }), entry);
  }

  /** The same ask, about the same, where nothing came of it. */
  again(id: string): string | null {
    const entry = this._options.book.get(id);
    const { status, origin } = entry?.proposal ?? {};
    if (!entry || !origin || (status !== 'failed' && status !== 'cancelled')) {
      return null;
    }
    const refines = this._waiting(origin.refines);
    // A repair mends what it refines, and this one a person asks for.
    const repairs = refines !== null && origin.repairs ? 'asked' : '';
    const { clarifies } = origin;
    return this._new(this._following(origin, { refines, clarifies, repairs }), entry);
  }

  choose(id: string, choice: number): string | null {
    const entry = this._options.book.get(id);
    const { status, origin, suggestions } = entry?.proposal ?? {};
    const prompt = suggestions?.[choice]?.prompt;
    if (!entry || !origin || prompt === undefined) {
      return null;
    }
    switch (status) {
      case 'asking':
        return this._new(this._following(origin, { prompt, clarifies: id }), entry);
      case 'declined': {
        const refines = this._waiting(origin.refines);
        return this._new(this._following(origin, { prompt, refines }), entry);
      }
      default:
        return null;
    }
  }

  /** A `%%llm` cell ran. A kernel may serve several notebooks; each answers for its own cells. */
  requested(request: AskRequested): void {
    const { proposal_id, prompt, model, cell_id, wants, refines, clarifies, repairs } = request;
    const { host, book } = this._options;
    const isOurs = cell_id === null || cellsOf(host.shared).ids.includes(cell_id);
    if (isOurs && !book.get(proposal_id)) {
      const made = cell_id === null ? [] : madeIn(madeCells(host.shared), cell_id);
      const plain = { target: cell_id, made };
      // What follows up on a proposal is about what that was about.
      const about = book.get(refines ?? clarifies ?? '')?.proposal.origin ?? plain;
      const words = { prompt, model, face: 'magic', wants, refines, clarifies, repairs } as const;
      this._send(proposal_id, originOf({ ...about, ...words }));
    }
  }

  /** What would be sent depends on the cells, the active one, the variables and the model. */
  private _state(): string {
    const { host, model } = this._options;
    if (this._isBehind) {
      this._isBehind = false;
      this._cells = JSON.stringify(host.snapshot().cells);
    }
    return `${this._runs} ${host.activeCell ?? ''} ${model('propose')} ${model('describe')} ${this._cells}`;
  }

  /** Null where it would follow up on what does not wait. */
  private _origin(prompt: string, options: IAskOptions): Origin | null {
    const { target = this._options.host.activeCell, scope = null, wants = 'edits' } = options;
    const { refines, without } = options;
    if (refines === undefined) {
      return originOf({ prompt, model: this._model(wants), target, scope, wants, without });
    }
    const before = this._options.book.get(refines)?.proposal;
    return before?.status === 'pending'
      ? this._following(before.origin, { prompt, wants: 'edits', refines, without })
      : null;
  }

  /** What follows from an ask is about the same, and is shown nothing of what was taken out there. */
  private _following(before: Origin, more: Partial<Origin>): Origin {
    const { without = before.without, wants = before.wants, ...rest } = more;
    const model = this._model(wants);
    return { ...before, clarifies: null, repairs: '', ...rest, model, wants, without };
  }

  /** Only a version that waits can be built on. */
  private _waiting(id: string | null): string | null {
    return this._options.book.get(id ?? '')?.proposal.status === 'pending' ? id : null;
  }

  private _model(wants: Wants): string {
    return this._options.model(wants === 'text' ? 'describe' : 'propose');
  }

  private _new(origin: Origin | null, extras: IExtras = {}): string | null {
    if (!origin?.prompt.trim() || this._options.level() < 2) {
      return null;
    }
    const id = UUID.uuid4().replace(/-/g, '').slice(0, 12);
    return this._send(id, origin, extras) ? id : null;
  }

  /** Send an ask, and show its card before the first answer. */
  private _send(proposal_id: string, origin: Origin, extras: IExtras = {}): boolean {
    const { channel, choices, host, book, level, now } = this._options;
    const sent = channel.send({
      type: 'ask',
      proposal_id,
      origin,
      snapshot: host.snapshot(),
      level: level(),
      leash: choices.leash,
      error: extras.error ?? null,
      survey: extras.survey ?? null,
      values: choices.sampleValues,
      deadline: choices.deadline,
      prices: choices.prices
    });
    if (sent) {
      book.begin(proposal_id, origin, now(), extras.error ?? null);
      this._options.began(proposal_id, origin);
    }
    return sent;
  }

  private readonly _onDocument = (): void => {
    this._isBehind = true;
  };

  /** Cells that have run since the page opened. */
  private _runs = 0;
  private _cells = '';
  private _isBehind = true;
}
