/** A real shared notebook, and a channel and host that tests drive. */
import { YNotebook } from '@jupyter/ydoc';
import { Signal } from '@lumino/signaling';
import { originOf } from '../origins';

import { cellHash, editsHash } from '../../hash';
import type {
  Snapshot,
  Edit,
  FrontendMessage,
  KernelMessage,
  Level,
  Preview,
  Isolation,
  Proposal,
  Welcome,
  NotKept
} from '../../protocol.gen';
import type { Connection, Hand } from '../../tokens';
import { Ceiling } from '../ceiling';
import type { IChannel } from '../channel';
import { DEFAULT_AUTO_RUN, DEFAULT_LEASH, DEFAULT_PREVIEW, type IChoices } from '../choices';
import type { IGestures } from '../gestures';
import type { IRunCell } from '../guard';
import type { IHost } from '../host';

export function notebook(
  sources: { readonly [id: string]: string },
  disableDocumentWideUndoRedo = false
): YNotebook {
  const shared = YNotebook.create({
    disableDocumentWideUndoRedo,
    data: {
      cells: Object.entries(sources).map(([id, source]) => ({
        id,
        cell_type: source.startsWith('#') ? 'markdown' : 'code',
        source,
        metadata: { tags: [id] },
        ...(source.startsWith('#')
          ? {}
          : {
              outputs: [{ output_type: 'stream', name: 'stdout', text: `${id} out` }],
              execution_count: 7
            })
      })),
      metadata: {}
    }
  });
  // As JupyterLab does once a notebook is loaded.
  shared.clearUndoHistory();
  return shared;
}

export function contents(shared: YNotebook): string[] {
  return shared.cells.map(cell => `${cell.id} ${cell.cell_type} ${cell.getSource()}`);
}

export function proposal(id: string, edits: Edit[], more: Partial<Proposal> = {}): Proposal {
  return {
    id,
    origin: originOf({ prompt: 'please', model: 'scripted:x', target: 'a' }),
    created: 1,
    status: 'pending',
    title: 'A title',
    rationale: '',
    edits,
    taken: [],
    edited: [],
    answer: '',
    suggestions: [],
    root: '',
    version: 1,
    since: [],
    part: null,
    context: [],
    problem: null,
    notice: '',
    usage: null,
    model: '',
    untrusted: null,
    ...more
  };
}

export const insert = (cell_id: string, after: string | null, source: string): Edit => ({
  op: 'insert',
  cell_id,
  after,
  cell_type: 'code',
  source
});

export const replace = (cell_id: string, before: string, source: string): Edit => ({
  op: 'replace',
  cell_id,
  expects: cellHash('code', before),
  cell_type: 'code',
  source,
  new_id: null
});

export const FORKED: Isolation = {
  tier: 'landlock',
  name: 'Landlock, seccomp',
  way: 'fork',
  holds: [],
  lacks: []
};

export function preview(id: string, edits: Edit[], more: Partial<Preview> = {}): Preview {
  return {
    proposal_id: id,
    edits_hash: editsHash(edits),
    status: 'previewed',
    reason: '',
    waits_for: '',
    cells: [],
    changes: [],
    effects: { files: [], processes: [], hosts: [], environment: [], files_complete: true },
    summary: '',
    isolation: FORKED,
    downstream: [],
    seconds: 0.1,
    budget: 5,
    estimate: null,
    sampled: '',
    ...more
  };
}

/** A page in which all is done by a person's hand, where `isByHand` does not say otherwise. */
export class TestGestures implements IGestures {
  isByHand = true;
  watch = (): (() => void) => () => undefined;
  isRunning = (): boolean => this.isByHand;
  isRecent = (): boolean => this.isByHand;
  hand = (): Hand | null => (this.isByHand ? { at: 0 } : null);
  take = (hand: Hand | null): boolean => hand !== null;
}

export function authority(): { readonly gestures: TestGestures; readonly ceiling: Ceiling } {
  const nobody = { level: 4, where: '', problem: '' };
  return { gestures: new TestGestures(), ceiling: new Ceiling(() => Promise.resolve(nobody)) };
}

export class TestChannel implements IChannel {
  connection: Connection = 'ready';
  problem = null;
  open = true;
  notKept: ReadonlyArray<NotKept> = [];
  readonly sent: FrontendMessage[] = [];
  readonly changed: Signal<IChannel, void> = new Signal(this);
  readonly message: Signal<IChannel, KernelMessage> = new Signal(this);
  readonly lost: Signal<IChannel, void> = new Signal(this);

  send(message: FrontendMessage): boolean {
    if (this.open) {
      this.sent.push(message);
      if (message.type === 'keep') {
        const { proposal_id } = message;
        const not_kept = this.notKept;
        const text = not_kept.length
          ? `An undo will not put back ${not_kept.map(({ name }) => name).join(', ')}.`
          : '';
        const kept = { type: 'kept', proposal_id, names: [], not_kept, text } as const;
        queueMicrotask(() => this.message.emit(kept));
      }
    }
    return this.open;
  }

  welcome(
    proposals: Proposal[] = [],
    model: string | null = 'offline:rules',
    more: Partial<Welcome> = {}
  ): void {
    this.message.emit({
      type: 'welcome',
      protocol: 1,
      version: '0',
      model,
      models: [{ id: 'offline:rules', label: 'Rules', ready: true, hint: '' }],
      proposals,
      lowered: null,
      windows: 1,
      roles: {},
      isolation: null,
      previews: [],
      ...more
    });
  }

  change(changed: Proposal): void {
    this.message.emit({ type: 'changed', proposal: changed });
  }

  reconnect(): void {}
  dispose(): void {}
}

export class TestHost implements IHost {
  constructor(readonly shared: YNotebook) {}

  metadata: unknown = undefined;
  lockedReason = '';
  activeCell: string | null = null;
  path = 'n.ipynb';
  readonly renamed: Signal<IHost, string> = new Signal(this);
  readonly saving: Signal<IHost, void> = new Signal(this);
  readonly saved: Signal<IHost, void> = new Signal(this);
  readonly ran: string[][] = [];
  readonly settled: string[][] = [];
  readonly cellScheduled: Signal<IHost, IRunCell> = new Signal(this);
  readonly cellExecuted: Signal<IHost, string> = new Signal(this);
  readonly cellFailed: Signal<IHost, string> = new Signal(this);
  readonly ranElsewhere: Signal<IHost, void> = new Signal(this);
  typing: string | null = null;
  readonly ranQuietly: string[][] = [];
  interrupted = 0;

  snapshot(): Snapshot {
    const cells = this.shared.cells.map(cell => ({
      id: cell.id,
      type: cell.cell_type,
      source: cell.getSource()
    }));
    return { cells, path: 'n.ipynb', has_ids: true };
  }

  settle(touched: ReadonlyArray<string>): void {
    this.settled.push([...touched]);
  }

  run(ids: ReadonlyArray<string>): void {
    this.ran.push([...ids]);
  }

  runQuietly(ids: ReadonlyArray<string>): void {
    this.ranQuietly.push([...ids]);
  }

  interrupt(): void {
    this.interrupted++;
  }

  dispose(): void {}
}

export class TestChoices implements IChoices {
  model = 'offline:rules';
  models: string[] = [];
  roles: IChoices['roles'] = {};
  prices = {};
  level: Level = 2;
  leash = DEFAULT_LEASH;
  sampleValues = false;
  deadline = 120;
  preview: IChoices['preview'] = DEFAULT_PREVIEW;
  autoRun: IChoices['autoRun'] = DEFAULT_AUTO_RUN;
  grants: IChoices['grants'] = [];
  keep = 256;
  readonly changed: Signal<IChoices, void> = new Signal(this);

  setModel(model: string): void {
    this.model = model;
    this.changed.emit();
  }

  addModel(model: string): void {
    this.models = [...this.models, model];
  }

  setLevel(level: Level): void {
    this.level = level;
    this.changed.emit();
  }
}
