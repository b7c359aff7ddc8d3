/** Statistics of an encoded column chunk: what the loader and Redshift prune by. */
import type { SchemaElement } from 'hyparquet';
import type { StatisticsFields } from './footer';
import type { StoredValue } from './values';

/** Longer bounds are left out, as other writers do: readers would not prune by them. */
const MAX_BOUND_BYTES = 64;

/** NULLs, and the smallest and largest value where the type has an order that all readers agree on. */
export function statisticsOf(element: SchemaElement, values: readonly StoredValue[]): StatisticsFields {
  const nulls = values.filter((value) => value === null || value === undefined).length;
  const bounds = boundsOf(element, values);
  return { field_3: BigInt(nulls), ...bounds };
}

function boundsOf(
  { type, converted_type, logical_type }: SchemaElement,
  values: readonly StoredValue[],
): Pick<StatisticsFields, 'field_5' | 'field_6'> {
  const isUnsigned =
    converted_type?.startsWith('UINT_') || (logical_type?.type === 'INTEGER' && !logical_type.isSigned);
  const isText = type === 'BYTE_ARRAY' && (converted_type === 'UTF8' || logical_type?.type === 'STRING');
  if (isUnsigned || (type !== 'INT32' && type !== 'INT64' && !isText)) return {};
  let least: StoredValue;
  let most: StoredValue;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    if (least === undefined || isLess(value, least)) least = value;
    if (most === undefined || isLess(most, value)) most = value;
  }
  const [max, min] = [boundBytes(type, most), boundBytes(type, least)];
  return max === undefined || min === undefined ? {} : { field_5: max, field_6: min };
}

function isLess(a: StoredValue, b: StoredValue): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) < 0;
  // Values of a column are of one type: both numbers or both bigints.
  return isNumeric(a) && isNumeric(b) && a < b;
}

function isNumeric(value: StoredValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function boundBytes(type: SchemaElement['type'], value: StoredValue): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value.length <= MAX_BOUND_BYTES ? value : undefined;
  if (!isNumeric(value)) return undefined;
  const bytes = Buffer.alloc(type === 'INT32' ? 4 : 8);
  if (type === 'INT32') bytes.writeInt32LE(Number(value));
  else bytes.writeBigInt64LE(BigInt(value));
  return bytes;
}
