/**
 * Steps of a funnel: `event_name[:page path][?property=value]`, separated by commas. In names, paths and values a star
 * stands for any text (not in properties' names), and a backslash takes the character behind it for itself. Pure.
 */
import { wrongValue } from './questionError';

/** Text in which a star stands for any text. */
export type Pattern = readonly (string | typeof ANY)[];
/** Any text, also none. */
export const ANY = Symbol('any text');

/** What an event must be like to count as a step. */
export interface FunnelStep {
  /** As it was written. */
  readonly label: string;
  readonly eventName: Pattern;
  readonly path: Pattern | undefined;
  readonly property: { readonly name: string; readonly value: Pattern } | undefined;
}

const MIN_STEPS = 2;
const MAX_STEPS = 10;
const EXPECTED = "steps such as 'page_view:/products/*,add_to_cart,purchase?coupon=AUTUMN'";
/** Property names the transform writes that SQL can name without surprises. */
const PROPERTY_NAME = /^[a-z_][a-z0-9_]{0,63}$/;

/**
 * Reads steps.
 * @param parameter name of the parameter, for the message
 * @throws QuestionError when they are not understood, fewer than two or more than ten
 */
export function readSteps(text: string, parameter: string): readonly FunnelStep[] {
  const steps = split(text, ',').map((step) => readStep(step.trim(), text, parameter));
  if (steps.length < MIN_STEPS || steps.length > MAX_STEPS) {
    throw wrongValue(parameter, text, `${MIN_STEPS} to ${MAX_STEPS} steps, separated by commas`);
  }
  return steps;
}

function readStep(label: string, whole: string, parameter: string): FunnelStep {
  const [beforeProperty = '', property, ...tooMany] = split(label, '?');
  const [eventName = '', path, ...others] = split(beforeProperty, ':');
  const [name = '', value, ...more] = property === undefined ? [] : split(property, '=');
  const isWrong =
    eventName === '' ||
    path === '' ||
    [...tooMany, ...others, ...more].length > 0 ||
    (property !== undefined && (value === undefined || value === '' || !PROPERTY_NAME.test(name)));
  if (isWrong) throw wrongValue(parameter, whole, `${EXPECTED}; not understood: "${label}"`);
  return {
    label,
    eventName: readPattern(eventName),
    path: path === undefined ? undefined : readPattern(path),
    property: value === undefined ? undefined : { name, value: readPattern(value) },
  };
}

/** A backslash and the character behind it, or a character. */
const CHARACTERS = /\\[\s\S]|[\s\S]/gu;

/** Splits at a separator that no backslash stands before. */
function split(text: string, separator: string): string[] {
  const parts = [''];
  for (const [character] of text.matchAll(CHARACTERS)) {
    if (character === separator) parts.push('');
    else parts.push((parts.pop() ?? '') + character);
  }
  return parts;
}

/** Reads text with stars and backslashes. */
export function readPattern(text: string): Pattern {
  const pattern: (string | typeof ANY)[] = [];
  for (const [character] of text.matchAll(CHARACTERS)) {
    const last = pattern.at(-1);
    if (character === '*') pattern.push(ANY);
    else {
      const plain = character.length > 1 && character.startsWith('\\') ? character.slice(1) : character;
      if (typeof last === 'string') pattern[pattern.length - 1] = last + plain;
      else pattern.push(plain);
    }
  }
  return pattern;
}
