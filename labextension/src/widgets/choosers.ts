/**
 * Menus and the command palette take the keyboard while a person chooses in them.
 * What they choose is meant for where they stood before.
 */

const CHOOSERS = '.lm-MenuBar, .lm-Menu, .lm-CommandPalette, .jp-ModalCommandPalette';

export function isInChooser(element: Element | null): boolean {
  return element?.closest(CHOOSERS) != null;
}

/** Where the keyboard is, or was when the person opened the menu or palette. */
export class Whereabouts {
  constructor() {
    document.addEventListener('focusin', event => this.came(event), { capture: true });
  }

  get element(): Element | null {
    const { activeElement } = document;
    // A menu is gone before its command runs, and then nothing has the focus.
    const isNowhere = activeElement === null || activeElement === document.body;
    return isNowhere || isInChooser(activeElement) ? this.before : activeElement;
  }

  private came({ target, relatedTarget }: FocusEvent): void {
    const from = relatedTarget instanceof Element ? relatedTarget : null;
    if (!isInChooser(target as Element)) {
      this.before = null;
    } else if (!isInChooser(from)) {
      this.before = from;
    }
  }

  private before: Element | null = null;
}

/** How a person who was in a menu or the palette gets back to where they stood. */
export class Errand {
  /**
   * @param home - Where they stand.
   * @param over - Nothing took the keyboard but JupyterLab's own habit (true), or something did.
   */
  constructor(
    private readonly home: HTMLElement,
    private readonly over: (isFree: boolean) => void
  ) {}

  get isOn(): boolean {
    return this.on;
  }

  /** They went into a menu or the palette. */
  begin(): void {
    if (!this.on) {
      this.on = true;
      document.addEventListener('focusout', this.onFocusOut, { capture: true });
      document.addEventListener('pointerdown', this.onPointer, { capture: true });
    }
  }

  end(): void {
    this.on = this.clicked = false;
    clearTimeout(this.timer);
    document.removeEventListener('focusout', this.onFocusOut, { capture: true });
    document.removeEventListener('pointerdown', this.onPointer, { capture: true });
  }

  private readonly onFocusOut = (): void => {
    clearTimeout(this.timer);
    // The command runs first, and then the palette gives the keyboard to the notebook.
    this.timer = setTimeout(() => this.settle());
  };

  private readonly onPointer = (event: PointerEvent): void => {
    this.clicked = !isInChooser(event.target as Element);
  };

  private settle(): void {
    const { activeElement } = document;
    if (isInChooser(activeElement)) {
      return;
    }
    const { clicked } = this;
    const isNowhere = activeElement === null || activeElement === document.body;
    const isAtHome = this.home.contains(activeElement) && !activeElement?.matches(':read-write');
    this.end();
    this.over(!clicked && (isNowhere || isAtHome));
  }

  private on = false;
  private clicked = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
}
