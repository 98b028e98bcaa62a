/** The head of a ghost: what it is, where it stands, and what can be done. */
import { KEYS } from './actions';
import type { IGhostActions, IGhostState, ITarget } from './actions';
import { Button, element, set, show } from './dom';
import { revealed } from '../../text';
import { keyOf } from './parts';
import type { IPlace } from './places';
import { costOf } from '../previews/words';
import * as words from './words';

/** Accept, accept and run, reject: of a whole proposal or of one cell. */
class Decision {
  constructor(
    private readonly target: ITarget,
    small: boolean,
    actions: IGhostActions
  ) {
    const size = small ? 'llm-mod-small' : '';
    this.accept = new Button('Accept', `llm-mod-accept ${size}`, () =>
      actions.accept(target, false)
    );
    this.run = new Button('Accept & run', size, () => actions.accept(target, true));
    this.reject = new Button('Reject', `llm-mod-reject ${size}`, () =>
      this.drafting ? actions.cancel(target.proposal) : actions.reject(target)
    );
    this.node = element('div', 'llm-Ghost-buttons');
    this.node.append(this.accept.node, this.run.node, this.reject.node);
  }

  readonly node: HTMLElement;

  render(
    options: {
      readonly what: string;
      readonly suffix: string;
      readonly drafting: boolean;
      readonly canAccept: boolean;
      readonly canReject: boolean;
      readonly hasCode: boolean;
      /** How long running it takes; empty where that is not worth saying. */
      readonly cost?: string;
      /** The keys act on this. */
      readonly marked: boolean;
    },
    key: (command: string) => string
  ): void {
    const { what, suffix, drafting, marked } = options;
    this.drafting = drafting;
    this.accept.name(`Accept${suffix}`);
    this.reject.name(drafting ? 'Cancel' : `Reject${suffix}`);
    this.run.show(options.hasCode);
    this.accept.enable(options.canAccept);
    this.run.enable(options.canAccept);
    this.reject.enable(drafting || options.canReject);
    this.accept.hint(`Accept ${what}`, key(KEYS.accept), marked);
    const { cost } = options;
    this.run.name(cost ? `Accept & run (${cost})` : 'Accept & run');
    const again = cost ? `; it is run again, which takes ${cost}` : '';
    this.run.hint(`Accept ${what}, and run the code in it${again}`, key(KEYS.acceptAndRun), marked);
    this.reject.hint(
      drafting ? 'Stop the model' : `Reject ${what}`,
      key(KEYS.reject),
      marked && !drafting
    );
    if (this.target.key !== undefined) {
      this.accept.describe(`Accept ${what}`);
      this.run.describe(`Accept ${what} and run it`);
      this.reject.describe(`Reject ${what}`);
    }
  }

  private readonly accept: Button;
  private readonly run: Button;
  private readonly reject: Button;
  private drafting = false;
}

export class GhostHeader {
  constructor(place: IPlace, target: ITarget, actions: IGhostActions) {
    const { proposal } = target;
    const sign = element('span', 'llm-Ghost-sign', words.SIGNS[place.kind]);
    sign.setAttribute('aria-hidden', 'true');
    const line = element('div', 'llm-Ghost-words');
    line.append(this.what, this.heading, this.state, this.model);
    this.row.append(line);
    this.note.setAttribute('role', 'status');
    const main = element('div', 'llm-Ghost-main');
    main.append(this.row, this.tools, this.note);
    this.node.append(sign, main);

    if (place.primary) {
      this.all = new Decision({ proposal }, false, actions);
      this.row.append(this.all.node);
    }
    this.own = new Decision(target, true, actions);
    this.edit = new Button('Edit', 'llm-mod-quiet', () => actions.edit(target));
    this.jump = new Button('Show where to', 'llm-mod-quiet', () => actions.otherEnd(target));
    this.follow = new Button('Refine', 'llm-mod-quiet', () => actions.openFollowUp(proposal));
    this.tryOut = new Button('Preview', 'llm-mod-quiet', () => actions.preview(proposal, {}));
    this.older = new Button('‹', 'llm-mod-quiet', () => actions.version(proposal, -1));
    this.newer = new Button('›', 'llm-mod-quiet', () => actions.version(proposal, 1));
    this.since = new Button('', 'llm-mod-quiet', () => actions.since(proposal));
    this.older.describe('The version before');
    this.newer.describe('The next version');
    this.versions.append(this.older.node, this.version, this.newer.node, this.since.node);
    this.versions.setAttribute('role', 'group');
    this.versions.setAttribute('aria-label', 'Versions');
    this.tools.append(
      this.ordinal,
      this.edited,
      this.edit.node,
      this.jump.node,
      this.follow.node,
      this.tryOut.node,
      this.versions,
      this.own.node
    );
  }

  readonly node = element('div', 'llm-Ghost-header');

  render(place: IPlace, state: IGhostState, stale: boolean): void {
    const { proposal, edits } = place.view;
    const drafting = proposal.status === 'drafting';
    const first = place.primary;
    const several = edits.length > 1;
    set(this.what, words.whatOf(place));
    set(this.heading, first ? revealed(words.titleOf(place.view)) : words.ordinalOf(place));
    this.heading.title = this.heading.textContent ?? '';
    const parts = several ? `${edits.length} changes` : '';
    const facts = [drafting ? 'Writing…' : parts, words.sequenceOf(place.view)];
    set(this.state, first ? facts.filter(Boolean).join(' · ') : '');
    set(this.model, first ? revealed(state.model) : '');
    this.model.title = this.model.textContent ?? '';
    set(this.note, this.noteOf(place, state, stale));
    const key = (command: string) => state.key(command);

    this.all?.render(
      {
        what: several ? `all ${edits.length} changes` : 'this proposal',
        suffix: several ? ' all' : '',
        drafting,
        canAccept: place.view.acceptable && state.settled,
        canReject: place.view.stale || state.settled,
        hasCode: edits.some(({ edit }) => words.isCode(edit)),
        cost: costOf(state.preview),
        marked: state.keysHere && state.mark === null
      },
      key
    );
    const own = several && !drafting && !stale && state.draft === null;
    show(this.own.node, own);
    if (own) {
      this.own.render(
        {
          what: words.ordinalOf(place),
          suffix: '',
          drafting: false,
          canAccept: place.edit.applies && proposal.status === 'pending' && state.settled,
          canReject: state.settled,
          hasCode: words.isCode(place.edit.edit),
          marked: state.mark?.key === keyOf(place.edit.edit) && state.mark.hunk === null
        },
        key
      );
    }
    this.renderTools(place, state, stale, key);
  }

  private renderTools(
    place: IPlace,
    state: IGhostState,
    stale: boolean,
    key: (command: string) => string
  ): void {
    const { proposal, edits } = place.view;
    const { versions } = state;
    const pending = proposal.status === 'pending';
    const first = place.primary;
    const here = !state.keysHere
      ? false
      : state.mark === null
        ? first
        : state.mark.key === keyOf(place.edit.edit);
    const text = place.kind === 'insert' || place.kind === 'replace';
    set(this.ordinal, first && edits.length > 1 ? words.ordinalOf(place) : '');
    set(this.edited, words.wasEdited(place) ? 'changed by you' : '');
    this.edit.show(pending && text && !stale && state.draft === null);
    this.edit.hint('Change the proposed text before you accept it', key(KEYS.edit), here);
    this.jump.show(place.kind === 'move' && !stale);
    this.jump.hint('Turn to the place where it would go', key(KEYS.otherEnd), here);
    this.follow.show(first && pending && state.followUp === null);
    this.follow.hint(
      'Say what should be different: the next version',
      key(KEYS.refine),
      state.keysHere
    );
    const isOffered = state.preview?.isQuiet && state.preview.canRun;
    this.tryOut.show(first && !!isOffered);
    this.tryOut.hint(
      'Run it in a sandbox, and see what it would do',
      key(KEYS.preview),
      state.keysHere
    );
    const at = versions.indexOf(proposal.id);
    const many = first && versions.length > 1;
    show(this.versions, many);
    if (many) {
      set(this.version, `version ${at + 1} of ${versions.length}`);
      this.older.enable(at > 0);
      this.newer.enable(at < versions.length - 1);
      this.older.hint('The version before', key(KEYS.previousVersion), state.keysHere);
      this.newer.hint('The next version', key(KEYS.nextVersion), state.keysHere);
      this.since.show(at > 0);
      this.since.name(`Since version ${at}`);
      this.since.hint(`Show what changed since version ${at}`, key(KEYS.since), state.keysHere);
      this.since.press(state.since !== null);
    }
    const tools = [...this.tools.children] as HTMLElement[];
    show(
      this.tools,
      tools.some(node => !node.hidden && node.textContent !== '')
    );
  }

  private noteOf(place: IPlace, state: IGhostState, stale: boolean): string {
    if (place.view.proposal.status === 'drafting') {
      return '';
    }
    const said = [];
    if (stale) {
      said.push(words.staleNote(place));
    }
    if (place.primary) {
      said.push(state.remark);
      said.push(words.nextNote(place.view.next ?? null));
      if (state.since) {
        said.push(words.droppedSince(place.view, state.since.edits));
      }
    }
    return said.filter(Boolean).join(' ');
  }

  private readonly row = element('div', 'llm-Ghost-row');
  private readonly tools = element('div', 'llm-Ghost-tools');
  private readonly what = element('span', 'llm-Ghost-what');
  private readonly heading = element('span', 'llm-Ghost-title');
  private readonly state = element('span', 'llm-Ghost-state');
  private readonly model = element('span', 'llm-Ghost-model');
  private readonly note = element('div', 'llm-Ghost-note');
  private readonly ordinal = element('span', 'llm-Ghost-quiet');
  private readonly edited = element('span', 'llm-Ghost-edited');
  private readonly versions = element('span', 'llm-Ghost-versions');
  private readonly version = element('span', 'llm-Ghost-quiet');
  private readonly all: Decision | null = null;
  private readonly own: Decision;
  private readonly edit: Button;
  private readonly jump: Button;
  private readonly follow: Button;
  private readonly tryOut: Button;
  private readonly older: Button;
  private readonly newer: Button;
  private readonly since: Button;
}
