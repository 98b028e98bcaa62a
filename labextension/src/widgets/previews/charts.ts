/**
 * Vega-Lite charts of code that nobody has reviewed: drawn once, and shown as a picture.
 *
 * A specification can name addresses to load, links to follow, elements of the
 * page to bind to, and expressions that are turned into code. One that has any of
 * these is not drawn at all: to cut them out would show another chart. Rows of
 * data are data, whatever their columns are called.
 */

export const CHART = /^application\/vnd\.vegalite\.v\d{1,2}\+json$/;

/** More would hold the page up. */
const LONGEST = 3_000_000;
const DEEPEST = 60;
/** Loads, links, reaches into the page, or is an expression. */
const FORBIDDEN = new Set(
  (
    'url href loader bind topojson src image expr signal signals calculate test labelExpr ' +
    'update events on formatType customFormatTypes __proto__ constructor prototype'
  ).split(' ')
);
/** Said to the one who draws it, and no part of the chart. */
const LEFT_OUT = new Set(['usermeta', '$schema', 'tooltip', 'description', 'cursor']);
/** Rows, by these names. */
const ROWS = new Set(['values', 'datasets']);

/** The chart with nothing in it that acts or loads; null where it cannot be without. */
export function safeChart(text: string): object | null {
  if (text.length > LONGEST) {
    return null;
  }
  try {
    const copied = copy(JSON.parse(text), 0);
    return typeof copied === 'object' && copied !== null && !Array.isArray(copied) ? copied : null;
  } catch {
    return null;
  }
}

/** @throws Error where there is something in it that may not be. */
function copy(value: unknown, depth: number): unknown {
  if (depth > DEEPEST) {
    throw new Error('too deep');
  }
  if (Array.isArray(value)) {
    return value.map(item => copy(item, depth + 1));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const made: { [key: string]: unknown } = {};
  for (const [key, item] of Object.entries(value)) {
    // A filter or a condition in words is an expression; as an object it is a comparison.
    const isExpression = (key === 'filter' || key === 'condition') && typeof item === 'string';
    const isImage = (key === 'mark' || key === 'type') && item === 'image';
    if (FORBIDDEN.has(key) || isExpression || isImage || holdsExpression(key, item)) {
      throw new Error(key);
    }
    if (!LEFT_OUT.has(key)) {
      made[key] = ROWS.has(key) ? item : copy(item, depth + 1);
    }
  }
  return made;
}

/** Conditions may be combined: `{"and": ["datum.x > 1", …]}`. */
function holdsExpression(key: string, item: unknown): boolean {
  const isLogic = key === 'and' || key === 'or' || key === 'not' || key === 'filter';
  return isLogic && (Array.isArray(item) ? item : [item]).some(part => typeof part === 'string');
}
