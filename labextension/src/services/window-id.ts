/** What this browser tab is called: the same after a reload, and no other tab's. */
import { UUID } from '@lumino/coreutils';

const KEY = 'jupyterlab-llm-notebook:window';

let known: Promise<string> | undefined;

/**
 * A duplicated tab has a copy of this tab's storage, so a name counts only where
 * its lock is free: a page holds it until it is gone.
 */
export function windowId(): Promise<string> {
  return (known ??= claimName().catch(() => UUID.uuid4()));
}

async function claimName(): Promise<string> {
  const kept = sessionStorage.getItem(KEY);
  if (kept && (await hold(kept))) {
    return kept;
  }
  const name = UUID.uuid4();
  if (await hold(name)) {
    sessionStorage.setItem(KEY, name);
  }
  return name;
}

/** Hold the name's lock while the page lives. Pages that are not served securely have none. */
function hold(name: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(`${KEY}:${name}`, { ifAvailable: true }, lock => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise(() => undefined);
      })
      .catch(reject);
  });
}
