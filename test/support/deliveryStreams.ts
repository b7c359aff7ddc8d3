/** A delivery stream without AWS around it: objects land in memory, the transform is a function of the test. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DeliveryStream } from '../../local/firehose/deliveryStream';
import { ParquetWriter } from '../../local/firehose/parquetWriter';
import type { SourceRecord } from '../../local/firehose/records';
import type { InvokeFunction } from '../../local/firehose/transformInvoker';
import type { DeliveryStreamDefinition } from '../../local/template/definitions';

export const ARRIVAL = Date.UTC(2026, 10, 1, 23, 59, 58);

/** Plain concatenation, one hour of patience, nothing transformed. */
export function definition(changes: Partial<DeliveryStreamDefinition> = {}): DeliveryStreamDefinition {
  return {
    arn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/clicks',
    name: 'clicks',
    sourceStreamArn: undefined,
    bucketName: 'lake',
    prefix: 'events/day=!{timestamp:dd}/hour=!{timestamp:HH}/',
    errorPrefix: 'errors/!{firehose:error-output-type}/',
    timeZone: 'UTC',
    fileExtension: undefined,
    bufferBytes: 1024 * 1024,
    bufferMillis: 3_600_000,
    compression: 'UNCOMPRESSED',
    transform: undefined,
    conversion: undefined,
    ...changes,
  };
}

export function record(data: string | Buffer, arrivalMillis = ARRIVAL): SourceRecord {
  return { data: Buffer.from(data), arrivalMillis, kinesis: undefined };
}

export interface Harness {
  readonly stream: DeliveryStream;
  readonly objects: Map<string, Buffer>;
  readonly errors: unknown[];
  readonly directory: string;
  /** Lines of the error objects, parsed. */
  errorLines(): Record<string, unknown>[];
  close(): void;
}

/** Starts a delivery stream. */
export async function harness(
  changes: Partial<DeliveryStreamDefinition> = {},
  invoke: InvokeFunction = () => Promise.reject(new Error('no function here')),
): Promise<Harness> {
  const directory = mkdtempSync(path.join(tmpdir(), 'delivery-'));
  const parquetWriter = await ParquetWriter.open();
  const objects = new Map<string, Buffer>();
  const errors: unknown[] = [];
  const close = () => {
    parquetWriter.close();
    rmSync(directory, { recursive: true });
  };
  const stream = makeStream();
  return {
    stream,
    objects,
    errors,
    directory,
    errorLines: () =>
      [...objects]
        .filter(([key]) => key.startsWith('errors/'))
        .flatMap(([, body]) => body.toString().trimEnd().split('\n'))
        .map((line) => JSON.parse(line)),
    close: () => {
      stream.discard();
      close();
    },
  };

  function makeStream(): DeliveryStream {
    try {
      return new DeliveryStream(definition(changes), {
        invoke,
        putObject: async (_bucket, key, body) => {
          objects.set(key, typeof body === 'string' ? readFileSync(body) : body);
        },
        parquetWriter,
        scratchDirectory: directory,
        speedUp: 1,
        onError: (error) => errors.push(error),
      });
    } catch (error) {
      close();
      throw error;
    }
  }
}
