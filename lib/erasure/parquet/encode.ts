/**
 * Encodes a column chunk as Firehose's own writer does: version 1 data pages, dictionary or plain, Snappy.
 *
 * hyparquet-writer does not serve here: it writes version 2 pages only, and no INT96, which is what Firehose stores
 * timestamps in. Its parts that do fit (levels, plain values, page headers, Snappy) are used.
 */
import type { Encoding, ParquetType } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import { writePlain } from 'hyparquet-writer/src/plain.js';
import { snappyCompress } from 'hyparquet-writer/src/snappy.js';
import type { StoredValue } from './values';

/** How a column is stored. */
export interface ColumnShape {
  readonly type: ParquetType;
  /** Bytes of a FIXED_LEN_BYTE_ARRAY. */
  readonly typeLength?: number | undefined;
  readonly isNullable: boolean;
}

/** An encoded column chunk; offsets count from its first byte. */
export interface EncodedChunk {
  readonly bytes: Uint8Array;
  readonly uncompressedBytes: number;
  readonly encodings: readonly Encoding[];
  readonly dataPageOffset: number;
  /** Undefined without a dictionary. */
  readonly dictionaryPageOffset: number | undefined;
}

/** Limits of one data page: parquet-mr's defaults. */
const MAX_PAGE_ROWS = 20_000;
const MAX_PAGE_BYTES = 1024 * 1024;
const MAX_DICTIONARY_BYTES = 1024 * 1024;

/** Types that may have a dictionary. A Map would take -0 for 0, so DOUBLE and FLOAT have none. */
const DICTIONARY_TYPES: ReadonlySet<ParquetType> = new Set(['BYTE_ARRAY', 'INT32', 'INT64', 'INT96']);

const JULIAN_DAY_OF_EPOCH = 2_440_588n;
const NANOS_PER_DAY = 86_400_000_000_000n;

type PresentValue = Exclude<StoredValue, null | undefined>;

/** Encodes the values of one column of one row group. */
export function encodeChunk(shape: ColumnShape, values: readonly StoredValue[]): EncodedChunk {
  const writer = new ByteWriter();
  const dictionary = chooseDictionary(shape.type, values);
  let uncompressedBytes = 0;
  if (dictionary !== undefined) {
    const page = plain(shape, [...dictionary.values]);
    uncompressedBytes += writePage(writer, page, (sizes) => ({
      ...sizes,
      type: 'DICTIONARY_PAGE',
      dictionary_page_header: { num_values: dictionary.values.length, encoding: 'PLAIN_DICTIONARY' },
    }));
  }
  const encoding: Encoding = dictionary === undefined ? 'PLAIN' : 'PLAIN_DICTIONARY';
  const dataPageOffset = writer.offset;
  for (const page of pages(values)) {
    const present = page.filter(isPresent);
    const body = new ByteWriter();
    if (shape.isNullable) appendDefinitionLevels(body, page);
    body.appendBytes(
      dictionary === undefined ? plain(shape, present) : dictionaryIndexes(dictionary, present),
    );
    uncompressedBytes += writePage(writer, body.getBytes(), (sizes) => ({
      ...sizes,
      type: 'DATA_PAGE',
      data_page_header: {
        num_values: page.length,
        encoding,
        definition_level_encoding: 'RLE',
        repetition_level_encoding: 'RLE',
      },
    }));
  }
  return {
    bytes: new Uint8Array(writer.getBuffer()),
    uncompressedBytes,
    encodings: [encoding, 'RLE'],
    dataPageOffset,
    dictionaryPageOffset: dictionary === undefined ? undefined : 0,
  };
}

function isPresent(value: StoredValue): value is PresentValue {
  return value !== null && value !== undefined;
}

interface Dictionary {
  readonly values: readonly PresentValue[];
  readonly indexes: ReadonlyMap<string | PresentValue, number>;
}

/** A dictionary when it pays: no more than half of the values are different, and they are small together. */
function chooseDictionary(type: ParquetType, values: readonly StoredValue[]): Dictionary | undefined {
  if (!DICTIONARY_TYPES.has(type)) return undefined;
  const indexes = new Map<string | PresentValue, number>();
  const distinct: PresentValue[] = [];
  let present = 0;
  let bytes = 0;
  for (const value of values) {
    if (!isPresent(value)) continue;
    present++;
    const key = dictionaryKey(value);
    if (indexes.has(key)) continue;
    indexes.set(key, distinct.length);
    distinct.push(value);
    bytes += valueBytes(value);
    if (bytes > MAX_DICTIONARY_BYTES) return undefined;
  }
  return distinct.length > 0 && distinct.length * 2 <= present ? { values: distinct, indexes } : undefined;
}

function dictionaryKey(value: PresentValue): string | PresentValue {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
}

/** About so many bytes a plain value takes. */
function valueBytes(value: StoredValue): number {
  return value instanceof Uint8Array ? value.length + 4 : 12;
}

function* pages(values: readonly StoredValue[]): Generator<StoredValue[]> {
  let start = 0;
  let bytes = 0;
  for (let end = 0; end < values.length; end++) {
    const more = valueBytes(values[end]);
    if (end > start && (end - start === MAX_PAGE_ROWS || bytes + more > MAX_PAGE_BYTES)) {
      yield values.slice(start, end);
      start = end;
      bytes = 0;
    }
    bytes += more;
  }
  if (start < values.length) yield values.slice(start);
}

/** Levels of a flat column: 1 where there is a value, 0 for NULL; in version 1 pages after their length. */
function appendDefinitionLevels(writer: ByteWriter, page: readonly StoredValue[]): void {
  const levels = new ByteWriter();
  writeRleBitPackedHybrid(
    levels,
    page.map((value) => (isPresent(value) ? 1 : 0)),
    1,
  );
  writer.appendUint32(levels.offset);
  writer.appendBytes(levels.getBytes());
}

function dictionaryIndexes({ values, indexes }: Dictionary, present: readonly PresentValue[]): Uint8Array {
  const writer = new ByteWriter();
  const bitWidth = Math.max(1, Math.ceil(Math.log2(values.length)));
  writer.appendUint8(bitWidth);
  writeRleBitPackedHybrid(
    writer,
    present.map((value) => indexes.get(dictionaryKey(value)) ?? 0),
    bitWidth,
  );
  return writer.getBytes();
}

function plain({ type, typeLength }: ColumnShape, values: PresentValue[]): Uint8Array {
  const writer = new ByteWriter();
  if (type === 'INT96') for (const value of values) appendInt96(writer, value);
  else writePlain(writer, values, type, typeLength);
  return writer.getBytes();
}

/** Hive's timestamp: nanoseconds of the day, then the Julian day. */
function appendInt96(writer: ByteWriter, value: PresentValue): void {
  if (typeof value !== 'bigint') throw new TypeError(`INT96 takes nanoseconds as a bigint, not ${value}`);
  const nanosOfDay = ((value % NANOS_PER_DAY) + NANOS_PER_DAY) % NANOS_PER_DAY;
  writer.appendInt64(nanosOfDay);
  writer.appendInt32(Number((value - nanosOfDay) / NANOS_PER_DAY + JULIAN_DAY_OF_EPOCH));
}

type PageHeader = Parameters<typeof writePageHeader>[1];
type PageSizes = Pick<PageHeader, 'uncompressed_page_size' | 'compressed_page_size'>;

/** Writes a page, compressed; bytes it has uncompressed, header included. */
function writePage(writer: ByteWriter, body: Uint8Array, header: (sizes: PageSizes) => PageHeader): number {
  const compressed = snappyCompress(body);
  const start = writer.offset;
  writePageHeader(
    writer,
    header({ uncompressed_page_size: body.length, compressed_page_size: compressed.length }),
  );
  const headerBytes = writer.offset - start;
  writer.appendBytes(compressed);
  return headerBytes + body.length;
}
