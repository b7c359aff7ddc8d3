import { placeError } from '../../console/server/errorPlace';

/** The piece of the statement the message is put to. */
function marked(sql: string, error: string): string | undefined {
  const { from, to } = placeError(sql, error);
  return from === undefined ? undefined : sql.slice(from, to);
}

describe('the place of an error', () => {
  it('is the word at the position Redshift gives', () => {
    const sql = 'SELECT a\nFRM t';
    expect(placeError(sql, 'ERROR: syntax error at or near "frm"\n  Position: 10')).toEqual({
      message: 'syntax error at or near "frm"',
      from: 9,
      to: 12,
    });
  });

  it('is the last character when the statement ends too soon', () => {
    expect(marked('SELECT a FROM', 'ERROR: syntax error at end of input\n  Position: 14')).toBe('M');
  });

  it('is the name the message gives, when it gives no position', () => {
    const sql = "SELECT 'visitor', visitor /* visitor */ FROM analysis.events";
    expect(placeError(sql, 'ERROR: column "visitor" does not exist in events')).toMatchObject({
      from: 18,
      to: 25,
    });
    expect(marked('SELECT 1 FROM analysis.evnts', 'ERROR: relation "analysis.evnts" does not exist')).toBe(
      'evnts',
    );
    expect(marked('SELECT Foo(1)', 'ERROR: function foo(integer) does not exist')).toBe('Foo');
  });

  it('is left out when nobody can tell it', () => {
    expect(placeError('SELECT 1/0', 'ERROR: Divide by zero')).toEqual({ message: 'Divide by zero' });
  });

  it('is the position alone in a text with an open quote', () => {
    expect(placeError("SELECT 'abc", 'ERROR: unterminated quoted string\n  Position: 8')).toMatchObject({
      from: 7,
      to: 8,
    });
  });
});
