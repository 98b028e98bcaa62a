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
  readonly without?: ReadonlyArray<string>;
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
    const shown = this.surveys.shownFor(prompt);
    const id = this._new(this._origin(prompt, options), { error: options.error, ...shown });
    if (id !== null) {
      this.surveys.clear();
    }
    return id;
  }

  /** @param repairs - It is to mend what the dry run ended in; the session adds the error. */
  refine(id: string, prompt: string, repairs: Origin['repairs'] = ''): string | null {
    const before = this._options.book.get(id)?.proposal;
    const words = { ...this._anew(prompt, 'edits'), wants: 'edits', refines: id, repairs } as const;
    return before?.status === 'pending' ? this._new({ ...before.origin, ...words }) : null;
  }

  regenerate(id: string): string | null {
    const before = this._options.book.get(id)?.proposal;
    if (!before || before.status === 'drafting') {
      return null;
    }
    // Only a version that waits can be built on.
    const refines = before.status === 'pending' ? id : null;
    return this._new({
      ...before.origin,
      ...this._anew(before.origin.prompt, before.origin.wants),
      refines
    });
  }

  choose(id: string, choice: number): string | null {
    const asked = this._options.book.get(id)?.proposal;
    const suggestion = asked?.suggestions[choice];
    return asked?.status === 'asking' && suggestion
      ? this._new({
          ...asked.origin,
          ...this._anew(suggestion.prompt, asked.origin.wants),
          clarifies: id
        })
      : null;
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

  private _origin(prompt: string, options: IAskOptions): Origin {
    const { target = this._options.host.activeCell, scope = null, wants = 'edits' } = options;
    return originOf({ prompt, model: this._model(wants), target, scope, wants });
  }

  private _model(wants: Wants): string {
    return this._options.model(wants === 'text' ? 'describe' : 'propose');
  }

  private _anew(prompt: string, wants: Wants): Partial<Origin> & Pick<Origin, 'prompt' | 'model'> {
    return { prompt, model: this._model(wants), clarifies: null, repairs: '' };
  }

  private _new(origin: Origin, extras: IExtras = {}): string | null {
    if (!origin.prompt.trim() || this._options.level() < 2) {
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
      without: extras.without ?? [],
      values: choices.sampleValues,
      deadline: choices.deadline,
      prices: choices.prices
    });
    if (sent) {
      book.begin(proposal_id, origin, now());
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
