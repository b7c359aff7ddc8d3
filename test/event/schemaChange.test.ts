import fc from 'fast-check';
import { type StoredColumn, schemaProblems, storedSchema } from '../../lib/event/schemaChange';
import snapshot from '../../lib/event/schemaSnapshot.json';

const column = (name: string, more: Partial<StoredColumn> = {}): StoredColumn => ({
  name,
  type: 'string',
  maxBytes: 10,
  nullable: true,
  ...more,
});
const A = column('a', { nullable: false });
const B = column('b');
const C: StoredColumn = { name: 'c', type: 'int', nullable: true };

test('the event definition keeps what is stored; docs/schema-changes.md says how to add a column', () => {
  expect(schemaProblems(snapshot, storedSchema())).toEqual([]);
});

describe('a change of the schema', () => {
  test('is fine when nothing is stored yet, nothing changes, or nullable columns are appended', () => {
    expect(schemaProblems([], [A, B])).toEqual([]);
    expect(schemaProblems([A, B], [A, B])).toEqual([]);
    expect(schemaProblems([A, B], [A, B, C, column('d')])).toEqual([]);
  });

  test.each<[string, StoredColumn[], RegExp[]]>([
    ['a removal', [A, C], [/^b was removed or renamed\..* keep it/]],
    [
      'a new name',
      [A, column('d'), C],
      [/^b was removed or renamed/, /^d is new and stands among older columns.* move it to the end/],
    ],
    ['another order', [B, A, C], [/^b stands where a stood\..* restore the order/]],
    ['a column in between', [A, column('d'), B, C], [/^d is new and stands among older columns/]],
    [
      'another type',
      [A, B, { ...C, type: 'bigint' }],
      [/^c was int and is bigint\..* append a column of another name/],
    ],
    ['a shorter text', [A, column('b', { maxBytes: 9 }), C], [/^b was string\(10\) and is string\(9\)/]],
    ['a longer text', [A, column('b', { maxBytes: 11 }), C], [/^b was string\(10\) and is string\(11\)/]],
    [
      'a value that may be missing',
      [column('a'), B, C],
      [/^a was string\(10\) not null and is string\(10\)/],
    ],
    [
      'a value that may no more',
      [A, { ...B, nullable: false }, C],
      [/^b was string\(10\) and is string\(10\) not null/],
    ],
    [
      'a new column that must have a value',
      [A, B, C, column('d', { nullable: false })],
      [/^d is new and not nullable\..* make it nullable/],
    ],
  ])('is refused when it is %s, and says what to do', (_, after, problems) => {
    const found = schemaProblems([A, B, C], after);
    expect(found).toHaveLength(problems.length);
    for (const [index, problem] of problems.entries()) expect(found[index]).toMatch(problem);
  });

  test('is fine exactly when the old schema is a prefix and the rest is nullable', () => {
    const columns = fc.uniqueArray(
      fc.record({
        name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        type: fc.constantFrom('int', 'double'),
        nullable: fc.boolean(),
      }),
      { selector: ({ name }) => name, minLength: 1, maxLength: 4 },
    );
    const sameStart = fc.tuple(columns, columns).map(([before, more]) => {
      const names = new Set(before.map(({ name }) => name));
      return [before, [...before, ...more.filter(({ name }) => !names.has(name))]] as const;
    });
    fc.assert(
      fc.property(fc.oneof(sameStart, fc.tuple(columns, columns)), ([before, after]) => {
        const isPrefix = JSON.stringify(after.slice(0, before.length)) === JSON.stringify(before);
        const isGrowth = isPrefix && after.slice(before.length).every(({ nullable }) => nullable);
        expect(schemaProblems(before, after).length === 0).toBe(isGrowth);
      }),
    );
  });
});
