import fc from 'fast-check';
import { asTable, csvPieces, jsonPieces } from '../../../scripts/query/formats';
import type { ResultTable } from '../../../scripts/query/queryResult';

const TABLE: ResultTable = {
  columns: [
    { name: 'name', typeName: 'varchar' },
    { name: 'count', typeName: 'int8' },
    { name: 'count', typeName: 'float8' },
    { name: 'props', typeName: 'super' },
  ],
  rows: [
    ['a "quoted", text', 1, 0.5, '{"k":[1,2]}'],
    ['', null, null, null],
  ],
};

/** However the rows come in pages, the text is the same. */
const PAGINGS = [[TABLE.rows], [...TABLE.rows.map((row) => [row]), []]];

async function joined(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

test.each(PAGINGS)(
  'JSON has an object a row, SUPER as JSON, and both of two columns of one name',
  async (...pages) => {
    const text = await joined(jsonPieces(TABLE.columns, pages));
    expect(JSON.parse(text)).toEqual([
      { name: 'a "quoted", text', count: 1, count_2: 0.5, props: { k: [1, 2] } },
      { name: '', count: null, count_2: null, props: null },
    ]);
    expect(text.split('\n')).toEqual(['[', expect.any(String), expect.any(String), ']', '']);
  },
);

test.each([[], [[]]])('JSON without rows is an empty array: %j', async (...pages) => {
  expect(await joined(jsonPieces(TABLE.columns, pages))).toBe('[]\n');
});

test.each(PAGINGS)('CSV quotes where it must and tells null from an empty text', async (...pages) => {
  expect((await joined(csvPieces(TABLE.columns, pages))).split('\r\n')).toEqual([
    'name,count,count,props',
    '"a ""quoted"", text",1,0.5,"{""k"":[1,2]}"',
    '"",,,',
    '',
  ]);
});

test('a table shows NULL, aligns numbers to the right, and lets no control character through', () => {
  const lines = asTable(
    { columns: TABLE.columns.slice(0, 2), rows: [['a\u001b[31m\nb', 12345678]] },
    undefined,
  ).split('\n');
  expect(lines[1]).toBe('│ name     │    count │');
  expect(lines[3]).toBe('│ a [31m b │ 12345678 │');
  expect(asTable(TABLE, undefined)).toContain('NULL');
});

test('on a terminal wide cells are cut so that every line fits, as far as columns can shrink', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 200 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 50, max: 200 }),
      (rows, width) => {
        const columns = ['x', 'y', 'z'].map((name) => ({ name, typeName: 'varchar' }));
        for (const line of asTable({ columns, rows }, width).split('\n'))
          expect(line.length).toBeLessThanOrEqual(width);
      },
    ),
  );
});
