/** Writes the generated documents: `npm run docs`, or with `--check` only says which are stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { eventReference } from './docs/eventReference';
import { modelReference } from './docs/modelReference';
import { questionReference } from './docs/questionReference';
import { scalingPicture } from './docs/scalingPicture';
import { SchemaChangeError, schemaSnapshot } from './docs/schemaSnapshot';

const ROOT = path.resolve(__dirname, '..');

/** Generated documents: path from the project's root, and what it should hold. */
const GENERATED_DOCUMENTS: Readonly<Record<string, () => string>> = {
  'docs/events.md': eventReference,
  'docs/models.md': modelReference,
  'docs/questions.md': questionReference,
  'docs/scaling.svg': scalingPicture,
  'lib/event/schemaSnapshot.json': schemaSnapshot,
};

/** The document as it is on disk, or undefined when there is none. */
function onDisk(file: string): string | undefined {
  try {
    return readFileSync(path.join(ROOT, file), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Paths of the generated documents that are missing or not what they should be.
 * @throws SchemaChangeError when the event definition has changed in a way that stored data would not survive
 */
export function staleDocuments(): string[] {
  return Object.entries(GENERATED_DOCUMENTS)
    .filter(([file, generate]) => onDisk(file) !== generate())
    .map(([file]) => file);
}

function main(): void {
  const program = new Command('docs')
    .description('Writes the documents that are generated from the code.')
    .option('--check', 'write nothing; fail when a document is stale')
    .parse();
  const stale = staleDocuments();
  if (program.opts<{ check?: boolean }>().check !== true) {
    for (const file of stale) writeFileSync(path.join(ROOT, file), GENERATED_DOCUMENTS[file]?.() ?? '');
    console.log(stale.length === 0 ? 'All documents are up to date.' : `Written: ${stale.join(', ')}`);
  } else if (stale.length > 0) {
    console.error(`Stale: ${stale.join(', ')}. Run: npm run docs`);
    process.exitCode = 1;
  }
}

if (require.main === module) {
  try {
    main();
  } catch (error) {
    if (!(error instanceof SchemaChangeError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
