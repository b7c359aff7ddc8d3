import fc from 'fast-check';
import { splitStatements } from '../../../lambda/shared/splitStatements';

describe('splitStatements', () => {
  it.each([
    ['semicolons, the last one optional', 'SELECT 1; SELECT 2', ['SELECT 1', 'SELECT 2']],
    ['empty statements', ';; SELECT 1;;\n;', ['SELECT 1']],
    ['nothing', '  \n ', []],
    ['only comments', '-- nothing\n/* at all */', []],
    ['a semicolon in a quote', "SELECT ';'; SELECT 2", ["SELECT ';'", 'SELECT 2']],
    ['a doubled quote', "SELECT 'it''s; fine'", ["SELECT 'it''s; fine'"]],
    [
      'an escaped quote, as Redshift takes it',
      "SELECT 'it\\'s; fine'; SELECT 2",
      ["SELECT 'it\\'s; fine'", 'SELECT 2'],
    ],
    ['a quoted name', 'SELECT "a;""b"; SELECT 2', ['SELECT "a;""b"', 'SELECT 2']],
    ['a line comment', 'SELECT 1 -- one; or two\n, 2; SELECT 3', ['SELECT 1 \n, 2', 'SELECT 3']],
    ['a comment in a quote', "SELECT '--', '/*'; SELECT 2", ["SELECT '--', '/*'", 'SELECT 2']],
    ['a nested comment', 'SELECT /* a; /* b; */ c; */ 1; SELECT 2', ['SELECT  1', 'SELECT 2']],
    [
      'a dollar quote',
      'CREATE P AS $$ BEGIN; END; $$; SELECT 2',
      ['CREATE P AS $$ BEGIN; END; $$', 'SELECT 2'],
    ],
    [
      'a tagged dollar quote',
      'DO $body$ $$; $other$ ; $body$; SELECT 2',
      ['DO $body$ $$; $other$ ; $body$', 'SELECT 2'],
    ],
    ['a parameter, which is no quote', 'SELECT $1; SELECT 2', ['SELECT $1', 'SELECT 2']],
  ])('knows %s', (_, sql, statements) => {
    expect(splitStatements(sql)).toEqual(statements);
  });

  it.each([
    ["SELECT 1;\nSELECT 'oops", /Line 2 opens a quote/],
    ['SELECT "oops', /Line 1 opens a double quote/],
    ['\n\n/* oops /* */', /Line 3 opens a comment/],
    ['SELECT $a$ oops', /Line 1 opens dollar quote \$a\$/],
  ])('refuses %p', (sql, message) => {
    expect(() => splitStatements(sql)).toThrow(message);
  });

  it('gives back whatever statements were joined, with comments between them', () => {
    const atom = fc.constantFrom(
      'SELECT',
      "'a;b'",
      '"c;d"',
      "''",
      "'x''y'",
      '$$;$$',
      '$t$;$$;$t$',
      '1',
      ',',
      'x',
    );
    const statement = fc.array(atom, { minLength: 1, maxLength: 8 }).map((atoms) => atoms.join(' '));
    const comment = fc.constantFrom('', '-- a; b\n', '/* c; /* d */ */');
    fc.assert(
      fc.property(fc.array(fc.tuple(statement, comment), { maxLength: 6 }), (parts) => {
        const sql = parts.map(([text, between]) => `${text};${between}`).join('\n');
        expect(splitStatements(sql)).toEqual(parts.map(([text]) => text));
      }),
    );
  });
});
