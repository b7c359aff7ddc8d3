/** The key of visitor ids: who has it could find out addresses by trying them all, so it is kept like a password. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LOCAL_DIRECTORY } from '../../local/endpoints';

/** Environment variable that holds the key. */
export const VISITOR_KEY_VARIABLE = 'CLICKSTREAM_VISITOR_KEY';
const MIN_KEY_CHARACTERS = 16;

/**
 * The key from a file, or else from CLICKSTREAM_VISITOR_KEY; undefined when neither is given.
 * @throws Error when the file cannot be read or the key is shorter than 16 characters
 */
export function readVisitorKey(file?: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (file !== undefined) return checked(readFileSync(file, 'utf8').trim(), `The key in ${file}`);
  const value = env[VISITOR_KEY_VARIABLE];
  return value === undefined || value === ''
    ? undefined
    : checked(value, `The key in ${VISITOR_KEY_VARIABLE}`);
}

/**
 * The key of the local run: made once, kept in `visitor-key` with the rest of its state, readable by its owner only.
 * @param directory where the local run keeps its state
 */
export function localVisitorKey(directory: string = LOCAL_DIRECTORY): string {
  const file = path.join(directory, 'visitor-key');
  mkdirSync(directory, { recursive: true });
  try {
    // "wx" leaves a key alone that is there already.
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (Object(error).code !== 'EEXIST') throw error;
  }
  return checked(readFileSync(file, 'utf8').trim(), `The key in ${file}`);
}

function checked(key: string, name: string): string {
  if (key.length >= MIN_KEY_CHARACTERS) return key;
  throw new Error(`${name} has ${key.length} characters, it must have at least ${MIN_KEY_CHARACTERS}`);
}
