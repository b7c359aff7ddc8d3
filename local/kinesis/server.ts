/** Kinesis Data Streams on loopback: the API for the unchanged AWS SDK, with the limits of real shards. */
import type { FaultHook } from '../http/faults';
import { startJsonService } from '../http/jsonService';
import type { LoopbackServer } from '../http/loopbackServer';
import { adminOperations } from './adminOperations';
import { MAX_REQUEST_BODY_BYTES } from './limits';
import { putOperations, type RefuseRecord } from './putOperations';
import { readOperations } from './readOperations';
import { RecordBytes } from './recordBytes';
import { KinesisStreams } from './streams';

export interface KinesisServerOptions {
  /**
   * Multiplies the limits per second of every shard; Infinity switches throttling off.
   * @default 1
   */
  readonly limitFactor?: number;
  /**
   * Bytes of records kept in memory; further ones go to a temporary file.
   * @default 268435456, 256 MiB
   */
  readonly maxBytesInMemory?: number;
  readonly faults?: FaultHook;
  readonly refuseRecord?: RefuseRecord;
  /**
   * Milliseconds since the epoch.
   * @default Date.now
   */
  readonly clock?: () => number;
  /** @default any free port */
  readonly port?: number;
}

export interface KinesisServer extends LoopbackServer {
  /** The same streams in-process, for creating them and for reading without HTTP. */
  readonly streams: KinesisStreams;
}

const DEFAULT_MAX_BYTES_IN_MEMORY = 256 * 1024 * 1024;

/** Starts the server. Its streams end with it. */
export async function startKinesisServer(options: KinesisServerOptions = {}): Promise<KinesisServer> {
  const recordBytes = new RecordBytes(options.maxBytesInMemory ?? DEFAULT_MAX_BYTES_IN_MEMORY);
  const streams = new KinesisStreams(options.limitFactor ?? 1, options.clock ?? Date.now, recordBytes);
  const server = await startJsonService({
    targetPrefix: 'Kinesis_20131202',
    jsonVersion: '1.1',
    maxBodyBytes: MAX_REQUEST_BODY_BYTES,
    operations: {
      ...adminOperations(streams),
      ...putOperations(streams, options.refuseRecord),
      ...readOperations(streams),
    },
    ...(options.faults ? { faults: options.faults } : {}),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  return {
    url: server.url,
    streams,
    async close() {
      await server.close();
      recordBytes.close();
    },
  };
}
