/** What sessions are told apart by. Pure. */
import { choice } from './parameters';

/** Expression by name; `{s}` is the session. */
const DIMENSIONS = {
  none: "'all'",
  site: '{s}.site_id',
  channel: '{s}.channel',
  source: '{s}.source',
  medium: '{s}.medium',
  campaign: '{s}.campaign',
  referrer: '{s}.referrer_host',
  landing_page: '{s}.landing_page_path',
  device: '{s}.device_class',
  browser: '{s}.browser',
  os: '{s}.os',
  country: '{s}.country',
  language: '{s}.language',
} as const;

/** Name of what sessions can be told apart by; `none` leaves them together. */
export type Dimension = keyof typeof DIMENSIONS;

/** All of them, in the order people are shown them. */
export const DIMENSION_NAMES = Object.keys(DIMENSIONS) as Dimension[];

/** The parameter that chooses a dimension. */
export function by(preset: Dimension, help: string) {
  return choice<Dimension>({ options: DIMENSION_NAMES, default: preset, help });
}

/**
 * The dimension's value, `(none)` where a session has none.
 * @param alias what the session is called
 */
export function dimensionOf(dimension: Dimension, alias: string): string {
  return orNone(DIMENSIONS[dimension].replace('{s}', alias));
}

/** The expression, `(none)` where it is null. */
export function orNone(expression: string): string {
  return `NVL(${expression}, '(none)')`;
}
