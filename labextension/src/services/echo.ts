/**
 * A second, immediate copy of what is kept, in the tab's own storage.
 *
 * JupyterLab's state database reaches the server about a second after it is
 * written; what was typed just before a reload would be lost with it.
 */

/** What is kept under a key, and when it was written, in milliseconds since 1970. */
export interface IStored {
  readonly at: number;
  readonly text: string;
}

export function echo(key: string, stored: IStored): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(stored));
  } catch {
    // Full, or forbidden: the state database has it soon.
  }
}

/** The newer of what the database holds and this tab's copy; undefined where there is neither. */
export function newest(key: string, kept: unknown): IStored | undefined {
  const [own, other] = [read(key), isStored(kept) ? kept : undefined];
  return own && (!other || own.at >= other.at) ? own : other;
}

function read(key: string): IStored | undefined {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(key) ?? 'null');
    return isStored(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isStored(value: unknown): value is IStored {
  const { at, text } = (value ?? {}) as Partial<IStored>;
  return typeof at === 'number' && typeof text === 'string';
}
