/** The file that holds the truth. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
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

/** @throws Error when the file cannot be read or holds something else */
export function readTruth(file: string): TruthFile {
  const content: Partial<TruthFile> | null = JSON.parse(readFileSync(file, 'utf8'));
  if (content?.format === FORMAT) return content as TruthFile;
  throw new Error(`${file} has the format ${content?.format}, a file of truth has ${FORMAT}`);
}
