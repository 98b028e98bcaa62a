/** The other end of a move: the line where the cell would go. */
import { Widget } from '@lumino/widgets';

import { KEYS } from './actions';
import type { IGhostActions, IGhostState } from './actions';
import { Button, element, set } from './dom';
import { REVIEW_CLASS } from './ghost';
import { revealed } from '../../text';
import { keyOf } from './parts';
import type { IPlace } from './places';

export class Landing extends Widget {
  constructor(place: IPlace, actions: IGhostActions) {
    super();
    this.proposal = place.view.proposal.id;
    this.key = keyOf(place.edit.edit);
    this.addClass('llm-Landing');
    this.addClass(REVIEW_CLASS);
    const { node } = this;
    node.dataset.llmProposal = this.proposal;
    node.dataset.llmKey = this.key;
    node.tabIndex = -1;
    node.setAttribute('role', 'group');
    this.jump = new Button('Show the cell', 'llm-mod-quiet', () =>
      actions.otherEnd({ proposal: this.proposal, key: this.key })
    );
    node.append(this.text, this.code, this.jump.node);
    for (const type of ['mousedown', 'dblclick']) {
      node.addEventListener(type, event => event.stopPropagation(), true);
    }
  }

  readonly proposal: string;
  readonly key: string;

  render(place: IPlace, state: IGhostState): void {
    const words = `Cell ${place.position} would move here`;
    set(this.text, words);
    set(this.code, revealed(place.edit.before.trim().split('\n')[0] ?? ''));
    this.node.setAttribute('aria-label', words);
    this.jump.hint('Turn to the cell that would move', state.key(KEYS.otherEnd));
  }

  private readonly text = element('span', 'llm-Landing-label');
  private readonly code = element('code', 'llm-Landing-code');
  private readonly jump: Button;
}
