/** What every reading of a kernel's words is made of: does a value have this shape? */

export type Loose = { readonly [key: string]: unknown };

export const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isText = (value: unknown): value is string => typeof value === 'string';
export const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
export const isFlag = (value: unknown): boolean => typeof value === 'boolean';
export const isList = (value: unknown, of: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(of);
/** A number that can be shown and compared: neither NaN nor infinite. */
export const isNumber = (value: unknown): boolean => Number.isFinite(value);
export const isCount = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) >= 0;
export const isCountOrNull = (value: unknown): boolean => value === null || isCount(value);
/** One of these words. */
export const isOneOf =
  (words: ReadonlySet<string>) =>
  (value: unknown): boolean =>
    isText(value) && words.has(value);
