/** `npm run bench`: measures, prints medians, writes docs/performance.md. */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { benchLocalRun, describeLocalRunBench } from './bench/localRun';
import { machineName } from './bench/measure';
import { benchModels, describeModelsBench } from './bench/models';
import { benchPacker, describePackerBench } from './bench/packer';
import { performanceDocument } from './bench/performanceDocument';
import { benchTransform, describeTransformBench } from './bench/transform';

const ROOT = path.resolve(__dirname, '..');
const DOCUMENT = 'docs/performance.md';
/** A real site's log that may lie beside the project. */
const ACCESS_LOG = path.resolve(ROOT, '../shared/data/access-log/wordpress-access.log.gz');

async function main(): Promise<void> {
  const program = new Command('npm run bench --')
    .description(
      'Measures the transform, the packer, the models and the local run; prints medians and writes docs/performance.md.',
    )
    .option('--log <file>', 'access log or NDJSON for the local run', ACCESS_LOG)
    .option('--no-write', 'print only')
    .parse();
  const { log, write } = program.opts<{ log: string; write: boolean }>();
  if (!existsSync(log)) program.error(`There is no ${log}. Name a file for the local run with --log FILE.`);

  const results: string[] = [];
  const report = (text: string) => {
    results.push(text);
    console.log(`\n${text}`);
  };
  const machine = machineName();
  console.log(machine);
  report(describeTransformBench(benchTransform()));
  report(describePackerBench(await benchPacker()));
  report(describeModelsBench(await benchModels()));
  report(describeLocalRunBench(await benchLocalRun(log)));
  if (!write) return;
  writeFileSync(path.join(ROOT, DOCUMENT), performanceDocument(machine, results));
  console.log(`\nWritten: ${DOCUMENT}`);
}

void main();
