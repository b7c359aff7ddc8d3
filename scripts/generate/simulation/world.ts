/** What all partitions of a simulation share. */
import type { Weighted } from '../chance/weighted';
import type { GeneratorSettings } from '../settings';
import { builtInTables } from '../tables/builtIn';
import { readTables } from '../tables/read';
import type { TrafficTables } from '../tables/types';
import { Sites } from '../world/sites';
import { type BrokenReason, brokenReasons } from './broken';
import { Calendar } from './calendar';

/** What a simulation is made of. */
export interface World {
  readonly settings: GeneratorSettings;
  readonly tables: TrafficTables;
  readonly sites: Sites;
  readonly calendar: Calendar;
  readonly broken: Weighted<BrokenReason>;
}

/**
 * Makes the world of a simulation.
 * @throws TablesError when the tables that are asked for cannot be read
 */
export function makeWorld(settings: GeneratorSettings): World {
  const { distributions, seed, sites, brokenRecords } = settings;
  const tables = distributions === undefined ? builtInTables() : readTables(distributions);
  return {
    settings,
    tables,
    sites: new Sites(seed, sites),
    calendar: new Calendar(settings, tables.networks),
    broken: brokenReasons(brokenRecords),
  };
}
