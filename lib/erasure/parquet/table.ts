/** Writes a small Parquet file of text columns, for COPY. */
import { CompressionCodecs, Encodings, ParquetTypes } from 'hyparquet/src/constants.js';
import { encodeChunk } from './encode';
import { appendFooter, type ColumnChunkFields, startFile } from './footer';

/** Numbers of parquet.thrift. */
const FORMAT_VERSION = 1;
const OPTIONAL = 1;
const UTF8 = 0;

/** A file with these columns, all of the same length, each value of text or NULL. */
export function textTable(columns: Readonly<Record<string, readonly (string | undefined)[]>>): Uint8Array {
  const names = Object.keys(columns);
  const rows = BigInt(columns[names[0] ?? '']?.length ?? 0);
  const type = ParquetTypes.indexOf('BYTE_ARRAY');
  const writer = startFile();
  const chunks = names.map((name): ColumnChunkFields => {
    const values = (columns[name] ?? []).map((text) => (text === undefined ? undefined : Buffer.from(text)));
    const chunk = encodeChunk({ type: 'BYTE_ARRAY', isNullable: true }, values);
    const start = writer.offset;
    writer.appendBytes(chunk.bytes);
    return {
      field_2: BigInt(start),
      field_3: {
        field_1: type,
        field_2: chunk.encodings.map((encoding) => Encodings.indexOf(encoding)),
        field_3: [Buffer.from(name)],
        field_4: CompressionCodecs.indexOf('SNAPPY'),
        field_5: rows,
        field_6: BigInt(chunk.uncompressedBytes),
        field_7: BigInt(chunk.bytes.length),
        field_9: BigInt(start + chunk.dataPageOffset),
        ...(chunk.dictionaryPageOffset === undefined ? {} : { field_11: BigInt(start) }),
      },
    };
  });
  const bytes = BigInt(writer.offset);
  appendFooter(writer, {
    field_1: FORMAT_VERSION,
    field_2: [
      { field_4: 'schema', field_5: names.length },
      ...names.map((name) => ({ field_1: type, field_3: OPTIONAL, field_4: name, field_6: UTF8 })),
    ],
    field_3: rows,
    field_4: [{ field_1: chunks, field_2: bytes, field_3: rows }],
  });
  return new Uint8Array(writer.getBuffer());
}
