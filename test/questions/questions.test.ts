/** What holds for all questions: their definitions fit their SQL, and no value leaves its literal. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { QUESTIONS, QuestionError } from '../../lib/questions';
import { CHANNELS } from '../../lib/questions/filters';
import { questionSql } from '../../lib/questions/sql';
import { questionCalled, sqlOf } from '../support/askQuestion';
import { type VisitWarehouse, visitWarehouse } from '../support/visitWarehouse';

let warehouse: VisitWarehouse;

beforeAll(async () => {
  warehouse = await visitWarehouse();
  await warehouse.store([
    {
      event_id: 'e1',
      event_name: 'purchase',
      site_id: 'shop',
      visitor_id: 'v',
      is_bot: false,
      millis: Date.UTC(2026, 10, 2),
      page_path: '/',
      device_class: 'desktop',
      channel: 'Direct',
      coupon: undefined,
      amount: 1,
      currency: 'EUR',
    },
    {
      event_id: 'e2',
      event_name: 'page_view',
      site_id: 'shop',
      visitor_id: 'v',
      is_bot: false,
      millis: Date.UTC(2026, 10, 2),
      page_path: '/',
      device_class: 'desktop',
      channel: 'Direct',
      coupon: undefined,
      amount: 1,
      currency: 'EUR',
    },
  ]);
});

afterAll(() => warehouse.close());

/** What a question cannot be asked without. */
const REQUIRED: Readonly<Record<string, Record<string, string>>> = {
  funnel: { steps: 'page_view,purchase' },
  paths: { page: '/' },
};

/** Words in a value that would do something outside a literal. */
const HOSTILE = [
  "'",
  "''",
  "\\'",
  "'; DROP TABLE models.sessions; --",
  "' OR '1'='1",
  '\\',
  '\\\\',
  '%',
  '_',
  '"',
  '--',
  '/*',
  '*/',
  '{filter}',
  '{steps}',
  ':name',
  '$1',
  '$&',
  '\u2019',
  '\n',
  '🛒',
];

test.each(QUESTIONS.map(({ name }) => name))('%s answers with the columns it says', async (name) => {
  const question = questionCalled(name);
  const [row] = await warehouse.ask(questionSql(question, REQUIRED[name] ?? {}));
  if (row !== undefined) expect(Object.keys(row)).toEqual(question.columns.map((column) => column.name));
  const columns = question.columns.map((column) => column.name);
  const { chart } = question;
  const named = [chart.x, chart.y, 'series' in chart ? chart.series : [], 'value' in chart ? chart.value : []]
    .flat()
    .filter((column) => column !== undefined);
  expect(columns).toEqual(expect.arrayContaining(named));
});

test.each(QUESTIONS.map(({ name }) => name))('%s takes the example it gives', (name) => {
  const { example, parameters } = questionCalled(name);
  const words = [...example.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const values: Record<string, string> = { ...REQUIRED[name] };
  while (words.length > 0) {
    const flag = words.shift()?.replace('--', '') ?? '';
    const short = parameters.find(({ shortcuts }) => Object.hasOwn(shortcuts ?? {}, flag));
    if (short !== undefined) values[short.name] = short.shortcuts?.[flag] ?? '';
    else values[flag] = words.shift() ?? '';
  }
  expect(() => sqlOf(name, values)).not.toThrow();
});

test('hostile text stays text: the statement has the same form, and runs or is refused by name', async () => {
  const hostile = fc.array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 5 })), {
    minLength: 1,
    maxLength: 4,
  });
  const places = QUESTIONS.flatMap((question) => question.parameters.map(({ name }) => ({ question, name })));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), hostile, async ({ question, name }, parts) => {
      const values = { ...REQUIRED[question.name], [name]: parts.join('') };
      let sql: string;
      try {
        sql = questionSql(question, values);
      } catch (error) {
        expect(error).toBeInstanceOf(QuestionError);
        return;
      }
      // Outside its literals, the statement is one that harmless text makes.
      expect(withoutLiterals(sql)).not.toMatch(/drop|;|--|\/\*/i);
      await warehouse.ask(sql);
    }),
    { numRuns: 80 },
  );
});

/** Redshift's literals: a quote is doubled or behind a backslash, a backslash is doubled. Comments are the template's. */
function withoutLiterals(sql: string): string {
  const template = sql.replace(/^ *-- .*\n/gm, '');
  return template.replace(/'(?:[^'\\]|''|\\[\s\S])*'/g, 'literal');
}

test.each([
  ['funnel', {}, '--steps is missing'],
  ['funnel', { steps: 'page_view' }, '--steps is "page_view", it must be 2 to 10 steps, separated by commas'],
  ['funnel', { steps: 'a,b?c' }, 'not understood: "b?c"'],
  ['funnel', { steps: 'a,:/x' }, 'not understood: ":/x"'],
  ['funnel', { steps: 'a,b?Drop Table=1' }, 'not understood: "b?Drop Table=1"'],
  ['funnel', { steps: 'a,b', within: '7' }, '--within is "7", it must be a length of time from 1s to 366d'],
  ['funnel', { steps: 'a,b', within: '0d' }, '--within is "0d"'],
  ['funnel', { steps: 'a,b', by: 'colour' }, '--by is "colour", it must be one of none, site, channel'],
  ['trend', { from: '2026-02-31' }, '--from is "2026-02-31", it must be a day, such as 2026-11-01'],
  ['trend', { to: 'yesterday' }, '--to is "yesterday"'],
  ['trend', { metric: 'login', channel: 'Email' }, '--channel is known of sessions only'],
  ['trend', { 'moving-average': '0' }, '--moving-average is "0", it must be a whole number from 1 to 100'],
  ['pages', { site: 'a,,b' }, '--site is "a,,b", it must be one or more values, separated by commas'],
  ['pages', { site: 'a\0b' }, 'text without a NUL character'],
  ['pages', { colour: 'red' }, 'pages has no parameter "colour"; it has site, from, to'],
  ['paths', { page: 'x'.repeat(5_000) }, 'text of at most 4096 characters'],
])('%s with %j is refused: %s', (name, values: Record<string, string>, message) => {
  expect(() => sqlOf(name, values)).toThrow(QuestionError);
  expect(() => sqlOf(name, values)).toThrow(message);
});

test('a backslash takes a separator for itself', () => {
  expect(sqlOf('funnel', { steps: String.raw`a\,b\:c:/x\*,d` })).toContain("e.event_name = 'a,b:c'");
  expect(sqlOf('funnel', { steps: String.raw`a:/x\*y*,d` })).toContain("e.page_path LIKE '/x*y%'");
});

test('a period of days is that of the site; one with a time is in UTC', () => {
  const days = sqlOf('channels', { from: '2026-11-01' });
  expect(days).toContain("s.local_date >= '2026-11-01'");
  expect(days).toContain("s.started_at >= '2026-10-31 00:00:00.000'");
  const time = sqlOf('channels', { from: '2026-11-01T06:30' });
  expect(time).toContain("s.started_at >= '2026-11-01 06:30:00.000'");
  expect(time).not.toContain('local_date >=');
});

test('the channels that can be asked for are those that the models tell apart', () => {
  const sql = readFileSync(path.join(__dirname, '../../sql/models/50-sessions.sql'), 'utf8');
  const rules = sql.slice(sql.indexOf("THEN 'Cross-network'"), sql.indexOf('END AS channel'));
  const told = [...rules.matchAll(/(?:THEN|ELSE) '([^']+)'/g)].map(([, channel]) => channel);
  expect(new Set(told)).toEqual(new Set(CHANNELS));
});

test.each([
  [{ device: 'Mobile' }, "device_class IN ('mobile')"],
  [{ country: 'de' }, "country IN ('DE')"],
  [{ channel: 'organic search' }, "channel IN ('Organic Search')"],
])('the filter %j is understood in lower and upper case', (values, condition) => {
  const channels = QUESTIONS.find(({ name }) => name === 'channels');
  expect(channels && questionSql(channels, values)).toContain(condition);
});

test.each([
  [{ device: 'fridge' }, '--device is "fridge", it must be one of desktop'],
  [{ country: 'Germany' }, '--country is "Germany", it must be the two letters of a country'],
  [{ channel: 'Organic' }, '--channel is "Organic", it must be one of Direct'],
  [{ from: '2026-11-05', to: '2026-11-01' }, '--to is not after --from'],
])('the filter %j is refused, not answered with nothing', (values, message) => {
  const channels = QUESTIONS.find(({ name }) => name === 'channels');
  expect(() => channels && questionSql(channels, values)).toThrow(message);
});
