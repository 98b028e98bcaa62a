/** What a preview says of variables, files and the world, as lines and rows. Pure. */
import type {
  ColumnState,
  FileEffect,
  ObservedEffects,
  Preview,
  VariableChange,
  VariableState
} from '../../protocol.gen';
import { plain } from './words';

const number = new Intl.NumberFormat('en');

export function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  const shown = unit === 0 || size >= 100 ? Math.round(size) : Math.round(size * 10) / 10;
  return `${number.format(shown)} ${units[unit]}`;
}

/** "DataFrame 1,000 × 2", "int64 array of 3 × 4", "int 3". */
export function stateText(state: VariableState): string {
  const { type, shape, dtype, nulls, text } = state;
  const size = shape.map(length => number.format(length)).join(' × ');
  const missing = nulls ? `${number.format(nulls)} missing` : '';
  return plain(
    [type, size, dtype, missing, shape.length === 0 ? text : ''].filter(Boolean).join(' ')
  );
}

export interface IVariableRow {
  readonly name: string;
  readonly kind: VariableChange['kind'];
  readonly before: string;
  readonly after: string;
  /** What is to be added: in place, notes, columns that differ. */
  readonly details: ReadonlyArray<string>;
}

export function variableRow(change: VariableChange): IVariableRow {
  const { name, kind, before, after, in_place, note } = change;
  const details = [
    in_place ? 'changed in place' : '',
    plain(note),
    ...(before && after ? columnLines(before, after) : []),
    ...(!before && after ? createdColumns(after) : [])
  ].filter(Boolean);
  return {
    name: plain(name),
    kind,
    before: before ? stateText(before) : '',
    after: after ? stateText(after) : '',
    details
  };
}

const MOST_COLUMNS = 12;

function columnLines(before: VariableState, after: VariableState): string[] {
  const old = new Map(before.columns.map(column => [column.name, column]));
  const now = new Map(after.columns.map(column => [column.name, column]));
  // Of more columns than are listed nobody can say which are gone.
  const isWhole = [before, after].every(({ columns, shape }) => columns.length === (shape[1] ?? 0));
  const lines = [
    ...after.columns
      .filter(column => isWhole && !old.has(column.name))
      .map(column => `+ ${column.name}: ${columnText(column)}`),
    ...before.columns
      .filter(column => isWhole && !now.has(column.name))
      .map(column => `− ${column.name}`),
    ...after.columns.flatMap(column => {
      const was = old.get(column.name);
      return was && columnText(was) !== columnText(column)
        ? [`${column.name}: ${columnText(was)} → ${columnText(column)}`]
        : [];
    })
  ];
  return shortened(lines.map(plain));
}

function createdColumns({ columns, shape }: VariableState): string[] {
  const lines = columns.map(column => plain(`${column.name}: ${columnText(column)}`));
  const more = (shape[1] ?? columns.length) - columns.length;
  return shortened(lines, Math.max(more, 0));
}

function shortened(lines: ReadonlyArray<string>, more = 0): string[] {
  const left = lines.length - MOST_COLUMNS + more;
  return left > 0 ? [...lines.slice(0, MOST_COLUMNS), `and ${left} more`] : [...lines];
}

function columnText({ dtype, nulls }: ColumnState): string {
  return nulls ? `${dtype}, ${number.format(nulls)} missing` : dtype;
}

const FILES: { readonly [kind in FileEffect['kind']]: string } = {
  created: 'creates',
  changed: 'changes',
  deleted: 'deletes'
};

/** All that it did or tried outside of its variables, a line each. */
export function effectLines(effects: ObservedEffects): string[] {
  const denied = (isDenied: boolean): string => (isDenied ? ' (denied in the sandbox)' : '');
  return [
    ...effects.files.map(file => {
      const size = file.size !== null && file.kind !== 'deleted' ? ` (${sizeText(file.size)})` : '';
      return `${FILES[file.kind]} ${file.path}${size}${denied(file.denied)}`;
    }),
    ...effects.processes.map(({ command, denied: no }) => `starts ${command}${denied(no)}`),
    ...effects.hosts.map(({ address, denied: no }) => `contacts ${address}${denied(no)}`),
    ...effects.environment.map(name => `reads the environment variable ${name}`)
  ].map(plain);
}

/** The same in one line, the gravest first; empty where there are none. */
export function effectsLine({ files, processes, hosts }: ObservedEffects): string {
  const counted = (count: number, one: string, many: string): string =>
    count === 0 ? '' : count === 1 ? one : many.replace('#', number.format(count));
  const of = (kind: FileEffect['kind']): number => files.filter(file => file.kind === kind).length;
  const denials = [...files, ...processes, ...hosts].filter(effect => effect.denied).length;
  return [
    counted(of('deleted'), 'deletes a file', 'deletes # files'),
    counted(of('changed'), 'changes a file', 'changes # files'),
    counted(of('created'), 'creates a file', 'creates # files'),
    counted(processes.length, 'starts a process', 'starts # processes'),
    counted(hosts.length, 'contacts a host', 'contacts # hosts'),
    counted(denials, '1 denied', '# denied')
  ]
    .filter(Boolean)
    .join(' · ');
}

/** How a later cell fared that was run too; empty where it was not. */
export function downstreamText(preview: Preview, cell: string): string {
  const run = preview.cells.find(other => other.downstream && other.cell === cell);
  if (!run) {
    return '';
  }
  if (run.error) {
    return plain(
      `would break: ${run.error.name}: ${run.error.message.split('\n')[0]}`.slice(0, 300)
    );
  }
  return run.status === 'ran' ? 'still runs' : run.status === 'partial' ? 'did not end' : 'not run';
}
