/** What all benchmarks share: medians, and the name of the machine they ran on. */
import { cpus, totalmem } from 'node:os';

/** The middle of the values; of an even number of values the upper of both. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** Processor, cores, memory and Node's version. */
export function machineName(): string {
  const processors = cpus();
  const gibibytes = (totalmem() / 2 ** 30).toFixed(0);
  return `${processors[0]?.model ?? 'unknown processor'}, ${processors.length} cores, ${gibibytes} GiB, Node ${process.version}`;
}
