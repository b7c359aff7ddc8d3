/** A Firehose delivery stream: buffer, transform, convert, deliver, as its template says. */
import type { DeliveryStreamDefinition, TransformDefinition } from '../template/definitions';
import { Batcher } from './batcher';
import { errorLine } from './errorOutput';
import { type DeliveredObject, ObjectBuffer, type PutObject } from './objectBuffer';
import type { ParquetWriter } from './parquetWriter';
import { objectKey } from './prefix';
import { type RecordDeserializer, recordDeserializer } from './recordDeserializer';
import { type DeliveryFailure, ERROR_OUTPUT_TYPES, type ErrorOutputType, type SourceRecord } from './records';
import { type InvokeFunction, transformBatch } from './transformInvoker';

/** What a delivery stream needs from the machine it runs on. */
export interface DeliveryPorts {
  readonly invoke: InvokeFunction;
  readonly putObject: PutObject;
  readonly parquetWriter: ParquetWriter;
  /** For files on their way to becoming objects. */
  readonly scratchDirectory: string;
  /** Time hints are divided by this. */
  readonly speedUp: number;
  /** Told of records that are taken in. */
  readonly onPut?: (stream: DeliveryStreamDefinition, records: readonly SourceRecord[]) => void;
  /** Told of every object that was written. */
  readonly onDelivered?: (stream: DeliveryStreamDefinition, object: DeliveredObject) => void;
  /** Told when a delivery failed for good, which loses what was in it. */
  readonly onError: (error: unknown) => void;
}

/** What a delivery stream has done. `recordsIn` = transformed or passed + dropped + failed, once it is flushed. */
export interface DeliveryCounts {
  recordsIn: number;
  bytesIn: number;
  recordsDropped: number;
  /** Records written to the error output, by kind. */
  readonly recordsFailed: Record<ErrorOutputType, number>;
  /** Rows, or without conversion records, written to objects. */
  rowsDelivered: number;
  objects: number;
}

/** A delivery stream that is up. */
export class DeliveryStream {
  readonly counts: DeliveryCounts = {
    recordsIn: 0,
    bytesIn: 0,
    recordsDropped: 0,
    recordsFailed: { 'processing-failed': 0, 'format-conversion-failed': 0 },
    rowsDelivered: 0,
    objects: 0,
  };
  private readonly transforming: Batcher<SourceRecord, SourceRecord[]> | undefined;
  private readonly rows: ObjectBuffer;
  private readonly errors: Readonly<Record<ErrorOutputType, ObjectBuffer>>;
  private readonly deserialize: RecordDeserializer | undefined;

  /** @throws Error when a column type or a prefix is not understood */
  constructor(
    readonly definition: DeliveryStreamDefinition,
    private readonly ports: DeliveryPorts,
  ) {
    const { transform, conversion } = definition;
    // A prefix that is not understood is found now, not when the first object is written.
    for (const errorType of [undefined, ...ERROR_OUTPUT_TYPES]) objectKey(definition, Date.now(), errorType);
    if (transform !== undefined) {
      const hints = { bytes: transform.bufferBytes, millis: transform.bufferMillis / ports.speedUp };
      this.transforming = new Batcher(hints, {
        open: (): SourceRecord[] => [],
        append: (batch, record) => batch.push(record),
        handle: (batch) => this.transform(transform, batch),
        discard: () => {},
        onError: ports.onError,
      });
    }
    if (conversion !== undefined) this.deserialize = recordDeserializer(conversion.table);
    this.rows = this.objectBuffer();
    this.errors = {
      'processing-failed': this.objectBuffer('processing-failed'),
      'format-conversion-failed': this.objectBuffer('format-conversion-failed'),
    };
  }

  /** Takes records in. Resolves when there is room for more. */
  async put(records: readonly SourceRecord[]): Promise<void> {
    this.ports.onPut?.(this.definition, records);
    for (const record of records) {
      this.counts.recordsIn++;
      this.counts.bytesIn += record.data.length;
      if (this.transforming === undefined) await this.buffer(record, record.data);
      else await this.transforming.add(record, record.data.length);
    }
  }

  /** Transforms what waits for its transform, without delivering it: what is put back can then be read again. */
  async flushTransform(): Promise<void> {
    await this.transforming?.flush();
  }

  /** Delivers everything that was put, whatever the buffering hints say. */
  async flush(): Promise<void> {
    await this.flushTransform();
    await Promise.all(this.buffers.map((buffer) => buffer.flush()));
  }

  /** Stops at once: what has not been handed to its transform or into an object is forgotten. */
  discard(): void {
    this.transforming?.discard();
    for (const buffer of this.buffers) buffer.discard();
  }

  private get buffers(): ObjectBuffer[] {
    return [this.rows, ...Object.values(this.errors)];
  }

  private async transform(transform: TransformDefinition, records: readonly SourceRecord[]): Promise<void> {
    for (const fate of await transformBatch(this.definition, transform, records, this.ports.invoke)) {
      if (fate.kind === 'ok') await this.buffer(fate.record, fate.data);
      else if (fate.kind === 'dropped') this.counts.recordsDropped++;
      else await this.fail('processing-failed', fate.record, fate.failure);
    }
  }

  private async buffer(record: SourceRecord, data: Buffer): Promise<void> {
    const { arrivalMillis } = record;
    if (this.deserialize === undefined) {
      return this.rows.add({ data, arrivalMillis, rowCount: 1 }, data.length);
    }
    const result = this.deserialize(data);
    if (result.kind === 'failure') return this.fail('format-conversion-failed', record, result.failure);
    const { lines, rowCount } = result;
    await this.rows.add({ data: Buffer.from(lines), arrivalMillis, rowCount }, data.length);
  }

  private async fail(type: ErrorOutputType, record: SourceRecord, failure: DeliveryFailure): Promise<void> {
    this.counts.recordsFailed[type]++;
    const data = Buffer.from(errorLine(this.definition, type, record, failure, Date.now()));
    const { arrivalMillis } = record;
    await this.errors[type].add({ data, arrivalMillis, rowCount: 1 }, data.length);
  }

  private objectBuffer(errorType?: ErrorOutputType): ObjectBuffer {
    const { definition: stream, ports, counts } = this;
    return new ObjectBuffer({
      stream,
      hints: { bytes: stream.bufferBytes, millis: stream.bufferMillis / ports.speedUp },
      putObject: ports.putObject,
      onDelivered: (object) => {
        if (errorType === undefined) {
          counts.rowsDelivered += object.rowCount;
          counts.objects++;
        }
        ports.onDelivered?.(stream, object);
      },
      onError: ports.onError,
      errorType,
      parquetWriter: ports.parquetWriter,
      scratchDirectory: ports.scratchDirectory,
    });
  }
}
