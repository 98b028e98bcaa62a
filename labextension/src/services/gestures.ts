/**
 * What a person's own hand did, as the browser vouches for it.
 *
 * An event that script made, by `dispatchEvent` or `click()`, has `isTrusted` false,
 * and the browser lets nobody change that. There is one listener for the page; it
 * sits on the window, in the capture phase, and is made before any output is shown,
 * so nothing in the page comes before it or learns of its function.
 *
 * Script that an accepted cell shows in a trusted output can do in the page what
 * this extension can: see `docs/autonomy.md` for what that means.
 */
const TYPES = ['input', 'click'] as const;

/** As it is when the page starts; on what is no event of the browser's it throws. */
const typeOf = Object.getOwnPropertyDescriptor(Event.prototype, 'type')!.get!;

export function isPersons(event: Event): boolean {
  try {
    typeOf.call(event);
  } catch {
    return false;
  }
  return event.isTrusted;
}

export class Gestures {
  /** @param _isPersons - Tests of what follows a gesture cannot make one. */
  constructor(
    page: EventTarget = window,
    private readonly _isPersons: (event: Event) => boolean = isPersons
  ) {
    const heard = (event: Event): void => this._heard(event);
    TYPES.forEach(type => page.addEventListener(type, heard, { capture: true }));
  }

  /** @returns Ends that. */
  watch(element: HTMLElement, act: (event: Event) => void): () => void {
    this._controls.set(element, act);
    return () => {
      if (this._controls.get(element) === act) {
        this._controls.delete(element);
      }
    };
  }

  private _heard(event: Event): void {
    if (!this._isPersons(event)) {
      return;
    }
    const control = event.composedPath().find(node => this._controls.has(node));
    if (control) {
      this._controls.get(control)!(event);
    }
  }

  private readonly _controls = new WeakMap<EventTarget, (event: Event) => void>();
}
