import fc from 'fast-check';
import { safeCsv } from '../../console/csv';
import type { Cell } from '../../console/wire';

const csvOf = (...cells: Cell[]) => safeCsv({ columns: [], rows: [cells] }).split('\r\n')[1];

describe('a result as CSV', () => {
  it('quotes as RFC 4180 says, and tells NULL from an empty text', () => {
    expect(csvOf('a,b', 'say "x"', 'two\nlines', null, '', 1.5, true)).toBe(
      '"a,b","say ""x""","two\nlines",,"",1.5,true',
    );
  });

  it.each(['=1+1', '+A1', '-A1', '@SUM(A1)', '\t=1', '=HYPERLINK("http://example.com")'])(
    'takes a spreadsheet the formula out of %j',
    (text) => {
      expect(csvOf(text)).toMatch(/^"?'/);
    },
  );

  it('leaves negative numbers as they are, also those that travel as text', () => {
    expect(csvOf(-3, '-12345678901234567890.5')).toBe('-3,-12345678901234567890.5');
  });

  it('writes no field that a spreadsheet would run, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const [field = ''] = [csvOf(text) ?? ''];
        expect(field.replace(/^"/, '')).not.toMatch(/^[=+@\t]/);
      }),
    );
  });
});
