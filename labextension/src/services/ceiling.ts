/**
 * The administrator's ceiling, as Jupyter's server tells it.
 *
 * Never the kernel: accepted code runs there. Where the server does not tell, as
 * without its part of this extension, nothing runs by itself.
 */
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Level } from '../protocol.gen';
import { LEVEL_NAMES } from '../tokens';
import type { ILimit } from '../autonomy';
import { isObject, isText } from './checks';

const UNKNOWN = 'Jupyter’s server has not said yet how high the level may go.';
const SILENT =
  'Jupyter’s server does not say how high the level may go, so nothing runs by itself here.';

export class Ceiling {
  /** @param _ask - Gets the server's answer; throws where there is none. */
  constructor(private readonly _ask: () => Promise<unknown> = askServer) {}

  get changed(): ISignal<Ceiling, void> {
    return this._changed;
  }

  /** Null where the administrator leaves it to others. */
  get limit(): ILimit | null {
    return this._limit;
  }

  /** Ask again. */
  async read(): Promise<void> {
    const limit = await this._ask().then(limitIn, () => by(3, SILENT));
    if (JSON.stringify(limit) !== JSON.stringify(this._limit)) {
      this._limit = limit;
      this._changed.emit();
    }
  }

  private _limit: ILimit | null = by(3, UNKNOWN);
  private readonly _changed = new Signal<Ceiling, void>(this);
}

function by(level: Level, reason: string): ILimit {
  return { level, who: 'administrator', reason };
}

function limitIn(answer: unknown): ILimit | null {
  if (
    !isObject(answer) ||
    !isText(answer.where) ||
    !isText(answer.problem) ||
    ![0, 1, 2, 3, 4].includes(answer.level as number)
  ) {
    return by(3, SILENT);
  }
  const level = answer.level as Level;
  if (level === 4) {
    return null;
  }
  const name = LEVEL_NAMES[level];
  return by(
    level,
    answer.problem
      ? `The administrator’s file ${answer.where} counts as ${name}. ${answer.problem}`
      : `The administrator allows no more than ${name} (${answer.where}).`
  );
}

async function askServer(): Promise<unknown> {
  const settings = ServerConnection.makeSettings();
  const url = URLExt.join(settings.baseUrl, 'llm-notebook', 'ceiling');
  const response = await ServerConnection.makeRequest(url, { cache: 'no-store' }, settings);
  if (!response.ok) {
    throw new ServerConnection.ResponseError(response);
  }
  return response.json();
}
