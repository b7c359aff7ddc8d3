/** The files of the page. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A file as it is sent. */
export interface Asset {
  readonly type: string;
  readonly body: Buffer;
}

const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
};

/**
 * Reads the built page, whole: no path of a request ever names a file.
 * @param directory where `buildPage` put it
 */
export function readAssets(directory: string): ReadonlyMap<string, Asset> {
  return new Map(
    Object.entries(FILES).map(([url, [file, type]]) => [
      url,
      { type, body: readFileSync(path.join(directory, file)) },
    ]),
  );
}
