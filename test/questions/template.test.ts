import { type Bindings, fillTemplate } from '../../lib/questions/template';

test('puts pieces in, repeats blocks, and leaves the comment at the top out', () => {
  const template =
    '-- What it answers.\n-- More.\nSELECT 1\n--[ items\n, {name} AS {alias}_{shared}\n--]\nFROM {table}\n';
  const bindings = {
    table: 't',
    shared: 'x',
    items: [
      { name: 'a', alias: 'one' },
      { name: 'b', alias: 'two' },
    ],
  };
  expect(fillTemplate(template, bindings)).toBe('SELECT 1\n, a AS one_x\n, b AS two_x\nFROM t');
});

test('does not look again at what was put in', () => {
  expect(fillTemplate('{a} {b}', { a: '{b} $& $1', b: '--[ x' })).toBe('{b} $& $1 --[ x');
});

test.each<[string, Bindings, string]>([
  ['{a}', {}, '{a} is not bound'],
  ['{a}', { a: '1', b: '2' }, 'does not use b'],
  ['--[ a\nx\n--]\n', { a: 'x' }, 'block a is not bound to a list'],
  ['{a}', { a: [] }, '{a} is not bound'],
])('%j with %j is an error of the project', (template, bindings, message) => {
  expect(() => fillTemplate(template, bindings)).toThrow(message);
});
