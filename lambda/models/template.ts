/** The statements of a run are files of sql/models with places to fill in: `{name}` or `{name(column)}`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { splitStatements } from '../shared/splitStatements';

/** Files of sql/models with statements of a run, in their order; the first two are asked while it is planned. */
export const MODEL_FILES = [
  '01-new-hours.sql',
  '02-chain-hours.sql',
  '10-begin.sql',
  '20-take-events.sql',
  '30-touched-chains.sql',
  '40-sessionise.sql',
  '50-sessions.sql',
  '60-visitors.sql',
  '70-daily.sql',
  '80-traffic.sql',
  '90-ledger.sql',
] as const;

export type ModelFile = (typeof MODEL_FILES)[number];

/** Statements with their places still open, by file. */
export type ModelTemplates = Readonly<Record<ModelFile, readonly string[]>>;

/** Fills a place from the columns it names. */
export type Filling = (...columns: string[]) => string;

const PLACE = /\{(\w+)(?:\(([^()]*)\))?\}/g;

/**
 * Reads the files of a directory.
 * @throws Error when one is missing
 */
export function readModelTemplates(directory: string): ModelTemplates {
  return Object.fromEntries(
    MODEL_FILES.map((name) => [name, splitStatements(readFileSync(path.join(directory, name), 'utf8'))]),
  ) as Record<ModelFile, string[]>;
}

/**
 * A statement with all its places filled in.
 * @throws RangeError when it has a place nobody knows how to fill
 */
export function fillTemplate(template: string, fillings: Readonly<Record<string, Filling>>): string {
  return template.replaceAll(PLACE, (place, name: string, columns: string | undefined) => {
    const filling = Object.hasOwn(fillings, name) ? fillings[name] : undefined;
    if (filling === undefined) {
      throw new RangeError(`${place} cannot be filled in; known are: ${Object.keys(fillings).join(', ')}`);
    }
    return filling(...(columns ?? '').split(',').map((column) => column.trim()));
  });
}
