/**
 * A Parquet file without some of its rows. Row groups that lose none are copied byte for byte; the others are encoded
 * anew, column by column, dictionaries included, so that nothing of the erased rows is left in them.
 *
 * Page indexes and bloom filters are not carried over: they would tell of rows that are gone, and readers do without.
 */
import { type FileMetaData, parquetMetadata, type SchemaElement } from 'hyparquet';
import { CompressionCodecs, Encodings } from 'hyparquet/src/constants.js';
import type { ByteWriter } from 'hyparquet-writer';
import { encodeChunk } from './encode';
import {
  appendFooter,
  type ColumnChunkFields,
  type ColumnMetaDataFields,
  type RowGroupFields,
  readFooter,
  startFile,
} from './footer';
import { bufferOf, memorySource } from './source';
import { statisticsOf } from './statistics';
import { readStoredColumns, type StoredValue, UnreadableParquetError } from './values';

/** Rows by row group, both counted from 0; within the group. */
export type RowSelection = ReadonlyMap<number, ReadonlySet<number>>;

/**
 * The file without the rows. Columns, types, order of rows, and key-value metadata stay as they are. A file that loses
 * all rows has no row groups any more, and is still valid.
 * @throws UnreadableParquetError when the file is none, or has nested columns
 */
export async function withoutRows(file: Uint8Array, erased: RowSelection): Promise<Uint8Array> {
  const footer = readFooter(file);
  const metadata = parquetMetadata(bufferOf(file));
  const writer = startFile();
  const groups: RowGroupFields[] = [];
  for (const [index, group] of footer.field_4.entries()) {
    const rows = erased.get(index);
    if (rows === undefined || rows.size === 0) groups.push(copyGroup(writer, file, group));
    else if (BigInt(rows.size) < group.field_3) {
      groups.push(await encodeGroup(writer, file, metadata, index, group, rows));
    }
  }
  const rowCount = groups.reduce((total, { field_3: rows }) => total + rows, 0n);
  appendFooter(writer, { ...footer, field_3: rowCount, field_4: groups });
  return new Uint8Array(writer.getBuffer());
}

function copyGroup(writer: ByteWriter, file: Uint8Array, group: RowGroupFields): RowGroupFields {
  const columns = group.field_1.map((column): ColumnChunkFields => {
    const meta = column.field_3;
    const dictionary = meta.field_11 ?? 0n;
    const start = dictionary > 0n && dictionary < meta.field_9 ? dictionary : meta.field_9;
    const bytes = file.subarray(Number(start), Number(start + meta.field_7));
    if (BigInt(bytes.length) !== meta.field_7) {
      throw new UnreadableParquetError(
        `a column chunk of ${meta.field_7} bytes at ${start} passes the file's end`,
      );
    }
    const shift = BigInt(writer.offset) - start;
    writer.appendBytes(bytes);
    return {
      field_2: start + shift,
      field_3: metaOf(meta, {
        field_9: meta.field_9 + shift,
        ...(dictionary > 0n ? { field_11: dictionary + shift } : {}),
        ...(meta.field_12 === undefined ? {} : { field_12: meta.field_12 }),
        ...(meta.field_13 === undefined ? {} : { field_13: meta.field_13 }),
      }),
    };
  });
  return groupOf(group, columns, group.field_3);
}

async function encodeGroup(
  writer: ByteWriter,
  file: Uint8Array,
  metadata: FileMetaData,
  index: number,
  group: RowGroupFields,
  erased: ReadonlySet<number>,
): Promise<RowGroupFields> {
  const source = memorySource(file);
  const stored = await readStoredColumns(source, metadata, index);
  const columns = group.field_1.map(({ field_3: meta }): ColumnChunkFields => {
    const name = meta.field_3.map((part) => Buffer.from(part).toString()).join('.');
    const values = stored.get(name);
    if (values === undefined)
      throw new UnreadableParquetError(`column ${name} is in a row group, not in the schema`);
    const kept: StoredValue[] = [];
    for (let row = 0; row < values.length; row++) if (!erased.has(row)) kept.push(values[row]);
    return appendChunk(writer, elementOf(metadata, name), meta, kept);
  });
  return groupOf(group, columns, group.field_3 - BigInt(erased.size));
}

function elementOf(metadata: FileMetaData, name: string): SchemaElement {
  const element = metadata.schema.find((one) => one.name === name && one.type !== undefined);
  if (element === undefined) throw new UnreadableParquetError(`the schema has no column ${name}`);
  return element;
}

function appendChunk(
  writer: ByteWriter,
  element: SchemaElement,
  meta: ColumnMetaDataFields,
  values: readonly StoredValue[],
): ColumnChunkFields {
  const { type, type_length: typeLength, repetition_type: repetition } = element;
  if (type === undefined || repetition === 'REPEATED') {
    throw new UnreadableParquetError(`column ${element.name} is repeated; only flat columns are understood`);
  }
  const chunk = encodeChunk({ type, typeLength, isNullable: repetition !== 'REQUIRED' }, values);
  const start = writer.offset;
  writer.appendBytes(chunk.bytes);
  return {
    field_2: BigInt(start),
    field_3: metaOf(meta, {
      field_2: chunk.encodings.map((encoding) => Encodings.indexOf(encoding)),
      field_4: CompressionCodecs.indexOf('SNAPPY'),
      field_5: BigInt(values.length),
      field_6: BigInt(chunk.uncompressedBytes),
      field_7: BigInt(chunk.bytes.length),
      field_9: BigInt(start + chunk.dataPageOffset),
      ...(chunk.dictionaryPageOffset === undefined
        ? {}
        : { field_11: BigInt(start + chunk.dictionaryPageOffset) }),
      field_12: statisticsOf(element, values),
    }),
  };
}

/** Column metadata with its fields in Thrift's ascending order, and without what is not carried over. */
function metaOf(meta: ColumnMetaDataFields, changed: Partial<ColumnMetaDataFields>): ColumnMetaDataFields {
  const { field_1, field_2, field_3, field_4, field_5, field_6, field_7, field_8, field_9 } = {
    ...meta,
    ...changed,
  };
  return {
    field_1,
    field_2,
    field_3,
    field_4,
    field_5,
    field_6,
    field_7,
    field_8,
    field_9,
    ...(changed.field_11 === undefined ? {} : { field_11: changed.field_11 }),
    ...(changed.field_12 === undefined ? {} : { field_12: changed.field_12 }),
    ...(changed.field_13 === undefined ? {} : { field_13: changed.field_13 }),
  };
}

function groupOf(group: RowGroupFields, columns: ColumnChunkFields[], rows: bigint): RowGroupFields {
  const sum = (size: (meta: ColumnMetaDataFields) => bigint) =>
    columns.reduce((total, { field_3: meta }) => total + size(meta), 0n);
  return {
    field_1: columns,
    field_2: sum((meta) => meta.field_6),
    field_3: rows,
    ...(group.field_4 === undefined ? {} : { field_4: group.field_4 }),
    field_5: columns[0]?.field_2 ?? 0n,
    field_6: sum((meta) => meta.field_7),
  };
}
