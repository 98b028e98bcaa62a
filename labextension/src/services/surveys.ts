/** What would be sent with an ask, and what a mention could mean: questions to the session. */
import { UUID } from '@lumino/coreutils';

import type { Found, Hit, Origin, Snapshot, Surveyed } from '../protocol.gen';
import type { IAskOptions, ISurvey } from '../tokens';
import type { IChannel } from './channel';
import type { IChoices } from './choices';

/** While a person types, the session is asked when they pause for this long. */
export const PAUSE_MS = 250;
/** What is looked up while they type is not waited for longer than this. */
export const LOOK_MS = 15_000;

export interface ISurveysOptions {
  readonly channel: IChannel;
  readonly choices: IChoices;
  readonly snapshot: () => Snapshot;
  /** Null where it would follow up on what cannot be followed up. */
  readonly originOf: (prompt: string, options: IAskOptions) => Origin | null;
  /** Whatever else it depends on: it is worked out anew when this differs. */
  readonly state: () => string;
  readonly changed: () => void;
}

interface IWanted {
  readonly prompt: string;
  readonly options: IAskOptions;
  readonly state: string;
}

export class Surveys {
  constructor(private readonly _options: ISurveysOptions) {}

  get current(): ISurvey | null {
    const { _answer: answer, _wanted: wanted } = this;
    return answer && wanted
      ? {
          isCurrent: answer.survey_id === this._id,
          pieces: answer.pieces,
          leftOut: answer.left_out,
          without: new Set(wanted.options.without),
          tokens: answer.tokens,
          budget: answer.budget
        }
      : null;
  }

  /** What is to be named in an ask of these words: the survey that was shown, if one was. */
  shownFor(prompt: string): string | null {
    return this._wanted?.prompt === prompt && this._answer?.survey_id === this._id
      ? this._id
      : null;
  }

  /** The session works it out when the person pauses. */
  request(prompt: string, options: IAskOptions): void {
    const wanted = this._wanted;
    const state = this._options.state();
    if (
      prompt === wanted?.prompt &&
      state === wanted.state &&
      sameOptions(options, wanted.options)
    ) {
      return;
    }
    // Taking a piece out is no typing: nothing is to be waited for.
    this._want({ prompt, options, state }, prompt === wanted?.prompt ? 0 : PAUSE_MS);
  }

  /** An ask took it, or the kernel that knew it is gone. */
  clear(): void {
    clearTimeout(this._timer);
    this._wanted = null;
    this._answer = null;
    this._id = null;
  }

  surveyed(message: Surveyed): void {
    if (message.survey_id === this._id) {
      this._answer = message;
    }
  }

  look(query: string): Promise<ReadonlyArray<Hit>> {
    const look_id = UUID.uuid4();
    return new Promise(resolve => {
      this._looks.set(look_id, resolve);
      setTimeout(() => this.found({ type: 'found', look_id, hits: [] }), LOOK_MS);
      if (!this._options.channel.send({ type: 'look', look_id, query })) {
        this.found({ type: 'found', look_id, hits: [] });
      }
    });
  }

  found({ look_id, hits }: Found): void {
    this._looks.get(look_id)?.(hits);
    this._looks.delete(look_id);
  }

  private _want(wanted: IWanted, pause: number): void {
    this._wanted = wanted;
    this._id = null;
    clearTimeout(this._timer);
    this._timer = setTimeout(() => this._send(wanted), pause);
    this._options.changed();
  }

  private _send({ prompt, options }: IWanted): void {
    const { channel, choices, snapshot, originOf } = this._options;
    const survey_id = UUID.uuid4();
    const origin = originOf(prompt, options);
    if (origin === null) {
      return;
    }
    const isSent = channel.send({
      type: 'survey',
      survey_id,
      origin,
      snapshot: snapshot(),
      error: options.error ?? null,
      values: choices.sampleValues
    });
    this._id = isSent ? survey_id : null;
  }

  private _wanted: IWanted | null = null;
  private _answer: Surveyed | null = null;
  private _id: string | null = null;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private readonly _looks = new Map<string, (hits: ReadonlyArray<Hit>) => void>();
}

function sameOptions(a: IAskOptions, b: IAskOptions): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
