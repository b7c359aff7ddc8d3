/** Parameters of questions: what they take, and how their text is read. Pure. */
import { QuestionError, wrongValue } from './questionError';
import { type FunnelStep, readSteps } from './steps';

/** How a parameter is entered: what a form shows, what the command line expects. */
export type ParameterKind = 'text' | 'list' | 'choice' | 'integer' | 'duration' | 'time' | 'steps';

/** What is to be known about a parameter to ask for it. */
export interface ParameterInfo {
  /** `--<name>` on the command line. */
  readonly name: string;
  readonly kind: ParameterKind;
  /** One sentence. */
  readonly help: string;
  /** Value when none is given, as text; undefined when there is none. */
  readonly default?: string;
  /** True when a question cannot be asked without it. */
  readonly required?: boolean;
  /** Of a `choice` or `list`: its values. Of a `text`: proposals. */
  readonly options?: readonly string[];
  /** Flags without a value that stand for one: `--weekly` for `--every week`. */
  readonly shortcuts?: Readonly<Record<string, string>>;
}

/** A parameter whose text is read to a `T`. */
export interface Parameter<T> extends Omit<ParameterInfo, 'name'> {
  /**
   * @param text what was given, else the default; undefined when there is neither
   * @param name the parameter's name, for the message
   * @throws QuestionError when the text is not what the parameter takes, or missing where it is required
   */
  read(text: string | undefined, name: string): T;
}

type Read<T> = (text: string, name: string) => T;

function optional<T>(read: Read<T>): Parameter<T | undefined>['read'] {
  return (text, name) => (text === undefined ? undefined : read(text, name));
}

function given<T>(read: Read<T>): Parameter<T>['read'] {
  return (text, name) => {
    if (text === undefined) throw new QuestionError(name, `--${name} is missing`);
    return read(text, name);
  };
}

type About = Pick<ParameterInfo, 'help' | 'shortcuts' | 'options'>;

/** Longest text a parameter takes: more is no name of anything in the warehouse. */
const MAX_TEXT = 4_096;

function plainText(text: string, name: string): string {
  if (text.includes('\0'))
    throw wrongValue(name, text.replaceAll('\0', '\\0'), 'text without a NUL character');
  if (text.length > MAX_TEXT) {
    throw wrongValue(name, `${text.slice(0, 40)}…`, `text of at most ${MAX_TEXT} characters`);
  }
  return text;
}

/** Text that is required. */
export function requiredText(about: About): Parameter<string> {
  return { ...about, kind: 'text', required: true, read: given(plainText) };
}

/** Text with a default. */
export function text(about: About & { readonly default: string }): Parameter<string> {
  return { ...about, kind: 'text', read: given(plainText) };
}

/**
 * Several texts, separated by commas; any when none is given. With `options` they must be among these, and upper and lower
 * case do not matter.
 */
export function list(about: About): Parameter<readonly string[] | undefined> {
  const { options } = about;
  return {
    ...about,
    kind: 'list',
    read: optional((value, name) => {
      const items = plainText(value, name)
        .split(',')
        .map((item) => item.trim());
      if (items.includes('')) throw wrongValue(name, value, 'one or more values, separated by commas');
      if (options === undefined) return items;
      return items.map((item) => {
        const found = options.find((option) => option.toLowerCase() === item.toLowerCase());
        if (found === undefined) throw wrongValue(name, item, `one of ${options.join(', ')}`);
        return found;
      });
    }),
  };
}

/** One of some values. */
export function choice<const T extends string>(
  about: Omit<About, 'options'> & { readonly options: readonly T[]; readonly default: NoInfer<T> },
): Parameter<T> {
  return {
    ...about,
    kind: 'choice',
    read: given((value, name) => {
      const found = about.options.find((option) => option === value);
      if (found === undefined) throw wrongValue(name, value, `one of ${about.options.join(', ')}`);
      return found;
    }),
  };
}

/** A whole number. */
export function integer(
  about: About & { readonly default: number; readonly least: number; readonly most: number },
): Parameter<number> {
  const { default: preset, least, most, ...rest } = about;
  return {
    ...rest,
    kind: 'integer',
    default: String(preset),
    read: given((value, name) => {
      const number = Number(value);
      if (!/^\d{1,9}$/.test(value) || number < least || number > most) {
        throw wrongValue(name, value, `a whole number from ${least} to ${most}`);
      }
      return number;
    }),
  };
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };
const MAX_DURATION_SECONDS = 366 * 86_400;

/** A length of time, such as `30m`; read to seconds. */
export function duration(about: About & { readonly default: string }): Parameter<number> {
  return {
    ...about,
    kind: 'duration',
    read: given((value, name) => {
      const [, count, unit = ''] = /^(\d{1,9})([smhdw])$/.exec(value) ?? [];
      const seconds = Number(count) * (UNIT_SECONDS[unit] ?? Number.NaN);
      if (!(seconds > 0 && seconds <= MAX_DURATION_SECONDS)) {
        throw wrongValue(name, value, 'a length of time from 1s to 366d, such as 30m, 12h, 7d or 4w');
      }
      return seconds;
    }),
  };
}

/** A day, or a point in time. */
export interface Moment {
  /** Epoch milliseconds; of a day, its beginning in UTC. */
  readonly millis: number;
  /** True for a day without a time of day. */
  readonly isDay: boolean;
}

/** A day or a point in time. */
export function time(about: About): Parameter<Moment | undefined> {
  return {
    ...about,
    kind: 'time',
    read: optional((value, name) => {
      const [day = '', clock = '00:00'] = value.replace(/Z$/, '').split(/[T ]/);
      const millis = Date.parse(`${day}T${clock}Z`);
      const isTime = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?Z?)?$/.test(value) && !Number.isNaN(millis);
      // Date.parse takes 31 February for 3 March.
      if (!isTime || new Date(millis).toISOString().slice(0, 10) !== day) {
        throw wrongValue(
          name,
          value,
          'a day, such as 2026-11-01, or a time in UTC, such as 2026-11-01T08:30',
        );
      }
      return { millis, isDay: value === day };
    }),
  };
}

/** Steps of a funnel. */
export function steps(about: About): Parameter<readonly FunnelStep[]> {
  const read = given((value, name) => readSteps(plainText(value, name), name));
  return { ...about, kind: 'steps', required: true, read };
}
