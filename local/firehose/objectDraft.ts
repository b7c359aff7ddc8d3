/** An object while it gathers: in memory, or on disk when it will be converted. */
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ConversionDefinition } from '../template/definitions';
import type { ParquetWriter } from './parquetWriter';

const compress = promisify(gzip);

/** Data on its way into an object. */
export interface Chunk {
  readonly data: Buffer;
  readonly arrivalMillis: number;
  /** Rows, or lines of failed records, in `data`. */
  readonly rowCount: number;
}

/** What has gathered so far. */
export abstract class ObjectDraft {
  rowCount = 0;
  oldestArrivalMillis = Number.POSITIVE_INFINITY;

  append({ data, arrivalMillis, rowCount }: Chunk): void {
    this.write(data);
    this.rowCount += rowCount;
    this.oldestArrivalMillis = Math.min(this.oldestArrivalMillis, arrivalMillis);
  }

  protected abstract write(data: Buffer): void;

  /** The object's content; text names a file on this machine. */
  abstract finish(): Promise<Buffer | string>;

  /** Removes what the draft has left on disk. */
  abstract remove(): void;
}

/** Records one behind the other, byte by byte. */
export class PlainDraft extends ObjectDraft {
  private readonly parts: Buffer[] = [];

  constructor(private readonly compression: 'UNCOMPRESSED' | 'GZIP') {
    super();
  }

  protected override write(data: Buffer): void {
    this.parts.push(data);
  }

  override async finish(): Promise<Buffer> {
    const bytes = Buffer.concat(this.parts);
    return this.compression === 'GZIP' ? compress(bytes) : bytes;
  }

  override remove(): void {
    this.parts.length = 0;
  }
}

/** JSON lines on disk, for Parquet: a buffer of 128 MiB is too much to hold beside what converts it. */
export class ParquetDraft extends ObjectDraft {
  private readonly jsonLines: string;
  private readonly parquet: string;
  private descriptor: number | undefined;

  /** @param name a file name that no other draft has at the time */
  constructor(
    directory: string,
    name: string,
    private readonly conversion: ConversionDefinition,
    private readonly writer: ParquetWriter,
  ) {
    super();
    mkdirSync(directory, { recursive: true });
    this.jsonLines = path.join(directory, `${name}.ndjson`);
    this.parquet = path.join(directory, `${name}.parquet`);
    this.descriptor = openSync(this.jsonLines, 'w');
  }

  protected override write(data: Buffer): void {
    if (this.descriptor === undefined) throw new Error(`${this.jsonLines} is finished already`);
    writeSync(this.descriptor, data);
  }

  override async finish(): Promise<string> {
    this.close();
    await this.writer.convert(this.jsonLines, this.parquet, this.conversion);
    return this.parquet;
  }

  override remove(): void {
    this.close();
    rmSync(this.jsonLines, { force: true });
    rmSync(this.parquet, { force: true });
  }

  private close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}
