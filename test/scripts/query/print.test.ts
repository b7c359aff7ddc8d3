/** What is printed of a result, and how much of it is read for that. */
import { printResult } from '../../../scripts/query/print';
import type { QueryResult } from '../../../scripts/query/queryResult';
import { captured } from '../../support/captured';

function result() {
  let read = 0;
  async function* pages() {
    for (const page of [[[1], [2]], [[3], [4]], [[5]]]) {
      read++;
      yield page;
    }
  }
  const whole: QueryResult = { columns: [{ name: 'a', typeName: 'int4' }], rowCount: 5, pages: pages() };
  return { whole, pagesRead: () => read };
}

test('a reader who has enough, such as head, ends the reading', async () => {
  const { whole, pagesRead } = result();
  const pieces: string[] = [];
  const outInTime = async (piece: string) => pieces.push(piece) < 2;
  await captured(async (terminal) => {
    await printResult(whole, { csv: true }, { ...terminal, outInTime });
    return 0;
  });
  expect(pieces).toEqual(['a\r\n', '1\r\n2\r\n']);
  expect(pagesRead()).toBe(1);
});

test.each([
  [{ maxRows: 4 } as const, 2, 'The first 4 of 5 rows'],
  [{ maxRows: 5 } as const, 3, '5 rows'],
  [{ csv: true, maxRows: 1 } as const, 1, 'The first 1 of 5 rows'],
  [{ json: true } as const, 3, '5 rows'],
])('%j reads %i pages and says "%s"', async (flags, pages, words) => {
  const { whole, pagesRead } = result();
  let said = '';
  await captured(async (terminal) => {
    said = await printResult(whole, flags, terminal);
    return 0;
  });
  expect(said).toBe(words);
  expect(pagesRead()).toBe(pages);
});
