/** The file that holds the truth. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../lib/contract/words';
import type { GeneratorSettings } from './settings';
import type { Truth } from './truth';

/** Says what a file is; another number means other members. */
const FORMAT = 'clickstream-truth/1';

/** What the file holds: the settings that give the same events again, and the truth about them. */
export interface TruthFile {
  readonly format: typeof FORMAT;
  readonly settings: GeneratorSettings;
  readonly truth: Truth;
}

/** Writes the file; its directory is made when needed. */
export function writeTruth(file: string, settings: GeneratorSettings, truth: Truth): void {
  const content: TruthFile = { format: FORMAT, settings, truth };
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
}

/** @throws Error when the file cannot be read or holds something else, or its sums do not add up */
export function readTruth(file: string): TruthFile {
  const content = parse(file);
  if (content?.format !== FORMAT) {
    throw new Error(`${file} has the format ${content?.format}, a file of truth has ${FORMAT}`);
  }
  const { truth } = content as TruthFile;
  const rejected = Object.values(truth.rejectedByReason).reduce((sum, events) => sum + events, 0);
  if (truth.events !== truth.valid + truth.duplicates + truth.rejected || truth.rejected !== rejected) {
    throw new Error(
      `${file} contradicts itself: ${truth.events} events are not ${truth.valid} valid + ${truth.duplicates} copies + ` +
        `${truth.rejected} rejected, or these are not the ${rejected} of all reasons`,
    );
  }
  return content as TruthFile;
}

function parse(file: string): Partial<TruthFile> | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(
      `${file} is no file of truth (${messageOf(error)}). npm run generate writes one beside what it generates.`,
      { cause: error },
    );
  }
}
