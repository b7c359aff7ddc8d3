/** How fast the packer is and how small it makes events, beside the KPL's aggregation in the same run. */
import { gzipSync } from 'node:zlib';
import { RecordAggregator } from 'aws-kinesis-agg';
import { type PackOptions, packEvents } from '../../lambda/shared/packing';
import { loadEnvironment } from '../../lib/config';
import { benchEvents } from './events';
import { machineName, median } from './measure';

const EVENTS = 20_000;
const RUNS = 7;
/** Kinesis bills records in units of 25 KB. */
const PUT_UNIT_BYTES = 25 * 1024;

// The package's own types leave its synchronous class out.
declare module 'aws-kinesis-agg' {
  interface AggregatedRecord {
    readonly data: Buffer;
  }
  export class RecordAggregator {
    constructor(onReady: (error: Error | undefined, record: AggregatedRecord | undefined) => void);
    aggregateRecords(
      records: readonly { partitionKey: string; data: Buffer }[],
      forceFlush: boolean,
      onReady?: (error: Error | undefined, record: AggregatedRecord | undefined) => void,
    ): void;
  }
}

/** Medians of one way to pack. */
export interface PackerResult {
  readonly name: string;
  /** MB of JSON lines (10^6 bytes) per second of processor time. */
  readonly megabytesPerSecond: number;
  /** Bytes of JSON over bytes of records. */
  readonly ratio: number;
  readonly records: number;
  /** Kinesis's units of 25 KB, which it bills. */
  readonly putUnits: number;
}

/** A way to pack all events into records: the records' bytes. */
interface Way {
  readonly name: string;
  readonly pack: () => Promise<number[]> | number[];
}

/** Packs the same events each way, in turn, so that a machine that slows down slows all. */
export async function benchPacker(runs = RUNS): Promise<PackerResult[]> {
  const lines = [...benchEvents(EVENTS)];
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  const { packing } = loadEnvironment('reference');
  const ways: Way[] = [
    { name: 'packEvents, gzip', pack: () => packWith(lines, packing) },
    { name: 'packEvents, no compression', pack: () => packWith(lines, { ...packing, compression: 'none' }) },
    { name: 'aws-kinesis-agg', pack: () => aggregate(lines, (data) => data) },
    { name: 'aws-kinesis-agg, then gzip', pack: () => aggregate(lines, gzipSync) },
  ];
  const rates = ways.map((): number[] => []);
  const sizes: number[][] = [];
  for (let run = -1; run < runs; run += 1) {
    for (const [index, way] of ways.entries()) {
      const start = process.cpuUsage();
      sizes[index] = await way.pack();
      const { user, system } = process.cpuUsage(start);
      // The first run warms up.
      if (run >= 0) rates[index]?.push(bytes / (user + system));
    }
  }
  return ways.map(({ name }, index) => {
    const records = sizes[index] ?? [];
    return {
      name,
      megabytesPerSecond: median(rates[index] ?? []),
      ratio: bytes / records.reduce((sum, size) => sum + size, 0),
      records: records.length,
      putUnits: records.reduce((sum, size) => sum + Math.ceil(size / PUT_UNIT_BYTES), 0),
    };
  });
}

async function packWith(lines: readonly string[], options: PackOptions): Promise<number[]> {
  const sizes: number[] = [];
  for await (const result of packEvents(lines, options)) {
    if (result.kind === 'unsendable')
      throw new Error(`An event of the benchmark is unsendable: ${result.detail}`);
    sizes.push(result.data.length);
  }
  return sizes;
}

function aggregate(lines: readonly string[], finish: (data: Buffer) => Buffer): number[] {
  const sizes: number[] = [];
  const aggregator = new RecordAggregator((error, record) => {
    if (error) throw error;
    if (record !== undefined) sizes.push(finish(record.data).length);
  });
  // One partition key, as for a producer that does not care where its events go: the smallest key table.
  aggregator.aggregateRecords(
    lines.map((line) => ({ partitionKey: 'key', data: Buffer.from(line) })),
    true,
  );
  return sizes;
}

/** The results as text. */
export function describePackerBench(results: readonly PackerResult[]): string {
  const rows = results.map(
    ({ name, megabytesPerSecond, ratio, records, putUnits }) =>
      `  ${name.padEnd(28)}${megabytesPerSecond.toFixed(0).padStart(6)} MB/s per core  ratio ${ratio.toFixed(2).padStart(5)}` +
      `  ${records} records  ${putUnits} PUT units`,
  );
  return [`Packing, ${EVENTS} events`, ...rows].join('\n');
}

async function main(): Promise<void> {
  console.log(`${machineName()}\n${describePackerBench(await benchPacker())}`);
}

if (require.main === module) void main();
