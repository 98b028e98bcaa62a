/**
 * Reading what a kernel sends: untrusted, so its shape is checked before use.
 *
 * A message of an unknown type, or of another shape, counts as none.
 */
import type { Edit, Growth, KernelMessage, Problem, Proposal } from '../protocol.gen';

type Loose = { readonly [key: string]: unknown };

const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const isList = (value: unknown, of: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(of);
const isLevel = (value: unknown): boolean => value === null || value === 0 || value === 2;

const STATUSES = new Set([
  'drafting',
  'pending',
  'accepted',
  'rejected',
  'answered',
  'declined',
  'cancelled',
  'failed'
]);
const CELL_TYPES = new Set(['code', 'markdown', 'raw']);

function isEdit(value: unknown): value is Edit {
  if (!isObject(value) || !isText(value.cell_id)) {
    return false;
  }
  const content = isText(value.source) && CELL_TYPES.has(value.cell_type as string);
  switch (value.op) {
    case 'insert':
      return content && isTextOrNull(value.after);
    case 'replace':
      return content && isText(value.expects) && isTextOrNull(value.new_id);
    case 'delete':
      return isText(value.expects);
    case 'move':
      return isText(value.expects) && isTextOrNull(value.after);
    default:
      return false;
  }
}

function isProblem(value: unknown): value is Problem {
  return (
    isObject(value) &&
    isText(value.code) &&
    isText(value.message) &&
    isText(value.kept) &&
    isText(value.next)
  );
}

function isProposal(value: unknown): value is Proposal {
  return (
    isObject(value) &&
    isText(value.id) &&
    isObject(value.origin) &&
    isText(value.origin.prompt) &&
    isText(value.origin.model) &&
    isTextOrNull(value.origin.target) &&
    typeof value.created === 'number' &&
    STATUSES.has(value.status as string) &&
    isText(value.title) &&
    isText(value.rationale) &&
    isText(value.answer) &&
    isText(value.notice) &&
    isList(value.edits, isEdit) &&
    isList(value.suggestions, s => isObject(s) && isText(s.label) && isText(s.prompt)) &&
    (value.problem === null || isProblem(value.problem))
  );
}

function isGrowth(value: unknown): value is Growth {
  return (
    isObject(value) &&
    Number.isInteger(value.index) &&
    isText(value.text) &&
    (value.edit === null || isEdit(value.edit))
  );
}

function isChoice(value: unknown): boolean {
  return (
    isObject(value) &&
    isText(value.id) &&
    isText(value.label) &&
    typeof value.ready === 'boolean' &&
    isText(value.hint)
  );
}

const CHECKS: { readonly [type in KernelMessage['type']]: (data: Loose) => boolean } = {
  welcome: data =>
    isTextOrNull(data.model) &&
    isList(data.models, isChoice) &&
    isList(data.proposals, isProposal) &&
    isLevel(data.lowered),
  changed: data => isProposal(data.proposal),
  streamed: data =>
    isText(data.proposal_id) &&
    isText(data.title) &&
    isText(data.rationale) &&
    isText(data.answer) &&
    isList(data.growth, isGrowth),
  ask_requested: data =>
    isText(data.proposal_id) &&
    isText(data.prompt) &&
    isText(data.model) &&
    isTextOrNull(data.cell_id),
  decide_requested: data =>
    isText(data.proposal_id) &&
    (data.verdict === 'accepted' || data.verdict === 'rejected') &&
    isTextOrNull(data.cell_id),
  lowered: data => isLevel(data.level),
  used: data => isText(data.model),
  failed: data => isProblem(data.problem)
};

/** The message that `data` is, or null. Never throws. */
export function readMessage(data: unknown): KernelMessage | null {
  if (!isObject(data) || !isText(data.type) || !Object.hasOwn(CHECKS, data.type)) {
    return null;
  }
  const check = CHECKS[data.type as KernelMessage['type']];
  return check(data) ? (data as unknown as KernelMessage) : null;
}
