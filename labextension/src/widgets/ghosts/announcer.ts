/** Says to a screen reader what is marked; others see it. */
export class Announcer {
  constructor(parent: HTMLElement) {
    this.node.className = 'llm-Announcer';
    this.node.setAttribute('aria-live', 'polite');
    parent.append(this.node);
  }

  dispose(): void {
    this.node.remove();
  }

  say(words: string): void {
    if (this.node.textContent !== words) {
      this.node.textContent = words;
    }
  }

  private readonly node = document.createElement('div');
}
