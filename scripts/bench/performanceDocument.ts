/** The page `docs/performance.md`: what was measured, on what, and how. */

const METHOD = `\
* **Transform**: batches of packed, gzipped events go through the same code that runs on Lambda. The identity opens,
  parses, writes and encodes the same records and does nothing else; both take turns in one process, and the ratio is
  the median of the ratios of neighbouring runs. Target: at least 0.6.
* **Packing**: the same events, packed each way in turn. \`aws-kinesis-agg\` is the KPL's aggregation format, which does
  not compress; gzipping its records is shown too. Kinesis bills PUT units of 25 KB.
* **Models**: a warehouse with a month of events, in visits of ten; a rebuild, then runs that each follow a load of one
  per cent more. Events read are those the run worked on; in the hours lie all events of the hours it read in, which
  zone maps do not leave out. A run has about forty statements to prepare, whatever it follows; a run over a single
  event shows what that costs. Target: about 1 %.
* **Local run**: the whole command over an access log of 206,860 lines, with an empty warehouse. Only the first run
  synthesizes the templates; the others find them unchanged. Memory is the sum over all processes, sampled four times a
  second. Targets: 60 s and 1 GB.

Rates are per second of processor time, so that other programs on the machine do not count; times of the local run are
wall time.
`;

/**
 * The page.
 * @param machine where it was measured
 * @param results what the benchmarks printed
 */
export function performanceDocument(machine: string, results: readonly string[]): string {
  const date = new Date().toISOString().slice(0, 10);
  return `# Performance

Written by \`npm run bench\` on ${date}. Medians.

Machine: ${machine}

\`\`\`
${results.join('\n\n')}
\`\`\`

## How it was measured

${METHOD}`;
}
