/** Turns what senders give into what columns hold. Undefined means that a value cannot become the column's type. */

const INT_MAX = 2 ** 31 - 1;
const INT_MIN = -(2 ** 31);
/** Without two ways to match the same digits: on a long text that would take quadratic time. */
const NUMBER_TEXT = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** Text of a string, number or boolean. */
export function toText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return undefined;
  }
}

/** A finite number, also from decimal text. */
export function toDouble(value: unknown): number | undefined {
  const number = typeof value === 'string' && NUMBER_TEXT.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** A whole number within the range; a fraction, as browsers give for a zoomed viewport, is rounded. */
function toWholeNumber(value: unknown, min: number, max: number): number | undefined {
  const number = toDouble(value);
  if (number === undefined) return undefined;
  const rounded = Math.round(number);
  return rounded >= min && rounded <= max ? rounded : undefined;
}

/** A whole number of 32 bits. */
export function toInt(value: unknown): number | undefined {
  return toWholeNumber(value, INT_MIN, INT_MAX);
}

/** A whole number that JSON carries without loss (53 bits). */
export function toBigint(value: unknown): number | undefined {
  return toWholeNumber(value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}

/** True or false, also as 1 and 0 and as text in any letter case. */
export function toBoolean(value: unknown): boolean | undefined {
  switch (typeof value === 'string' ? value.trim().toLowerCase() : value) {
    case true:
    case 1:
    case 'true':
    case '1':
      return true;
    case false:
    case 0:
    case 'false':
    case '0':
      return false;
    default:
      return undefined;
  }
}
