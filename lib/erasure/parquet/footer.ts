/**
 * A Parquet footer as its Thrift fields (parquet.thrift), numbered as there: what is not changed on purpose is
 * written back as it came.
 */
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import { ByteWriter } from 'hyparquet-writer';
import { serializeTCompactProtocol, ThriftStruct } from 'hyparquet-writer/src/thrift.js';
import { UnreadableParquetError } from './values';

/** FileMetaData. */
export interface FooterFields {
  /** version */
  field_1: number;
  /** schema */
  field_2: SchemaElementFields[];
  /** num_rows */
  field_3: bigint;
  /** row_groups */
  field_4: RowGroupFields[];
}

export interface SchemaElementFields {
  /** type */
  field_1?: number;
  /** repetition_type */
  field_3?: number;
  /** name */
  field_4: string | Uint8Array;
  /** num_children */
  field_5?: number;
  /** converted_type */
  field_6?: number;
  /** logicalType */
  field_10?: {
    /** INTEGER: bitWidth, isSigned */ field_10?: { field_1: number; field_2: boolean } | ThriftStruct;
  };
}

/** RowGroup. */
export interface RowGroupFields {
  /** columns */
  field_1: ColumnChunkFields[];
  /** total_byte_size */
  field_2: bigint;
  /** num_rows */
  field_3: bigint;
  /** sorting_columns */
  field_4?: unknown;
  /** file_offset */
  field_5?: bigint;
  /** total_compressed_size */
  field_6?: bigint;
}

/** ColumnChunk, without its indexes, which lie elsewhere in the file and are not carried over. */
export interface ColumnChunkFields {
  /** file_offset */
  field_2: bigint;
  /** meta_data */
  field_3: ColumnMetaDataFields;
}

/** ColumnMetaData, without bloom filter and size statistics. */
export interface ColumnMetaDataFields {
  /** type */
  field_1: number;
  /** encodings */
  field_2: number[];
  /** path_in_schema */
  field_3: Uint8Array[];
  /** codec */
  field_4: number;
  /** num_values */
  field_5: bigint;
  /** total_uncompressed_size */
  field_6: bigint;
  /** total_compressed_size */
  field_7: bigint;
  /** key_value_metadata */
  field_8?: unknown;
  /** data_page_offset */
  field_9: bigint;
  /** dictionary_page_offset */
  field_11?: bigint;
  /** statistics */
  field_12?: StatisticsFields;
  /** encoding_stats */
  field_13?: unknown;
}

/** Statistics. */
export interface StatisticsFields {
  /** null_count */
  field_3?: bigint;
  /** max_value */
  field_5?: Uint8Array;
  /** min_value */
  field_6?: Uint8Array;
}

const MAGIC = 'PAR1';
/** Length of the footer and the magic bytes, at the end of a file. */
const TAIL_BYTES = 8;
/** Type numbers of Thrift's compact protocol. */
const THRIFT_TRUE = 1;
const THRIFT_FALSE = 2;
const THRIFT_BYTE = 3;

/**
 * The footer of a whole file.
 * @throws UnreadableParquetError
 */
export function readFooter(file: Uint8Array): FooterFields {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const isParquet =
    bytes.length >= TAIL_BYTES + MAGIC.length &&
    bytes.toString('latin1', 0, MAGIC.length) === MAGIC &&
    bytes.toString('latin1', bytes.length - MAGIC.length) === MAGIC;
  if (!isParquet) throw new UnreadableParquetError('it does not begin and end with PAR1');
  const end = bytes.length - TAIL_BYTES;
  const start = end - bytes.readUInt32LE(end);
  if (start < MAGIC.length) throw new UnreadableParquetError('its footer is longer than the file');
  const view = new DataView(file.buffer, file.byteOffset + start, end - start);
  const fields: unknown = deserializeTCompactProtocol({ view, offset: 0 });
  return fields as FooterFields;
}

/** Appends footer, its length and the magic bytes. */
export function appendFooter(writer: ByteWriter, footer: FooterFields): void {
  const body = new ByteWriter();
  serializeTCompactProtocol(body, { ...footer, field_2: footer.field_2.map(withTypedInteger) });
  writer.appendBytes(body.getBytes());
  writer.appendUint32(body.offset);
  writer.appendBytes(Buffer.from(MAGIC));
}

/** A new file's first bytes. */
export function startFile(): ByteWriter {
  const writer = new ByteWriter();
  writer.appendBytes(Buffer.from(MAGIC));
  return writer;
}

/** The bit width is the one byte-sized number of a footer; the reader does not tell it from others. */
function withTypedInteger(element: SchemaElementFields): SchemaElementFields {
  const integer = element.field_10?.field_10;
  if (integer === undefined || integer instanceof ThriftStruct) return element;
  const { field_1: bitWidth, field_2: isSigned } = integer;
  const typed = new ThriftStruct([
    [1, THRIFT_BYTE, bitWidth],
    [2, isSigned ? THRIFT_TRUE : THRIFT_FALSE, isSigned],
  ]);
  return { ...element, field_10: { ...element.field_10, field_10: typed } };
}
