/**
 * What a person's own hand did, as the browser vouches for it.
 *
 * An event that script made, by `dispatchEvent` or `click()`, has `isTrusted` false,
 * and the browser lets nobody change that. What is used of the browser here is kept
 * as it is when the page starts, before any output is shown, so that what script
 * puts in its place later is not asked.
 *
 * Script that an accepted cell shows in a trusted output can do in the page what
 * this extension can: see `docs/autonomy.md` for what that means.
 */
import { CommandRegistry } from '@lumino/commands';

import type { Hand } from '../tokens';

/** How a person's hand is asked for. */
export interface IGestures {
  /**
   * Hear the person's hand on an element.
   *
   * @returns Ends that.
   */
  watch(element: HTMLElement, act: (event: Event) => void): () => void;
  /** Whether a cell that is run now is run by a person's key, click or menu. */
  isRunning(): boolean;
  /** Whether the person's hand was on a part of ours a moment ago. */
  isRecent(): boolean;
  /** What the person does now with a part of ours, or in a menu: good for one deed, soon. */
  hand(): Hand | null;
  /** Use it up; false where it is none. */
  take(hand: Hand | null): boolean;
}

const SLIDES = ['input', 'click'] as const;
const ACTS = ['click', 'keydown', 'mousedown', 'mouseup', 'pointerdown', 'pointerup'] as const;
/** Where commands are chosen. */
const MENUS = '.lm-Menu, .lm-MenuBar, .lm-CommandPalette, .jp-Toolbar';

const ACCEPTS = /^llm-notebook:accept(-and-run|-edited)?$/;
const RUNS = /^(notebook|runmenu):(run|restart)/;

/** JupyterLab may hold a key for up to a second before it runs the command. */
const KEY_MS = 1500;

/** An ask may wait this long for what it is to send. */
const RECENT_MS = 5000;
/** A ghost's text may have to stand still before it is taken. */
const HAND_MS = 5000;

/** On what is no event of the browser's it throws. */
const typeOf = Object.getOwnPropertyDescriptor(Event.prototype, 'type')!.get!;
const eventOf =
  typeof window === 'undefined'
    ? undefined
    : Object.getOwnPropertyDescriptor(window, 'event')?.get?.bind(window);
const pathOf = Event.prototype.composedPath;
const keystrokeOf = CommandRegistry.keystrokeForKeydownEvent;

/** A key binding, as far as it is asked for here. */
export interface IKey {
  readonly command: string;
  readonly keys: ReadonlyArray<string>;
  /** Where it holds; everywhere if it has none. */
  readonly selector?: string;
}

interface IPressed {
  readonly at: number;
  /** The commands that it is bound to, where it was pressed; none for a click. */
  readonly commands: ReadonlyArray<string>;
  readonly isOurs: boolean;
}

export function isPersons(event: Event): boolean {
  try {
    typeOf.call(event);
  } catch {
    return false;
  }
  return event.isTrusted;
}

export class Gestures implements IGestures {
  /** @param _isPersons - Tests of what follows a gesture cannot make one. */
  constructor(
    page: EventTarget = window,
    private readonly _keys: () => ReadonlyArray<IKey> = () => [],
    private readonly _isPersons: (event: Event) => boolean = isPersons
  ) {
    const heard = (event: Event): void => this._heard(event);
    new Set([...SLIDES, ...ACTS]).forEach(type =>
      page.addEventListener(type, heard, { capture: true })
    );
  }

  watch(element: HTMLElement, act: (event: Event) => void): () => void {
    this._controls.set(element, act);
    return () => {
      if (this._controls.get(element) === act) {
        this._controls.delete(element);
      }
    };
  }

  isRunning(): boolean {
    return this._now() !== null || this._pressed(RUNS) || (this._chosen?.at ?? 0) > oldest();
  }

  isRecent(): boolean {
    return Date.now() - this._last <= RECENT_MS;
  }

  hand(): Hand | null {
    const event = this._now();
    const isNow = event !== null && pathOf.call(event).some(isOursOrMenu);
    if (!isNow && !(this._key?.isOurs && this._pressed(ACCEPTS))) {
      return null;
    }
    this._key = null;
    const hand = { at: Date.now() };
    this._hands.add(hand);
    return hand;
  }

  take(hand: Hand | null): boolean {
    return hand !== null && this._hands.delete(hand) && Date.now() - hand.at <= HAND_MS;
  }

  /** The person's event that is being handled; null where it is none. */
  private _now(): Event | null {
    const event = eventOf?.() as Event | undefined;
    return event && isOneOf(ACTS, event.type) && this._isPersons(event) ? event : null;
  }

  private _heard(event: Event): void {
    if (!this._isPersons(event)) {
      return;
    }
    const path = pathOf.call(event);
    if (isOneOf(ACTS, event.type)) {
      this._note(event, path);
    }
    const control = path.find(node => this._controls.has(node));
    if (control && isOneOf(SLIDES, event.type)) {
      this._controls.get(control)!(event);
    }
  }

  private _note(event: Event, path: ReadonlyArray<EventTarget>): void {
    const at = Date.now();
    const isOn = path.some(isOurs);
    if (isOn) {
      this._last = at;
    }
    if (event.type === 'keydown') {
      const keystroke = keystrokeOf(event as KeyboardEvent);
      const commands = this._keys()
        .filter(({ keys, selector }) => keys.at(-1) === keystroke && isWithin(path, selector))
        .map(({ command }) => command);
      this._key = { at, commands, isOurs: isOn };
    } else if (path.some(isOursOrMenu)) {
      this._chosen = { at, commands: [], isOurs: isOn };
    }
  }

  /** Whether the person's last key is one of such commands, and they are still on their way. */
  private _pressed(commands: RegExp): boolean {
    const { _key: key } = this;
    return key !== null && key.at > oldest() && key.commands.some(name => commands.test(name));
  }

  private _last = -Infinity;
  private _key: IPressed | null = null;
  private _chosen: IPressed | null = null;
  private readonly _hands = new WeakSet<Hand>();
  private readonly _controls = new WeakMap<EventTarget, (event: Event) => void>();
}

function oldest(): number {
  return Date.now() - KEY_MS;
}

function isWithin(path: ReadonlyArray<EventTarget>, selector: string | undefined): boolean {
  try {
    return !selector || path.some(node => node instanceof Element && node.matches(selector));
  } catch {
    return false; // no selector that this browser knows
  }
}

function isOneOf(types: ReadonlyArray<string>, type: string): boolean {
  return types.includes(type);
}

function isOurs(node: EventTarget): boolean {
  return node instanceof Element && [...node.classList].some(name => name.startsWith('llm-'));
}

function isOursOrMenu(node: EventTarget): boolean {
  return isOurs(node) || (node instanceof Element && node.matches(MENUS));
}
