import fc from 'fast-check';
import { literal, timestampLiteral } from '../../lib/contract/sqlText';

describe('literal', () => {
  it('doubles quotes and backslashes', () => {
    expect(literal("it's a \\ backslash")).toBe("'it''s a \\\\ backslash'");
  });

  it('refuses what Redshift cannot hold', () => {
    expect(() => literal('a\0b')).toThrow(/NUL/);
  });

  it('always ends where it should, for a reader who takes backslashes for escapes', () => {
    const text = fc.array(fc.constantFrom("'", '\\', 'a', ';', '-', '\n'), { maxLength: 20 });
    fc.assert(
      fc.property(text, (characters) => {
        const written = literal(characters.join(''));
        let read = '';
        let position = 1;
        while (written[position] !== "'" || written[position + 1] === "'") {
          expect(position).toBeLessThan(written.length);
          if (written[position] === "'" || written[position] === '\\') position++;
          read += written[position++];
        }
        expect(position).toBe(written.length - 1);
        expect(read).toBe(characters.join(''));
      }),
    );
  });
});

it('timestampLiteral is UTC to the millisecond', () => {
  expect(timestampLiteral(Date.UTC(2026, 2, 1, 4, 5, 6, 7))).toBe("'2026-03-01 04:05:06.007'");
});
