/** The part of a ghost that shows its dry run. */
import type { Edit } from '../../protocol.gen';
import type { IGhostActions, IGhostState, ITarget } from '../ghosts/actions';
import { KEYS } from '../ghosts/actions';
import { element, show } from '../ghosts/dom';
import type { IPlace } from '../ghosts/places';
import { PreviewBar } from './bar';
import { CellSection } from './cell-section';
import { lineMark } from './words';

/** The cell's id, in the notebook as it would be. */
export function cellOf(edit: Edit): string {
  return edit.op === 'replace' ? (edit.new_id ?? edit.cell_id) : edit.cell_id;
}

export class GhostPreview {
  constructor(
    private readonly target: ITarget,
    private readonly actions: IGhostActions
  ) {}

  readonly node = element('div', 'llm-Ghost-preview');

  dispose(): void {
    this.section?.dispose();
  }

  /** @returns The line of the source that is to be marked. */
  render(place: IPlace, state: IGhostState): ReturnType<typeof lineMark> {
    const { preview: view } = state;
    const { edit } = place.edit;
    show(this.node, view !== null && !view.isQuiet);
    if (!view || view.isQuiet) {
      this.section?.dispose();
      this.section = null;
      return null;
    }
    this.renderBar(place, state);
    const id = cellOf(edit);
    const isRun = 'cell_type' in edit && edit.cell_type === 'code' && !place.lost;
    const run = isRun ? view.shown?.cells.find(cell => cell.cell === id) : undefined;
    if (!run) {
      this.section?.dispose();
      this.section = null;
      return null;
    }
    if (!this.section) {
      this.section = new CellSection(state.typesetting);
      this.node.append(this.section.node);
    }
    const before = edit.op === 'replace' ? state.outputsOf(edit.cell_id) : [];
    const isAlone = place.view.edits.length === 1;
    this.section.render({ view, run, before, isAlone });
    return view.age === 'edits' ? null : lineMark(run);
  }

  private renderBar(place: IPlace, state: IGhostState): void {
    const { preview: view } = state;
    if (!place.primary || !view) {
      this.bar?.node.remove();
      this.bar = null;
      return;
    }
    const { proposal } = this.target;
    if (!this.bar) {
      this.bar = new PreviewBar({
        preview: options => this.actions.preview(proposal, options),
        stop: () => this.actions.stopPreview(proposal),
        repair: () => this.actions.repair(proposal),
        accept: () => this.actions.accept({ proposal }, false)
      });
      this.node.prepend(this.bar.node);
    }
    this.bar.render({
      view,
      numberOf: state.numberOf,
      key: state.keysHere ? state.key(KEYS.preview) : '',
      sample: state.sample,
      canAccept: place.view.acceptable && state.settled
    });
  }

  private bar: PreviewBar | null = null;
  private section: CellSection | null = null;
}
