import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { recordDeserializer } from '../../../local/firehose/recordDeserializer';
import { type Harness, harness, record } from '../../support/deliveryStreams';

const table = {
  databaseName: 'lake',
  name: 'events',
  columns: [
    { name: 'name', type: 'string' },
    { name: 'count', type: 'int' },
    { name: 'total', type: 'bigint' },
    { name: 'amount', type: 'double' },
    { name: 'flag', type: 'boolean' },
    { name: 'at', type: 'timestamp' },
  ],
};
const deserialize = recordDeserializer(table);

/** Rows of a record, or its failure as code and message. */
function rowsOf(text: string | Buffer): unknown {
  const result = deserialize(Buffer.from(text));
  if (result.kind === 'failure') return `${result.failure.code}: ${result.failure.message}`;
  const lines = result.lines.trimEnd().split('\n');
  expect(result.rowCount).toBe(lines.length);
  return lines.map((line) => JSON.parse(line));
}

describe('a record on its way into Parquet', () => {
  it('loses keys that are no column, folds keys to lower case, and keeps the rest', () => {
    expect(rowsOf('{"NAME":"a","Count":3,"unknown":{"x":1},"flag":null}')).toEqual([{ name: 'a', count: 3 }]);
  });

  it('may hold several objects, with lines, blanks or nothing between them', () => {
    expect(rowsOf('{"count":1}\n{"count":2}\r\n\n')).toEqual([{ count: 1 }, { count: 2 }]);
    expect(rowsOf('{"count":1}{"count":2} {"count":3}')).toEqual([{ count: 1 }, { count: 2 }, { count: 3 }]);
    expect(rowsOf('{\n  "name": "br}ace \\" {",\n  "count": 4\n}')).toEqual([
      { name: 'br}ace " {', count: 4 },
    ]);
  });

  it('becomes text with lower-case keys where an object is bound for a string column', () => {
    expect(rowsOf('{"name":{"Outer":[{"Inner":"Kept"}]}}')).toEqual([
      { name: '{"outer":[{"inner":"Kept"}]}' },
    ]);
    expect(rowsOf('{"name":12.5}')).toEqual([{ name: '12.5' }]);
    expect(rowsOf('{"name":true}')).toEqual([{ name: 'true' }]);
  });

  it.each([
    ['{"count":"7"}', { count: 7 }],
    ['{"count":-2147483648}', { count: -2147483648 }],
    ['{"total":2147483648}', { total: 2147483648 }],
    ['{"amount":"1.5"}', { amount: 1.5 }],
    ['{"flag":"true"}', { flag: true }],
    ['{"at":"2026-11-01 10:00:00.123456789"}', { at: '2026-11-01 10:00:00.123456789' }],
    ['{"at":1793527200}', { at: '2026-11-01 10:00:00.000' }],
    ['{"at":1793527200.25}', { at: '2026-11-01 10:00:00.250' }],
  ])('fits %s', (text, row) => {
    expect(rowsOf(text)).toEqual([row]);
  });

  it.each([
    '{"count":"oops"}',
    '{"count":1.5}',
    '{"count":2147483648}',
    '{"count":""}',
    '{"count":true}',
    '{"amount":[1]}',
    '{"flag":1}',
    '{"at":"2026-11-01T10:00:00Z"}',
    '{"at":"2026-11-01 10:00:00+01:00"}',
    '{"at":"2026-11-01"}',
    '{"at":true}',
  ])('fails with MalformedData for %s', (text) => {
    expect(rowsOf(text)).toMatch(/^DataFormatConversion\.MalformedData: Data does not match the schema\. /);
  });

  it('takes its good neighbours along when one value does not fit', () => {
    expect(rowsOf('{"count":1}\n{"count":"oops"}\n{"count":3}\n')).toBe(
      'DataFormatConversion.MalformedData: Data does not match the schema. For input string: "oops"',
    );
  });

  it.each([
    ['', 'MalformedData: The record was empty or contained only whitespace.'],
    [' \n\t', 'MalformedData: The record was empty or contained only whitespace.'],
    [
      '42',
      'MalformedData: The input JSON contained a primitive at the top level. The top level must be an object or array.',
    ],
    ['[{"count":1}]', 'MalformedData: Data does not match the schema. Data is not JSONObject but JSONArray'],
    ['this is not json', 'ParseError: Encountered malformed JSON.'],
    ['{"count":1}{"count":', 'ParseError: Encountered malformed JSON.'],
    ['{"count":1},{"count":2}', 'ParseError: Encountered malformed JSON.'],
  ])('is refused as a whole: %p', (text, failure) => {
    expect(rowsOf(text)).toBe(`DataFormatConversion.${failure}`);
  });

  it('has half a surrogate pair replaced, because Parquet holds UTF-8 only', () => {
    expect(rowsOf('{"name":"a\\ud800b"}')).toEqual([{ name: 'a\ufffdb' }]);
  });

  it('is refused at the start when the table has a type that is not understood', () => {
    const columns = [{ name: 'tags', type: 'array<string>' }];
    expect(() => recordDeserializer({ ...table, columns })).toThrow(
      /Glue type "array<string>" is not understood/,
    );
  });
});

describe('a delivery stream with conversion', () => {
  let delivery: Harness;
  beforeEach(async () => {
    delivery = await harness({ conversion: { table, compression: 'SNAPPY' } });
  });
  afterEach(() => delivery.close());

  it('writes Parquet with the table’s columns in their order and types, and NULL for what is missing', async () => {
    await delivery.stream.put([
      record('{"flag":true,"name":"ä","count":1,"total":2,"amount":0.5,"at":"2026-11-01 10:00:00.123"}\n'),
      record('{"count":5}'),
    ]);
    await delivery.stream.flush();
    expect(delivery.errors).toEqual([]);
    const [[key, body] = ['', Buffer.alloc(0)], ...others] = [...delivery.objects];
    expect(others).toEqual([]);
    expect(key).toMatch(
      /^events\/day=01\/hour=23\/clicks-1-2026-11-01-23-59-58-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.parquet$/,
    );
    const file = path.join(delivery.directory, 'object.parquet');
    writeFileSync(file, body);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const rows = await connection.runAndReadAll(`SELECT * FROM '${file}' ORDER BY count`);
    expect(rows.columnNames()).toEqual(['name', 'count', 'total', 'amount', 'flag', 'at']);
    expect(rows.columnTypes().map(String)).toEqual([
      'VARCHAR',
      'INTEGER',
      'BIGINT',
      'DOUBLE',
      'BOOLEAN',
      'TIMESTAMP',
    ]);
    expect(rows.getRowsJson()).toEqual([
      ['ä', 1, '2', 0.5, true, '2026-11-01 10:00:00.123'],
      [null, 5, null, null, null, null],
    ]);
    const codec = await connection.runAndReadAll(
      `SELECT DISTINCT compression FROM parquet_metadata('${file}')`,
    );
    expect(codec.getRowsJson()).toEqual([['SNAPPY']]);
    connection.closeSync();
  });

  it('diverts a record that does not fit, whole, to the error prefix, and delivers the others', async () => {
    const bad = '{"count":1}\n{"count":"oops"}\n';
    await delivery.stream.put([record('{"count":1}'), record(bad), record('nonsense')]);
    await delivery.stream.flush();
    expect(delivery.stream.counts).toMatchObject({
      recordsIn: 3,
      rowsDelivered: 1,
      objects: 1,
      recordsFailed: { 'format-conversion-failed': 2, 'processing-failed': 0 },
    });
    expect(
      [...delivery.objects.keys()].filter((key) => key.startsWith('errors/format-conversion-failed/')),
    ).toEqual([expect.stringMatching(/\/clicks-1-2026-11-01-23-59-58-[0-9a-f-]{36}$/)]);
    expect(delivery.errorLines()).toEqual([
      expect.objectContaining({
        attemptsMade: 1,
        lastErrorCode: 'DataFormatConversion.MalformedData',
        rawData: Buffer.from(bad).toString('base64'),
        dataCatalogTable: expect.objectContaining({ databaseName: 'lake', tableName: 'events' }),
      }),
      expect.objectContaining({ lastErrorCode: 'DataFormatConversion.ParseError' }),
    ]);
  });
});
