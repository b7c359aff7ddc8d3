import fc from 'fast-check';
import { Answer } from '../../../lambda/transform/answer';

const bytesOf = (answer: Answer) => Buffer.byteLength(JSON.stringify({ records: answer.records }));
const decoded = (data = '') => Buffer.from(data, 'base64').toString();

describe('an answer', () => {
  test('holds each row on a line, ended by a line feed', () => {
    const answer = new Answer(['r1'], 1_000);
    expect(answer.add('r1', ['{"a":"ü"}', '{"b":2}'])).toBe(2);
    expect(answer.records.map(({ data, ...rest }) => [rest, decoded(data)])).toEqual([
      [{ recordId: 'r1', result: 'Ok' }, '{"a":"ü"}\n{"b":2}\n'],
    ]);
  });

  test('drops a record without rows', () => {
    const answer = new Answer(['r1'], 1_000);
    expect(answer.add('r1', [])).toBe(0);
    expect(answer.records).toEqual([{ recordId: 'r1', result: 'Dropped' }]);
  });

  test('takes the first rows of a record that does not fit, and no more of those after it than fit', () => {
    const rows = ['x'.repeat(100), 'y'.repeat(100), 'z'.repeat(100)];
    const answer = new Answer(['r1', 'r2'], 400);
    expect(answer.add('r1', rows)).toBe(2);
    expect(answer.add('r2', rows)).toBe(0);
    expect(answer.records.map(({ result }) => result)).toEqual(['Ok', 'Dropped']);
  });

  test('never passes its limit, and says how large it is', () => {
    const row = fc.string({ unit: 'grapheme', maxLength: 80 });
    const records = fc.array(fc.array(row, { maxLength: 6 }), { maxLength: 12 });
    fc.assert(
      fc.property(records, fc.integer({ min: 800, max: 3_000 }), (all, maxBytes) => {
        const ids = all.map((_, index) => `record-${index}`);
        const answer = new Answer(ids, maxBytes);
        const taken = all.map((rows, index) => answer.add(`record-${index}`, rows));
        expect(bytesOf(answer)).toBeLessThanOrEqual(answer.bytes);
        expect(answer.bytes).toBeLessThanOrEqual(maxBytes);
        expect(answer.records.map(({ recordId }) => recordId)).toEqual(ids);
        for (const [index, rows] of all.entries()) {
          const kept = rows.slice(0, taken[index]).map((text) => `${text}\n`);
          expect(decoded(answer.records[index]?.data)).toBe(kept.join(''));
        }
      }),
    );
  });
});
