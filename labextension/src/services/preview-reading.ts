/** Reading a preview: it tells of code that nobody has reviewed, so every field is checked. */
import type { Isolation, Preview } from '../protocol.gen';
import {
  isCount,
  isCountOrNull,
  isFlag,
  isList,
  isNumber,
  isObject,
  isOneOf,
  isText
} from './checks';

const isStatus = isOneOf(
  new Set([
    'waiting',
    'running',
    'previewed',
    'failed',
    'budget',
    'stopped',
    'expensive',
    'refused'
  ])
);
const isTier = isOneOf(new Set(['namespaces', 'landlock', 'read-only', 'none']));
const isWay = isOneOf(new Set(['fork', 'fresh']));
const isRunStatus = isOneOf(new Set(['waiting', 'running', 'ran', 'failed', 'partial']));
const isOutputKind = isOneOf(new Set(['stdout', 'stderr', 'display', 'result']));
const isChangeKind = isOneOf(new Set(['created', 'changed', 'deleted']));

export function isIsolation(value: unknown): value is Isolation {
  return (
    isObject(value) &&
    isTier(value.tier) &&
    isText(value.name) &&
    isWay(value.way) &&
    isList(value.holds, isText) &&
    isList(value.lacks, isText)
  );
}

function isOutput(value: unknown): boolean {
  return (
    isObject(value) &&
    isOutputKind(value.kind) &&
    isText(value.text) &&
    isObject(value.data) &&
    isList(Object.values(value.data), isText) &&
    isText(value.metadata) &&
    isCount(value.cut)
  );
}

function isError(value: unknown): boolean {
  return (
    isObject(value) &&
    isText(value.name) &&
    isText(value.message) &&
    isCountOrNull(value.line) &&
    isText(value.traceback)
  );
}

function isRun(value: unknown): boolean {
  return (
    isObject(value) &&
    isText(value.cell) &&
    isRunStatus(value.status) &&
    isList(value.outputs, isOutput) &&
    (value.error === null || isError(value.error)) &&
    isNumber(value.seconds) &&
    isCountOrNull(value.line) &&
    isFlag(value.downstream)
  );
}

function isColumn(value: unknown): boolean {
  return isObject(value) && isText(value.name) && isText(value.dtype) && isCountOrNull(value.nulls);
}

function isState(value: unknown): boolean {
  return (
    isObject(value) &&
    isText(value.type) &&
    isList(value.shape, isCount) &&
    isText(value.dtype) &&
    isList(value.columns, isColumn) &&
    isCountOrNull(value.nulls) &&
    isText(value.text)
  );
}

function isChange(value: unknown): boolean {
  return (
    isObject(value) &&
    isText(value.name) &&
    isChangeKind(value.kind) &&
    (value.before === null || isState(value.before)) &&
    (value.after === null || isState(value.after)) &&
    isFlag(value.in_place) &&
    isText(value.note)
  );
}

function isEffects(value: unknown): boolean {
  return (
    isObject(value) &&
    isList(
      value.files,
      file =>
        isObject(file) &&
        isChangeKind(file.kind) &&
        isText(file.path) &&
        isCountOrNull(file.size) &&
        isFlag(file.denied)
    ) &&
    isList(
      value.processes,
      process => isObject(process) && isText(process.command) && isFlag(process.denied)
    ) &&
    isList(value.hosts, host => isObject(host) && isText(host.address) && isFlag(host.denied)) &&
    isList(value.environment, isText) &&
    isFlag(value.files_complete)
  );
}

function isEstimate(value: unknown): boolean {
  return (
    isObject(value) && (value.seconds === null || isNumber(value.seconds)) && isText(value.why)
  );
}

export function isPreview(value: unknown): value is Preview {
  return (
    isObject(value) &&
    isText(value.proposal_id) &&
    isText(value.edits_hash) &&
    isStatus(value.status) &&
    isText(value.reason) &&
    isText(value.waits_for) &&
    isList(value.cells, isRun) &&
    isList(value.changes, isChange) &&
    isEffects(value.effects) &&
    isText(value.summary) &&
    (value.isolation === null || isIsolation(value.isolation)) &&
    isList(
      value.downstream,
      item => isObject(item) && isText(item.cell) && isList(item.names, isText)
    ) &&
    isNumber(value.seconds) &&
    isNumber(value.budget) &&
    (value.estimate === null || isEstimate(value.estimate)) &&
    isText(value.sampled)
  );
}
