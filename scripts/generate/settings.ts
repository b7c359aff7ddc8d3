/** What to simulate. */
import { DAY_MILLIS, HOUR_MILLIS } from '../../lib/contract/units';

/** Settings of a simulation. The same settings always give the same events, in any number of processes. */
export interface GeneratorSettings {
  /** Events in all, each copy and each broken one counted: the lines of a file. */
  readonly events: number;
  readonly sites: number;
  /** From 0 to 2^32 - 1. */
  readonly seed: number;
  /** When the simulated time begins, in epoch milliseconds. */
  readonly startMillis: number;
  readonly days: number;
  /** Share of the events that cannot become a row. */
  readonly brokenPercent: number;
  /** Share of the valid events that are sent once more. */
  readonly duplicatePercent: number;
  /**
   * Whether records are broken too (no gzip, too large once expanded, not UTF-8, empty): only a stream has records, a
   * file of lines cannot hold them.
   */
  readonly brokenRecords: boolean;
  /** Directory with weighted tables. @default the built-in ones */
  readonly distributions?: string;
}

/** Settings where nothing else is said. The time is fixed, because the same seed must give the same bytes. */
export const DEFAULT_SETTINGS: GeneratorSettings = {
  events: 100_000,
  sites: 300,
  seed: 1,
  startMillis: Date.UTC(2026, 9, 5),
  days: 7,
  brokenPercent: 1,
  duplicatePercent: 1,
  brokenRecords: false,
};

/** Value of the `source` column in all events of a simulation: tells them from others in the same warehouse. */
export function sourceOf({ seed }: Pick<GeneratorSettings, 'seed'>): string {
  return `simulation-${seed}`;
}

/** The last event is received less than this after the end of the simulated days: offline devices and long visits. */
export const LAST_STRAGGLER_MILLIS = 2 * DAY_MILLIS;

const LATEST_MILLIS = Date.UTC(2090, 0, 1);
const EARLIEST_MILLIS = Date.UTC(2000, 0, 1);

/** When the simulated days end, in epoch milliseconds. */
export function endMillis({ startMillis, days }: Pick<GeneratorSettings, 'startMillis' | 'days'>): number {
  return startMillis + days * DAY_MILLIS;
}

/** What is wrong with settings: each the setting, its value and what would be right. Empty when nothing is. */
export function settingsProblems(settings: GeneratorSettings): string[] {
  const { events, sites, seed, startMillis, days, brokenPercent, duplicatePercent } = settings;
  const isWhole = (value: number, low: number, high: number) =>
    Number.isSafeInteger(value) && value >= low && value <= high;
  const problems: string[] = [];
  const check = (isRight: boolean, name: string, value: unknown, rule: string) => {
    if (!isRight) problems.push(`${name} is ${value}, it must be ${rule}`);
  };
  check(isWhole(events, 1, 1e11), 'events', events, 'a whole number from 1 to 100,000,000,000');
  check(isWhole(sites, 1, 10_000), 'sites', sites, 'a whole number from 1 to 10,000');
  check(isWhole(seed, 0, 2 ** 32 - 1), 'seed', seed, 'a whole number from 0 to 4,294,967,295');
  check(isWhole(days, 1, 366), 'days', days, 'a whole number from 1 to 366');
  check(
    isWhole(startMillis, EARLIEST_MILLIS, LATEST_MILLIS),
    'start',
    startMillis,
    'a time from 2000 to 2089',
  );
  check(startMillis % HOUR_MILLIS === 0, 'start', startMillis, 'the start of an hour in UTC');
  check(brokenPercent >= 0 && brokenPercent <= 100, 'broken percent', brokenPercent, 'from 0 to 100');
  check(
    duplicatePercent >= 0 && duplicatePercent <= 100,
    'duplicate percent',
    duplicatePercent,
    'from 0 to 100',
  );
  return problems;
}
