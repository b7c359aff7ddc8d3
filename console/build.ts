/** Builds the page: one script, one style sheet, nothing fetched from elsewhere. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { fingerprintOf } from '../local/storage/fingerprint';

const PROJECT = path.resolve(__dirname, '..');
const WEB = path.join(__dirname, 'web');

/** What the page is made of. */
const INPUTS = ['console', 'lib', 'package-lock.json'];

/**
 * Builds the page unless nothing it is made of has changed since the last time.
 * @param directory where it goes
 * @throws Error with esbuild's messages
 */
export async function buildPage(directory: string): Promise<{ readonly reused: boolean }> {
  const fingerprintFile = path.join(directory, '.inputs');
  const fingerprint = await fingerprintOf(PROJECT, INPUTS, 'page');
  if (existsSync(fingerprintFile) && readFileSync(fingerprintFile, 'utf8') === fingerprint) {
    return { reused: true };
  }
  mkdirSync(directory, { recursive: true });
  await build({
    entryPoints: [path.join(WEB, 'page.tsx'), path.join(WEB, 'page.css')],
    outdir: directory,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    // The libraries' licences ask to be kept with the code.
    legalComments: 'eof',
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  for (const file of ['index.html', 'icon.svg'])
    copyFileSync(path.join(WEB, file), path.join(directory, file));
  writeFileSync(fingerprintFile, fingerprint);
  return { reused: false };
}
