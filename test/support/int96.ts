/** Parquet files with INT96 timestamps, as Firehose writes them: no library at hand writes them any more. */
import { parquetMetadata } from 'hyparquet';
import { CompressionCodecs, ParquetTypes } from 'hyparquet/src/constants.js';
import { encodeChunk } from '../../lib/erasure/parquet/encode';
import { appendFooter, readFooter, startFile } from '../../lib/erasure/parquet/footer';
import { bufferOf, memorySource } from '../../lib/erasure/parquet/source';
import { readStoredColumns } from '../../lib/erasure/parquet/values';

const NANOS_PER_MICRO = 1_000n;

/** The same file with its microsecond timestamps as INT96. */
export async function withInt96Timestamps(file: Uint8Array): Promise<Uint8Array> {
  const footer = readFooter(file);
  const metadata = parquetMetadata(bufferOf(file));
  const writer = startFile();
  for (const [index, group] of footer.field_4.entries()) {
    const columns = await readStoredColumns(memorySource(file), metadata, index);
    for (const [at, column] of group.field_1.entries()) {
      const element = metadata.schema[at + 1];
      if (element?.type === undefined) throw new Error('The file has no such column');
      const isTimestamp = element.converted_type?.startsWith('TIMESTAMP') === true;
      const values = Array.from(columns.get(element.name) ?? [], (value) =>
        isTimestamp && typeof value === 'bigint' ? value * NANOS_PER_MICRO : value,
      );
      const type = isTimestamp ? 'INT96' : element.type;
      const chunk = encodeChunk({ type, isNullable: element.repetition_type !== 'REQUIRED' }, values);
      const start = BigInt(writer.offset);
      const meta = column.field_3;
      meta.field_1 = ParquetTypes.indexOf(type);
      meta.field_4 = CompressionCodecs.indexOf('SNAPPY');
      meta.field_6 = BigInt(chunk.uncompressedBytes);
      meta.field_7 = BigInt(chunk.bytes.length);
      meta.field_9 = start + BigInt(chunk.dataPageOffset);
      if (chunk.dictionaryPageOffset === undefined) delete meta.field_11;
      else meta.field_11 = start;
      if (isTimestamp) delete meta.field_12;
      group.field_1[at] = { field_2: start, field_3: sorted(meta) };
      writer.appendBytes(chunk.bytes);
    }
  }
  const schema = footer.field_2.map((element, at): (typeof footer.field_2)[number] => {
    const { converted_type } = metadata.schema[at] ?? {};
    if (!converted_type?.startsWith('TIMESTAMP')) return element;
    const { field_6: _converted, field_10: _logical, ...rest } = { field_6: 0, ...element };
    return Object.assign(rest, { field_1: ParquetTypes.indexOf('INT96') });
  });
  appendFooter(writer, { ...footer, field_2: schema });
  return new Uint8Array(writer.getBuffer());
}

/** Thrift wants fields in ascending order. */
function sorted<T extends object>(fields: T): T {
  const entries = Object.entries(fields).filter(
    ([name]) => !['field_13', 'field_14', 'field_15'].includes(name),
  );
  entries.sort(([a], [b]) => Number(a.slice('field_'.length)) - Number(b.slice('field_'.length)));
  return Object.fromEntries(entries) as T;
}
