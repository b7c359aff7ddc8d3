/** How fast the transform is, beside an identity that only opens, parses, writes and encodes the same records. */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { FirehoseTransformationEventRecord } from 'aws-lambda';
import { transformBatch } from '../../lambda/transform/batch';
import { LAMBDA_PAYLOAD_BYTES } from '../../lib/contract/limits';
import { benchEvents } from './events';
import { machineName, median } from './measure';

const EVENTS = 12_000;
const PACK_BYTES = 500_000;
/** Packs of one invocation: their rows fit one answer. */
const PACKS_PER_BATCH = 4;
const RUNS = 11;

/** Medians of the runs. */
export interface TransformBench {
  readonly events: number;
  readonly meanEventBytes: number;
  readonly meanRowBytes: number;
  readonly identityMegabytesPerSecond: number;
  readonly transformMegabytesPerSecond: number;
  /** Transform over identity, the median of the ratios of neighbouring runs. */
  readonly ratio: number;
}

type Batches = readonly (readonly FirehoseTransformationEventRecord[])[];

/** Runs both in turn, so that a machine that slows down slows both. */
export function benchTransform(runs = RUNS): TransformBench {
  const lines = [...benchEvents(EVENTS)];
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  const batches = toBatches(lines);
  const identity: number[] = [];
  const transform: number[] = [];
  let rowBytes = 0;
  for (let run = -1; run < runs; run++) {
    const identitySeconds = seconds(() => {
      for (const batch of batches) for (const record of batch) passThrough(record.data);
    });
    const transformSeconds = seconds(() => {
      rowBytes = transformAll(batches);
    });
    // The first run warms up.
    if (run < 0) continue;
    identity.push(bytes / 1e6 / identitySeconds);
    transform.push(bytes / 1e6 / transformSeconds);
  }
  return {
    events: EVENTS,
    meanEventBytes: bytes / EVENTS,
    meanRowBytes: rowBytes / EVENTS,
    identityMegabytesPerSecond: median(identity),
    transformMegabytesPerSecond: median(transform),
    ratio: median(transform.map((rate, run) => rate / (identity[run] ?? Number.NaN))),
  };
}

/** The least any transform of packed JSON does. */
function passThrough(data: string): string {
  const text = gunzipSync(Buffer.from(data, 'base64')).toString('utf8');
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.stringify(JSON.parse(line)));
  return Buffer.from(`${rows.join('\n')}\n`).toString('base64');
}

function transformAll(batches: Batches): number {
  let rowBytes = 0;
  for (const batch of batches) {
    const outcome = transformBatch(batch, {
      maxExpandedBytes: 1024 * 1024,
      maxAnswerBytes: LAMBDA_PAYLOAD_BYTES,
    });
    const eventsLost = outcome.rejected.length + outcome.putBack.length;
    if (eventsLost > 0) throw new Error(`${eventsLost} events became no rows, the benchmark expects none`);
    rowBytes += outcome.answers.reduce((sum, { data = '' }) => sum + (data.length / 4) * 3, 0);
  }
  return rowBytes;
}

function toBatches(lines: readonly string[]): Batches {
  const packs: string[][] = [];
  let packed = 0;
  for (const line of lines) {
    if (packs.length === 0 || packed + line.length > PACK_BYTES) {
      packs.push([]);
      packed = 0;
    }
    packs.at(-1)?.push(line);
    packed += line.length + 1;
  }
  const records = packs.map((pack, index) => toRecord(`${pack.join('\n')}\n`, index));
  return Array.from({ length: Math.ceil(records.length / PACKS_PER_BATCH) }, (_, at) =>
    records.slice(at * PACKS_PER_BATCH, (at + 1) * PACKS_PER_BATCH),
  );
}

function toRecord(text: string, index: number): FirehoseTransformationEventRecord {
  const arrived = Date.UTC(2026, 10, 2, 1);
  const sequenceNumber = `4965451759874123654789654123654789654123${index}`;
  return {
    recordId: `${sequenceNumber}000000`,
    approximateArrivalTimestamp: arrived,
    data: gzipSync(text).toString('base64'),
    kinesisRecordMetadata: {
      shardId: 'shardId-000000000001',
      partitionKey: 'key',
      approximateArrivalTimestamp: arrived,
      sequenceNumber,
      subsequenceNumber: '',
    },
  };
}

/** Processor time, not wall time: other programs on the machine do not count. */
function seconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** The result as text. */
export function describeTransformBench(bench: TransformBench): string {
  return [
    `Transform, ${bench.events} events of ${bench.meanEventBytes.toFixed(0)} bytes (rows ${bench.meanRowBytes.toFixed(0)})`,
    `  identity   ${bench.identityMegabytesPerSecond.toFixed(1)} MB/s of JSON per core`,
    `  transform  ${bench.transformMegabytesPerSecond.toFixed(1)} MB/s of JSON per core`,
    `  ratio      ${bench.ratio.toFixed(2)}`,
  ].join('\n');
}

if (require.main === module) console.log(`${machineName()}\n${describeTransformBench(benchTransform())}`);
