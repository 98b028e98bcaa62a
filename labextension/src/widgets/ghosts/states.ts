/** What ghosts are told beyond their places. */
import type { ICellModel } from '@jupyterlab/cells';

import type { IProposalView, IReview } from '../../tokens';
import { fateLine } from '../level/words';
import { liveOutputs } from '../previews/live-outputs';
import type { ITypesetting } from '../previews/outputs';
import type { IGhostState } from './actions';
import type { Arming } from './arming';
import type { Desk } from './desk';
import type { Keys } from './keys';
import { nameOf } from './notes';
import { keyOf } from './parts';
import type { IPlace } from './places';
import { revealed } from '../../text';
import type { ITextStyle } from './text-view';

export class States {
  constructor(
    private readonly review: IReview,
    private readonly desk: Desk,
    private readonly arming: Arming,
    private readonly key: Keys,
    private readonly typesetting: ITypesetting
  ) {}

  /** For all ghosts of a proposal. */
  of(view: IProposalView): IGhostState {
    const { id, origin } = view.proposal;
    const model = view.proposal.model || origin.model;
    const { notes, mark } = this.desk;
    return {
      model: this.review.models.find(choice => choice.id === model)?.label ?? model,
      settled: this.arming.isArmed(id),
      keysHere: this.review.focused === null || this.review.focused === id,
      remark: [notes.remarks.get(id), this.fateOf(view)].filter(Boolean).join(' '),
      mark: mark?.proposal === id ? mark : null,
      since: this.desk.sinceOf(view),
      versions: this.desk.versionsOf(view),
      followUp: this.desk.followUpOf(view),
      draft: null,
      both: false,
      preview: this.review.previews.of(view.proposal),
      sample: this.review.previews.sample,
      typesetting: this.typesetting,
      numberOf: cell => this.numberOf(cell),
      outputsOf: cell => liveOutputs(this.model(cell)),
      key: this.key,
      styleOf: type => this.styleOf(type)
    };
  }

  at({ view, edit }: IPlace, shared: IGhostState): IGhostState {
    const { notes } = this.desk;
    const name = nameOf(view.proposal.id, keyOf(edit.edit));
    const draft = notes.drafts.get(name) ?? null;
    const both = notes.both.has(name) && !edit.applies;
    return draft || both ? { ...shared, draft, both } : shared;
  }

  private fateOf(view: IProposalView): string {
    const fate = this.review.autonomy.of(view);
    return fate && fate.fate !== 'waits' ? revealed(fateLine(fate, this.review.level)) : '';
  }

  private numberOf(cell: string): number | undefined {
    const at = this.review.panel.content.widgets.findIndex(item => item.model.id === cell);
    return at < 0 ? undefined : at + 1;
  }

  private model(cell: string): ICellModel | undefined {
    return this.review.panel.content.widgets.find(item => item.model.id === cell)?.model;
  }

  private styleOf(cellType: string): ITextStyle {
    const { editorConfig, codeMimetype } = this.review.panel.content;
    const isCode = cellType === 'code';
    const isMarkdown = cellType === 'markdown';
    const config = isCode
      ? editorConfig.code
      : isMarkdown
        ? editorConfig.markdown
        : editorConfig.raw;
    return {
      mimeType: isCode ? codeMimetype : isMarkdown ? 'text/x-ipythongfm' : 'text/plain',
      prose: isMarkdown,
      lineNumbers: !!config.lineNumbers
    };
  }
}
