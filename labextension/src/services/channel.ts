/**
 * The way to the session in a notebook's kernel: one comm, which this page opens.
 *
 * The kernel is told to attach (that registers the comm target), then the comm is
 * opened, on a subshell where there are any, so that it answers while a cell runs.
 * Every restart, reconnect or change of kernel does it again. A busy kernel may
 * have attached for an earlier page: the comm is tried past its cell first.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';

import {
  PROTOCOL_VERSION,
  type FrontendMessage,
  type Hello,
  type KernelMessage,
  type Problem
} from '../protocol.gen';
import type { Connection } from '../tokens';
import { isBusy, Line } from './line';
import { readMessage } from './messages';
import {
  attachProblem,
  CLOSED,
  DEAD,
  NO_KERNEL,
  otherLanguage,
  SILENT,
  unreachable
} from './problems';

/** What a review needs of the way to its session. */
export interface IChannel {
  readonly connection: Connection;
  readonly problem: Problem | null;
  readonly changed: ISignal<IChannel, void>;
  readonly message: ISignal<IChannel, KernelMessage>;
  /** The kernel that was spoken to is gone, and its drafts with it. */
  readonly lost: ISignal<IChannel, void>;
  /** False where there is nobody to send to. */
  send(message: FrontendMessage): boolean;
  reconnect(): void;
  dispose(): void;
}

/** Registers magics and comm target, and leaves no name behind. */
const ATTACH = '__import__("llm_notebook.faces.attach", fromlist=["attach"]).attach()';

/** How long a session on a subshell may take to say its first word. */
const WELCOME_TIMEOUT = 20_000;

export class Channel implements IChannel {
  constructor(
    private readonly _session: ISessionContext,
    private readonly _cells: () => ReadonlyArray<string>,
    private readonly _client: string
  ) {
    _session.kernelChanged.connect(this._onKernelChanged, this);
    _session.statusChanged.connect(this._onStatus, this);
    _session.connectionStatusChanged.connect(this._onConnection, this);
    void _session.ready.then(() => this._attach());
  }

  get connection(): Connection {
    return this._connection;
  }

  get problem(): Problem | null {
    return this._problem;
  }

  get changed(): ISignal<IChannel, void> {
    return this._changed;
  }

  get message(): ISignal<IChannel, KernelMessage> {
    return this._message;
  }

  get lost(): ISignal<IChannel, void> {
    return this._lost;
  }

  send(message: FrontendMessage): boolean {
    return this._welcomed && this._post(message);
  }

  reconnect(): void {
    void this._attach();
  }

  dispose(): void {
    this._turn++;
    this._dropLine();
    Signal.clearData(this);
  }

  private _post(message: FrontendMessage): boolean {
    return this._line?.post({ ...message } as unknown as JSONObject) ?? false;
  }

  private async _attach(pastCell = true): Promise<void> {
    const turn = ++this._turn;
    const over = (): boolean => turn !== this._turn;
    this._dropLine();
    this._needed = false;
    const kernel = this._session.session?.kernel;
    if (!kernel) {
      this._noKernel();
      return;
    }
    this._set(pastCell ? 'connecting' : 'busy', null);
    try {
      if (pastCell && (await isBusy(kernel).catch(() => false)) && !over()) {
        const line = await Line.past(kernel).catch(() => null);
        if (line) {
          this._open(line, over, () => void this._attach(false));
          return;
        }
        if (!over()) {
          this._set('busy', null);
        }
      }
      const info = await kernel.info;
      if (over()) {
        return;
      }
      if (info.language_info.name !== 'python') {
        this._set('unavailable', otherLanguage(info.language_info.name));
        return;
      }
      const reply = await kernel.requestExecute({
        code: ATTACH,
        silent: true,
        store_history: false,
        allow_stdin: false,
        stop_on_error: false
      }).done;
      if (over()) {
        return;
      }
      if (reply.content.status !== 'ok') {
        this._set('unavailable', attachProblem(reply.content));
        return;
      }
      this._open(await Line.to(kernel), over);
    } catch (error) {
      if (!over()) {
        // A restart cancels what was under way; the next idle kernel is asked again.
        this._needed = true;
        this._set('unavailable', unreachable(error));
      }
    }
  }

  /** @param refused - Called instead where the kernel has no such comm target. */
  private _open(line: Line, over: () => boolean, refused?: () => void): void {
    if (over()) {
      line.dispose();
      return;
    }
    this._line = line;
    line.open(
      { ...this._hello() } as unknown as JSONObject,
      data => this._onMessage(line, data),
      () => this._onClose(line, refused)
    );
    if (line.always) {
      this._timer = setTimeout(() => {
        if (!over() && !this._welcomed) {
          this._set('unavailable', SILENT);
        }
      }, WELCOME_TIMEOUT);
    }
  }

  private _onClose(line: Line, refused?: () => void): void {
    if (this._line !== line) {
      return;
    }
    const wasWelcomed = this._welcomed;
    this._dropLine();
    if (refused && !wasWelcomed) {
      refused();
      return;
    }
    this._lost.emit();
    this._set('unavailable', CLOSED);
  }

  private _hello(): Hello {
    return {
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      notebook: this._session.path,
      client: this._client,
      cells: this._cells()
    };
  }

  private _onMessage(line: Line, data: unknown): void {
    if (line !== this._line) {
      return;
    }
    const message = readMessage(data);
    if (message === null) {
      return;
    }
    if (message.type === 'welcome') {
      this._welcomed = true;
      clearTimeout(this._timer);
      this._set(line.always ? 'ready' : 'ready-when-idle', null);
    } else if (message.type === 'failed' && !this._welcomed) {
      clearTimeout(this._timer);
      this._set('unavailable', message.problem);
      return;
    }
    try {
      this._message.emit(message);
    } catch (error) {
      console.warn('A message from the kernel could not be handled.', error);
    }
  }

  private _onKernelChanged(): void {
    this._lost.emit();
    if (this._session.session?.kernel) {
      void this._attach();
    } else {
      this._turn++;
      this._dropLine();
      this._noKernel();
    }
  }

  /** One may still be on its way; it is announced when it is there. */
  private _noKernel(): void {
    const coming = ['initializing', 'starting', 'restarting'].includes(
      this._session.kernelDisplayStatus
    );
    this._set(coming ? 'connecting' : 'unavailable', coming ? null : NO_KERNEL);
  }

  private _onStatus(_: unknown, status: Kernel.Status): void {
    if (status === 'restarting' || status === 'autorestarting') {
      this._turn++;
      this._dropLine();
      this._needed = true;
      this._lost.emit();
      this._set('connecting', null);
    } else if (status === 'dead') {
      this._turn++;
      this._dropLine();
      this._lost.emit();
      this._set('unavailable', DEAD);
    } else if (this._needed && (status === 'idle' || status === 'starting')) {
      void this._attach();
    }
  }

  private _onConnection(_: unknown, status: Kernel.ConnectionStatus): void {
    if (!this._line) {
      return;
    }
    if (status === 'connected') {
      // Words may have been lost while the line was down: ask how things stand.
      this._post(this._hello());
    } else if (this._connection !== 'unavailable') {
      this._set('connecting', null);
    }
  }

  private _dropLine(): void {
    clearTimeout(this._timer);
    this._welcomed = false;
    this._line?.dispose();
    this._line = null;
  }

  private _set(connection: Connection, problem: Problem | null): void {
    if (connection !== this._connection || problem !== this._problem) {
      this._connection = connection;
      this._problem = problem;
      this._changed.emit();
    }
  }

  private _connection: Connection = 'connecting';
  private _problem: Problem | null = null;
  private _line: Line | null = null;
  private _welcomed = false;
  private _needed = false;
  private _turn = 0;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private readonly _changed = new Signal<IChannel, void>(this);
  private readonly _message = new Signal<IChannel, KernelMessage>(this);
  private readonly _lost = new Signal<IChannel, void>(this);
}
