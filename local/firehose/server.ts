/** Data Firehose's Direct PUT API on loopback, for the unchanged AWS SDK. */
import { randomBytes } from 'node:crypto';
import {
  FIREHOSE_DIRECT_PUT_BYTES_PER_SECOND,
  FIREHOSE_PUT_BATCH_BYTES,
  FIREHOSE_PUT_BATCH_COUNT,
  FIREHOSE_RECORD_BYTES,
} from '../../lib/contract/limits';
import { AwsError } from '../http/awsError';
import type { FaultHook } from '../http/faults';
import { type JsonOperation, startJsonService } from '../http/jsonService';
import type { LoopbackServer } from '../http/loopbackServer';
import {
  isObject,
  type JsonObject,
  objectList,
  requiredBlob,
  requiredText,
  validationError,
} from '../http/members';
import { TokenBucket } from '../kinesis/tokenBucket';
import type { DeliveryStream } from './deliveryStream';

/** Direct PUT quota of a delivery stream in us-east-1 (Firehose Developer Guide, quotas). */
const RECORDS_PER_SECOND = 500_000;
/** PutRecordBatch's bytes as base64 are a third more; the rest is room for the JSON around them. */
const MAX_REQUEST_BODY_BYTES = 2 * FIREHOSE_PUT_BATCH_BYTES;

/** How the server is set up. */
export interface FirehoseServerOptions {
  /** Delivery streams by name; asked anew for each request. */
  readonly find: (name: string) => DeliveryStream | undefined;
  /** Multiplies the limits per second. @default 1 */
  readonly limitFactor?: number;
  readonly faults?: FaultHook;
  /** @default any free port */
  readonly port?: number;
}

/** Starts the server. */
export function startFirehoseServer(options: FirehoseServerOptions): Promise<LoopbackServer> {
  const { limitFactor = 1, find } = options;
  const throttles = new Map<string, Throttle>();
  const target = (input: JsonObject): Target => {
    const name = requiredText(input, 'DeliveryStreamName', { maxLength: 64 });
    const stream = find(name);
    if (stream === undefined) {
      throw new AwsError('ResourceNotFoundException', `Firehose ${name} under account not found.`);
    }
    if (stream.definition.sourceStreamArn !== undefined) {
      throw new AwsError(
        'InvalidArgumentException',
        'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
      );
    }
    const throttle = throttles.get(name) ?? new Throttle(limitFactor);
    throttles.set(name, throttle);
    return { stream, throttle };
  };
  return startJsonService({
    targetPrefix: 'Firehose_20150804',
    jsonVersion: '1.1',
    maxBodyBytes: MAX_REQUEST_BODY_BYTES,
    operations: { PutRecord: putRecord(target), PutRecordBatch: putRecordBatch(target) },
    ...(options.faults === undefined ? {} : { faults: options.faults }),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
}

interface Target {
  readonly stream: DeliveryStream;
  readonly throttle: Throttle;
}

class Throttle {
  private readonly bytes: TokenBucket;
  private readonly records: TokenBucket;
  constructor(limitFactor: number) {
    this.bytes = new TokenBucket(FIREHOSE_DIRECT_PUT_BYTES_PER_SECOND * limitFactor, Date.now());
    this.records = new TokenBucket(RECORDS_PER_SECOND * limitFactor, Date.now());
  }

  admit(bytes: number): boolean {
    const now = Date.now();
    if (!this.bytes.has(bytes, now) || !this.records.has(1, now)) return false;
    this.bytes.take(bytes);
    this.records.take(1);
    return true;
  }
}

function putRecord(target: (input: JsonObject) => Target): JsonOperation {
  return async (input) => {
    const { stream, throttle } = target(input);
    if (!isObject(input.Record)) throw validationError('Record', input.Record, 'not be null');
    const data = recordData(input.Record);
    if (!throttle.admit(data.length)) throw new AwsError('ServiceUnavailableException', 'Slow down.', 503);
    await store(stream, data);
    return { RecordId: recordId(), Encrypted: false };
  };
}

function putRecordBatch(target: (input: JsonObject) => Target): JsonOperation {
  return async (input) => {
    const { stream, throttle } = target(input);
    const entries = objectList(input, 'Records');
    if (entries.length < 1 || entries.length > FIREHOSE_PUT_BATCH_COUNT) {
      const rule =
        entries.length < 1
          ? 'have length greater than or equal to 1'
          : `have length less than or equal to ${FIREHOSE_PUT_BATCH_COUNT}`;
      throw validationError('records', `[${entries.length} records]`, rule);
    }
    const records = entries.map(recordData);
    const bytes = records.reduce((sum, data) => sum + data.length, 0);
    if (bytes > FIREHOSE_PUT_BATCH_BYTES) {
      throw new AwsError(
        'InvalidArgumentException',
        `Records size exceeds 4 MB limit: it is ${bytes} bytes, it must be at most ${FIREHOSE_PUT_BATCH_BYTES}.`,
      );
    }
    const responses = [];
    for (const data of records) {
      if (throttle.admit(data.length)) {
        await store(stream, data);
        responses.push({ RecordId: recordId() });
      } else {
        responses.push({ ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' });
      }
    }
    const failed = responses.filter((response) => 'ErrorCode' in response).length;
    return { FailedPutCount: failed, Encrypted: false, RequestResponses: responses };
  };
}

function recordData(record: JsonObject): Buffer {
  const data = requiredBlob(record, 'Data');
  if (data.length <= FIREHOSE_RECORD_BYTES) return data;
  throw validationError(
    'record.data',
    `${data.length} bytes`,
    `have length less than or equal to ${FIREHOSE_RECORD_BYTES}`,
  );
}

function store(stream: DeliveryStream, data: Buffer): Promise<void> {
  return stream.put([{ data, arrivalMillis: Date.now(), kinesis: undefined }]);
}

function recordId(): string {
  return randomBytes(111).toString('base64');
}
