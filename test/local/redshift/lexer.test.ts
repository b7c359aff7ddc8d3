import fc from 'fast-check';
import { quoteIdentifier, stringLiteral, tokenize } from '../../../local/redshift/sql/lexer';

const kinds = (sql: string) => tokenize(sql).map(({ kind, value }) => `${kind}:${value}`);

test('words and quoted identifiers fold to lower case, comments make no token', () => {
  expect(kinds('SELECT "Site ID", É_1 -- why\n/* a /* nested */ comment */ FROM T')).toEqual([
    'word:select',
    'quoted:site id',
    'symbol:,',
    'word:é_1',
    'word:from',
    'word:t',
  ]);
});

test('casts, parameters and numbers are told apart', () => {
  expect(kinds(`a::int = :name AND b=:c1 OR d > 1.5e-3 AND e ~* 'x'`)).toEqual([
    'word:a',
    'symbol:::',
    'word:int',
    'symbol:=',
    'parameter:name',
    'word:and',
    'word:b',
    'symbol:=',
    'parameter:c1',
    'word:or',
    'word:d',
    'symbol:>',
    'number:1.5e-3',
    'word:and',
    'word:e',
    'symbol:~*',
    'string:x',
  ]);
});

test('a backslash escapes in string literals, as in Redshift', () => {
  expect(tokenize(`'it\\'s \\\\ a\\ttab, an \\101 and it''s'`)[0]?.value).toBe(
    `it's \\ a\ttab, an A and it's`,
  );
});

test('any text in a literal, and any name in quotes, comes back as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const [token, ...others] = tokenize(stringLiteral(text.replaceAll('\\', '\\\\')));
      expect(token).toMatchObject({ kind: 'string', value: text });
      expect(others).toEqual([]);
    }),
  );
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (name) => {
      expect(tokenize(quoteIdentifier(name))).toMatchObject([{ kind: 'quoted', value: name.toLowerCase() }]);
    }),
  );
});

test.each([
  [`'open`, 'unterminated quoted string'],
  [`"open`, 'unterminated quoted identifier'],
  ['/* open', 'unterminated /* comment'],
  ['a ` b', 'syntax error at or near "`"'],
])('%s is an error', (sql, message) => {
  expect(() => tokenize(sql)).toThrow(message);
});
