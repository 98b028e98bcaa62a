/**
 * Reading what a kernel sends: untrusted, so its shape is checked before use.
 *
 * A message of an unknown type, or of another shape, counts as none.
 */
import type {
  Edit,
  Growth,
  Hit,
  KernelMessage,
  Origin,
  Piece,
  Problem,
  Proposal
} from '../protocol.gen';
import { isList, isObject, isText, isTextOrNull, type Loose } from './checks';
import { isIsolation, isPreview } from './preview-reading';
import { isOutcome, isTruth } from './truth-reading';

const isLine = (value: unknown): boolean => value === null || Number.isInteger(value);
const isLevel = (value: unknown): boolean =>
  value === null || [0, 1, 2, 3, 4].includes(value as number);

const STATUSES = new Set([
  'drafting',
  'queued',
  'pending',
  'asking',
  'accepted',
  'rejected',
  'superseded',
  'answered',
  'declined',
  'cancelled',
  'failed'
]);
const ROLES = new Set(['propose', 'complete', 'plan', 'describe']);
const REPAIRS = new Set(['', 'asked', 'automatic']);
const CELL_TYPES = new Set(['code', 'markdown', 'raw']);

export function isEdit(value: unknown): value is Edit {
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

function isScope(value: unknown): boolean {
  return (
    isObject(value) && isList(value.cells, isText) && isLine(value.first) && isLine(value.last)
  );
}

function isOrigin(value: unknown): value is Origin {
  return (
    isObject(value) &&
    isText(value.prompt) &&
    isText(value.model) &&
    isTextOrNull(value.target) &&
    (value.wants === 'edits' || value.wants === 'text') &&
    (value.scope === null || isScope(value.scope)) &&
    isTextOrNull(value.refines) &&
    isTextOrNull(value.clarifies) &&
    isList(value.made, isText) &&
    // What was kept before there was this has none.
    (value.without === undefined || isList(value.without, isText)) &&
    REPAIRS.has(value.repairs as string)
  );
}

function isPiece(value: unknown): value is Piece {
  return (
    isObject(value) &&
    isText(value.id) &&
    isText(value.kind) &&
    isText(value.label) &&
    typeof value.tokens === 'number' &&
    isText(value.why) &&
    isList(value.redacted, isText) &&
    isText(value.text) &&
    typeof value.is_removable === 'boolean'
  );
}

function isPart(value: unknown): boolean {
  return (
    isObject(value) &&
    isText(value.of) &&
    Number.isInteger(value.index) &&
    Number.isInteger(value.count)
  );
}

function isHit(value: unknown): value is Hit {
  return (
    isObject(value) &&
    isText(value.kind) &&
    isText(value.mention) &&
    isText(value.label) &&
    isText(value.detail)
  );
}

const isAmount = (value: unknown): boolean => typeof value === 'number' && value >= 0;

function isUsage(value: unknown): boolean {
  return (
    isObject(value) &&
    isAmount(value.input_tokens) &&
    isAmount(value.output_tokens) &&
    (value.cost === null || isAmount(value.cost))
  );
}

export function isProposal(value: unknown): value is Proposal {
  return (
    isObject(value) &&
    isText(value.id) &&
    isOrigin(value.origin) &&
    typeof value.created === 'number' &&
    STATUSES.has(value.status as string) &&
    isText(value.title) &&
    isText(value.rationale) &&
    isText(value.answer) &&
    isText(value.notice) &&
    isText(value.model) &&
    (value.usage === null || isUsage(value.usage)) &&
    isText(value.root) &&
    Number.isInteger(value.version) &&
    isList(value.edits, isEdit) &&
    isList(value.taken, isEdit) &&
    isList(value.since, isEdit) &&
    isList(value.edited, isText) &&
    isList(value.context, isPiece) &&
    (value.part === null || isPart(value.part)) &&
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

const RULINGS = new Set(['ALLOW', 'ASK', 'DENY']);
const KINDS = new Set(['adds', 'changes', 'removes', 'plots', 'writes', 'reaches']);

function isReason(value: unknown): boolean {
  return (
    isObject(value) &&
    RULINGS.has(value.ruling as string) &&
    isText(value.rule) &&
    isText(value.text) &&
    isText(value.cell) &&
    isLine(value.line) &&
    isLine(value.column)
  );
}

function isDecision(value: unknown): boolean {
  return (
    isObject(value) &&
    isText(value.proposal_id) &&
    isText(value.edits_hash) &&
    RULINGS.has(value.ruling as string) &&
    isList(value.reasons, isReason) &&
    typeof value.is_final === 'boolean'
  );
}

function isTally(value: unknown): boolean {
  return (
    isObject(value) &&
    KINDS.has(value.kind as string) &&
    [value.accepted, value.rejected, value.undone, value.auto].every(Number.isInteger)
  );
}

const CHECKS: { readonly [type in KernelMessage['type']]: (data: Loose) => boolean } = {
  welcome: data =>
    isTextOrNull(data.model) &&
    isList(data.models, isChoice) &&
    isList(data.proposals, isProposal) &&
    isLevel(data.lowered) &&
    Number.isInteger(data.windows) &&
    isObject(data.roles) &&
    isList(Object.values(data.roles), isText) &&
    (data.isolation === null || isIsolation(data.isolation)) &&
    Array.isArray(data.previews),
  windows: data => Number.isInteger(data.count),
  claimed: data => isText(data.proposal_id) && typeof data.granted === 'boolean',
  surveyed: data =>
    isText(data.survey_id) &&
    isList(data.pieces, isPiece) &&
    isList(data.left_out, isPiece) &&
    Number.isInteger(data.tokens) &&
    Number.isInteger(data.budget),
  continued: data =>
    isText(data.continue_id) &&
    isText(data.text) &&
    (data.problem === null || isProblem(data.problem)),
  found: data => isText(data.look_id) && isList(data.hits, isHit),
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
    isTextOrNull(data.cell_id) &&
    (data.wants === 'edits' || data.wants === 'text') &&
    isTextOrNull(data.refines) &&
    isTextOrNull(data.clarifies) &&
    REPAIRS.has(data.repairs as string),
  decide_requested: data =>
    isText(data.proposal_id) &&
    (data.verdict === 'accepted' || data.verdict === 'rejected') &&
    isTextOrNull(data.cell_id),
  lowered: data => isLevel(data.level),
  used: data => isText(data.model) && ROLES.has(data.role as string),
  previewed: data => isPreview(data.preview),
  judged: data => isDecision(data.decision),
  recalled: data => isList(data.tallies, isTally),
  truth: data => isText(data.truth_id) && isTruth(data.truth),
  kept: isOutcome,
  restored: isOutcome,
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
