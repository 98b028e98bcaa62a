/**
 * One comm with the session, on a subshell where the kernel has them.
 *
 * A connection learns that its kernel has subshells from a reply on the main
 * shell, so a page that is loaded while a cell runs learns it when that cell
 * ends. The control channel answers at all times: asked there, the kernel tells
 * the same and gives a subshell, which the connection itself does not know of.
 */
import { KernelMessage, type Kernel } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';

import { COMM_TARGET } from '../protocol.gen';

type Comm = Kernel.IComm & {
  // JupyterLab 4.5 and later; not in the interface.
  readonly subshellStarted?: Promise<void>;
  readonly commsOverSubshells?: string;
};

export class Line {
  private constructor(
    private readonly _kernel: Kernel.IKernelConnection,
    private readonly _comm: Comm,
    /** Answers while a cell runs. */
    readonly always: boolean,
    /** Our own subshell; null where the comm has its own, or there are none. */
    private readonly _subshell: string | null
  ) {}

  /** Make ready a line to a kernel whose connection knows what it supports. */
  static async to(kernel: Kernel.IKernelConnection): Promise<Line> {
    const comm = kernel.createComm(COMM_TARGET) as Comm;
    const always = kernel.supportsSubshells && (comm.commsOverSubshells as string) !== 'disabled';
    if (always) {
      // Opened before that, it would wait for the main shell.
      await comm.subshellStarted;
    }
    return new Line(kernel, comm, always, null);
  }

  /** Make ready a line past a running cell; null where there is no such way. */
  static async past(kernel: Kernel.IKernelConnection): Promise<Line | null> {
    const info = await control(kernel, 'kernel_info_request');
    const features = info.supported_features;
    if (!Array.isArray(features) || !features.includes('kernel subshells')) {
      return null;
    }
    const { subshell_id } = await control(kernel, 'create_subshell_request');
    if (typeof subshell_id !== 'string') {
      return null;
    }
    return new Line(kernel, kernel.createComm(COMM_TARGET), true, subshell_id);
  }

  /** Say the first word, and listen. `onClose` is called where the kernel ends it. */
  open(hello: JSONObject, onMessage: (data: unknown) => void, onClose: () => void): void {
    this._comm.onMsg = message => onMessage(message.content.data);
    this._comm.onClose = onClose;
    const sent =
      this._subshell === null
        ? this._comm.open(hello)
        : this._send('comm_open', { target_name: COMM_TARGET, data: hello });
    // A restart cancels it; the channel hears of that otherwise.
    sent.done.catch(() => undefined);
  }

  /** False where it cannot be sent. */
  post(message: JSONObject): boolean {
    if (this._comm.isDisposed) {
      return false;
    }
    try {
      const sent =
        this._subshell === null
          ? this._comm.send(message)
          : this._send('comm_msg', { data: message });
      // A restart cancels it; the next welcome says what was not heard.
      sent.done.catch(() => undefined);
      return true;
    } catch {
      return false;
    }
  }

  dispose(): void {
    if (!this._comm.isDisposed) {
      // Its subshell goes with it; a kernel that is gone does not answer.
      this._comm.dispose();
      const kernel = this._kernel;
      const alive = kernel.status === 'idle' || kernel.status === 'busy';
      if (this._subshell !== null && kernel.supportsSubshells && alive) {
        const deleted = kernel.requestDeleteSubshell({ subshell_id: this._subshell }, true);
        deleted.done.catch(() => undefined);
      }
    }
  }

  private _send(msgType: 'comm_open' | 'comm_msg', content: JSONObject): Kernel.IShellFuture {
    const { username, clientId: session } = this._kernel;
    const message = KernelMessage.createMessage<KernelMessage.ICommMsgMsg<'shell'>>({
      msgType: msgType as 'comm_msg',
      channel: 'shell',
      username,
      session,
      subshellId: this._subshell,
      content: { comm_id: this._comm.commId, data: {}, ...content }
    });
    return this._kernel.sendShellMessage(message, false, true);
  }
}

/** How long a kernel that runs and has nothing to do takes, at most, to say what it is. */
const INFO_TIMEOUT = 1000;

/** Whether a kernel that has started has not come to say what it is, because a cell runs. */
export async function isBusy(kernel: Kernel.IKernelConnection): Promise<boolean> {
  if (await within(INFO_TIMEOUT, kernel.info)) {
    return false;
  }
  // A kernel that is starting answers both channels at the same time, when it is there.
  await Promise.race([kernel.info, control(kernel, 'kernel_info_request')]);
  return !(await within(INFO_TIMEOUT, kernel.info));
}

function within(timeout: number, done: Promise<unknown>): Promise<boolean> {
  const late = new Promise<boolean>(resolve => setTimeout(() => resolve(false), timeout));
  return Promise.race([done.then(() => true), late]);
}

/** Ask on the control channel, which answers while a cell runs. */
async function control(
  kernel: Kernel.IKernelConnection,
  msgType: 'kernel_info_request' | 'create_subshell_request'
): Promise<{ readonly [key: string]: unknown }> {
  const message = KernelMessage.createMessage<KernelMessage.ICreateSubshellRequestMsg>({
    // The interface has this of the two; `kernel_info_request` is answered there likewise.
    msgType: msgType as 'create_subshell_request',
    channel: 'control',
    username: kernel.username,
    session: kernel.clientId,
    content: {}
  });
  const reply = await kernel.sendControlMessage(message, true, true).done;
  return reply.content as unknown as { readonly [key: string]: unknown };
}
