/** Going on with what is being typed: level Complete. Nothing here changes the notebook. */
import { UUID } from '@lumino/coreutils';
import * as Y from 'yjs';

import type { Continued, Level, Problem } from '../protocol.gen';
import type { ITyping, ITypingPlace } from '../tokens';
import type { IChannel } from './channel';
import type { IHost } from './host';
import type { Models } from './models';

/** After a failure nothing is asked by itself for this long. */
export const REST_MS = 60_000;

export interface IContinuingOptions {
  readonly host: IHost;
  readonly channel: IChannel;
  readonly models: () => Models;
  readonly level: () => Level;
  readonly now: () => number;
  readonly failed: (problem: Problem) => void;
}

interface IWaiting {
  readonly id: string;
  readonly place: ITypingPlace;
  readonly answer: (text: string) => void;
}

export class Continuing implements ITyping {
  constructor(private readonly _options: IContinuingOptions) {
    _options.host.shared.ydoc.on('afterTransaction', this._onDocument);
  }

  dispose(): void {
    this._options.host.shared.ydoc.off('afterTransaction', this._onDocument);
    this.stop();
  }

  whyNot(isAsked: boolean): string {
    const { channel, level, models } = this._options;
    const model = models().for('complete');
    if (level() < 1) {
      return 'The level is Off.';
    }
    if (channel.connection !== 'ready') {
      return 'The kernel cannot be asked now.';
    }
    if (model.split(/,\s*/).every(link => link.startsWith('offline:'))) {
      return `${model} is not a language model; it cannot go on with a text.`;
    }
    // Who lets a model propose has not said that it shall read along while they type.
    if (!isAsked && level() > 1 && !models().own('complete')) {
      return 'No model was chosen to complete; at level Complete the one that proposes does.';
    }
    return '';
  }

  goOn(place: ITypingPlace, isAsked: boolean): Promise<string> {
    const rest = this.rest(place);
    if (rest) {
      return Promise.resolve(rest);
    }
    this.stop();
    const isResting = this._options.now() < this._rests && this._restsFor === this._model;
    if (this.whyNot(isAsked) || (isResting && !isAsked)) {
      return Promise.resolve('');
    }
    const { host, channel, level } = this._options;
    const isBehind = this._isBehind || this._cell !== place.cell;
    const id = UUID.uuid4();
    const isSent = channel.send({
      type: 'continue',
      continue_id: id,
      cell: place.cell,
      prefix: place.prefix,
      suffix: place.suffix,
      snapshot: isBehind ? host.snapshot() : null,
      level: level()
    });
    if (!isSent) {
      return Promise.resolve('');
    }
    this._isBehind = false;
    this._cell = place.cell;
    this._source = host.shared.cells.find(cell => cell.id === place.cell)?.ymodel.get('source');
    return new Promise(answer => (this._waiting = { id, place, answer }));
  }

  rest({ cell, prefix, suffix }: ITypingPlace): string {
    const last = this._last;
    if (!last || cell !== last.place.cell || suffix !== last.place.suffix) {
      return '';
    }
    const whole = last.place.prefix + last.text;
    return prefix.length >= last.place.prefix.length && whole.startsWith(prefix)
      ? whole.slice(prefix.length)
      : '';
  }

  stop(): void {
    const waiting = this._waiting;
    if (waiting) {
      this._waiting = null;
      this._options.channel.send({ type: 'stop', continue_id: waiting.id });
      waiting.answer('');
    }
  }

  continued({ continue_id, text, problem }: Continued): void {
    const waiting = this._waiting;
    if (waiting?.id !== continue_id) {
      return;
    }
    this._waiting = null;
    if (problem) {
      this._rests = this._options.now() + REST_MS;
      this._restsFor = this._model;
      this._options.failed(problem);
    }
    this._last = text ? { place: waiting.place, text } : null;
    waiting.answer(text);
  }

  /** The kernel is gone: it knows no notebook any more. */
  lost(): void {
    this._isBehind = true;
    this._waiting?.answer('');
    this._waiting = null;
  }

  private get _model(): string {
    return this._options.models().for('complete');
  }

  /** A key was pressed: what is waited for is not wanted any more. Outputs and the like are no key. */
  private readonly _onDocument = (transaction: Y.Transaction): void => {
    for (const type of transaction.changed.keys() as Iterable<unknown>) {
      if (type === this._source) {
        this.stop();
      } else if (type instanceof Y.Text || type instanceof Y.Array) {
        this._isBehind = true;
      }
    }
  };

  private _waiting: IWaiting | null = null;
  private _last: { readonly place: ITypingPlace; readonly text: string } | null = null;
  private _cell: string | null = null;
  private _source: unknown = null;
  private _isBehind = true;
  private _rests = 0;
  private _restsFor = '';
}
