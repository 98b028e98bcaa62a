/** What a person reads when the session cannot be reached, or went away. */
import type { KernelMessage as Wire } from '@jupyterlab/services';

import type { Problem } from '../protocol.gen';

const KEPT = 'Pending proposals stay in view.';

export const NO_KERNEL: Problem = {
  code: 'no-kernel',
  message: 'This notebook has no kernel.',
  kept: KEPT,
  next: 'Choose a Python kernel, then try again.'
};

export const DEAD: Problem = {
  code: 'kernel-dead',
  message: 'The kernel has died.',
  kept: KEPT,
  next: 'Restart the kernel.'
};

export const CLOSED: Problem = {
  code: 'channel-closed',
  message: 'The kernel closed the connection to the assistant.',
  kept: KEPT,
  next: 'Try again, or restart the kernel.'
};

export const SILENT: Problem = {
  code: 'channel-silent',
  message: 'The assistant in the kernel does not answer.',
  kept: KEPT,
  next: 'Try again, or restart the kernel.'
};

export function otherLanguage(name: string): Problem {
  return {
    code: 'kernel-language',
    message: `The kernel runs ${name}; proposals need a Python kernel.`,
    kept: '',
    next: 'Choose a Python kernel, then try again.'
  };
}

export function unreachable(error: unknown): Problem {
  return {
    code: 'kernel-unreachable',
    message: `The kernel could not be reached (${error instanceof Error ? error.message : String(error)}).`,
    kept: KEPT,
    next: 'Try again when the kernel is idle, or restart it.'
  };
}

/** Why the kernel could not attach, from its error reply. */
export function attachProblem(content: Wire.IReplyErrorContent | Wire.IReplyAbortContent): Problem {
  const { ename, evalue } = content as Partial<Wire.IReplyErrorContent>;
  if (ename === 'ModuleNotFoundError' && /'llm_notebook(\.|')/.test(evalue ?? '')) {
    return {
      code: 'package-missing',
      message: 'jupyterlab-llm-notebook is not installed in this kernel’s environment.',
      kept: '',
      next: 'Run %pip install jupyterlab-llm-notebook in a cell of this notebook, then try again.'
    };
  }
  return {
    code: 'attach-failed',
    message: ename
      ? `The kernel could not start the assistant (${ename}: ${evalue ?? ''}).`
      : 'The kernel did not run the assistant’s start.',
    kept: KEPT,
    next: 'Try again, or restart the kernel.'
  };
}

export const KERNEL_GONE: Problem = {
  code: 'kernel-gone',
  message: 'The kernel ended before the reply was complete.',
  kept: 'Your prompt is kept and the notebook was not touched.',
  next: 'Ask again when the kernel is back.'
};

export const INTERRUPTED: Problem = {
  code: 'interrupted',
  message: 'The session in the kernel does not know of this ask.',
  kept: 'Your prompt is kept and the notebook was not touched.',
  next: 'Ask again.'
};

/** Why `%llm accept` did nothing. */
export function notAccepted(result: {
  readonly outcome: string;
  readonly reason: string;
}): Problem {
  return {
    code: `accept-${result.outcome}`,
    message: `%llm accept did nothing. ${result.reason}`,
    kept: '',
    next: ''
  };
}
