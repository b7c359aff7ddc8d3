/** Turns the JSON of one record into rows of the Glue table, or into the reason why the record fails as a whole. */
import type { TableDefinition } from '../template/definitions';
import { type ColumnReader, type ColumnValue, hiveType, SchemaMismatchError } from './hiveTypes';
import { MalformedJsonError, parseJsonSequence } from './jsonObjects';
import type { DeliveryFailure } from './records';

/** The rows of a record as JSON lines whose keys are column names and whose values fit, or its failure. */
export type Deserialized =
  | { readonly kind: 'rows'; readonly lines: string; readonly rowCount: number }
  | { readonly kind: 'failure'; readonly failure: DeliveryFailure };

/** Reads one record. */
export type RecordDeserializer = (data: Buffer) => Deserialized;

/**
 * Makes the deserializer of a table.
 * @throws Error when a column's type is not understood
 */
export function recordDeserializer(
  table: Pick<TableDefinition, 'databaseName' | 'name' | 'columns'>,
): RecordDeserializer {
  const readers = new Map<string, ColumnReader>(
    table.columns.map(({ name, type }) => [name.toLowerCase(), hiveType(type).read]),
  );
  return (data) => {
    try {
      const text = data.toString('utf8');
      if (text.trim() === '') {
        return failed('MalformedData', 'The record was empty or contained only whitespace.');
      }
      let lines = '';
      const values = parseJsonSequence(text);
      for (const value of values) lines += `${row(value, readers)}\n`;
      return { kind: 'rows', lines, rowCount: values.length };
    } catch (error) {
      if (error instanceof SchemaMismatchError) return failed('MalformedData', error.message);
      if (error instanceof MalformedJsonError) return failed('ParseError', error.message);
      throw error;
    }
  };
}

function row(value: unknown, readers: ReadonlyMap<string, ColumnReader>): string {
  if (typeof value !== 'object' || value === null) {
    throw new SchemaMismatchError(
      'The input JSON contained a primitive at the top level. The top level must be an object or array.',
    );
  }
  if (Array.isArray(value)) {
    throw new SchemaMismatchError('Data does not match the schema. Data is not JSONObject but JSONArray');
  }
  const fitted: Record<string, ColumnValue> = {};
  for (const [key, item] of Object.entries(value)) {
    const name = readers.has(key) ? key : key.toLowerCase();
    const read = readers.get(name);
    // A key that is no column vanishes; a column that is missing or null becomes NULL.
    if (read !== undefined && item !== null) fitted[name] = read(item);
  }
  const line = JSON.stringify(fitted);
  // JSON.stringify writes lone surrogates as escapes, which are no text; Parquet holds UTF-8 only.
  return line.includes('\\ud') ? JSON.stringify(fitted, (_key, item) => wellFormed(item)) : line;
}

function wellFormed(value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

function failed(code: 'MalformedData' | 'ParseError', message: string): Deserialized {
  return { kind: 'failure', failure: { code: `DataFormatConversion.${code}`, message, attempts: 1 } };
}
