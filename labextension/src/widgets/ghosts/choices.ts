/**
 * What can be done with a stale edit. Nothing of it is applied by guess: the
 * person has it written anew, looks at both, or drops it.
 */
import { KEYS } from './actions';
import type { IGhostActions, IGhostState, ITarget } from './actions';
import { Button, element } from './dom';
import type { IPlace } from './places';
import { SourceView } from './text-view';
import type { Painter } from './painting';

export class StaleChoices {
  constructor(
    target: ITarget,
    private readonly painter: Painter,
    actions: IGhostActions
  ) {
    this.node = element('div', 'llm-Stale');
    this.node.setAttribute('role', 'group');
    this.node.setAttribute('aria-label', 'This change is out of date. What now?');
    this.regenerate = new Button('Regenerate', 'llm-mod-small', () =>
      actions.regenerate(target.proposal)
    );
    this.both = new Button('See both', 'llm-mod-small', () => actions.seeBoth(target));
    this.discard = new Button('Discard', 'llm-mod-small', () => actions.reject(target));
    this.use = new Button('Propose it for the cell as it is now', 'llm-mod-small', () =>
      actions.rebase(target)
    );
    const row = element('div', 'llm-Ghost-buttons');
    row.append(this.regenerate.node, this.both.node, this.discard.node);
    this.panes.hidden = true;
    this.node.append(row, this.panes);
  }

  readonly node: HTMLElement;

  render(place: IPlace, state: IGhostState): void {
    const key = (command: string) => state.key(command);
    const own = state.mark === null ? place.view.edits.length === 1 : true;
    this.regenerate.hint(
      'Ask the same about the notebook as it is now: the next version',
      key(KEYS.regenerate)
    );
    this.both.show(place.kind === 'replace' && !place.lost);
    this.both.press(state.both);
    this.both.hint('Show the cell as it is now beside what was proposed', key(KEYS.seeBoth));
    this.discard.hint('Drop this change; the notebook stays as it is', key(KEYS.reject), own);
    this.panes.hidden = !state.both;
    if (state.both && place.edit.edit.op === 'replace') {
      this.renderBoth(place, state, place.edit.edit.source, place.edit.edit.cell_type);
    }
  }

  private renderBoth(place: IPlace, state: IGhostState, source: string, type: string): void {
    this.mine ??= this.pane('The cell as it is now');
    this.theirs ??= this.pane('What was proposed');
    if (!this.use.node.isConnected) {
      this.panes.append(this.use.node);
    }
    const style = state.styleOf(type);
    this.mine.render(place.edit.before, style);
    this.theirs.render(source, style);
    this.use.hint('Then it is shown as a change of your text, and nothing is applied yet', '');
  }

  private pane(name: string): SourceView {
    const view = new SourceView(this.painter, name);
    const pane = element('div', 'llm-Stale-pane');
    pane.append(element('div', 'llm-Stale-name', name), view.node);
    this.panes.append(pane);
    return view;
  }

  private readonly regenerate: Button;
  private readonly both: Button;
  private readonly discard: Button;
  private readonly use: Button;
  private readonly panes = element('div', 'llm-Stale-panes');
  private mine: SourceView | null = null;
  private theirs: SourceView | null = null;
}
