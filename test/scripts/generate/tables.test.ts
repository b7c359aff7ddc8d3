import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { readUserAgent } from '../../../lib/event/userAgent';
import { DEFAULT_SETTINGS } from '../../../scripts/generate/settings';
import { AGENTS, BOTS } from '../../../scripts/generate/tables/agents';
import { builtInTables } from '../../../scripts/generate/tables/builtIn';
import { readTables } from '../../../scripts/generate/tables/read';
import type { TrafficTables } from '../../../scripts/generate/tables/types';
import { simulate, transformed, uniqueRows } from '../../support/simulations';
import { tempDirectory } from '../../support/tempDirectory';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0';
const SPIDER = 'ExampleSpider/1.0 (+https://spider.example)';

/** Small tables in the layout of the `eventdata` track. */
const TABLES: Record<string, unknown> = {
  agents: [
    [90, ['0', '0', '0', '0', '', '0', '0']],
    [10, ['0', '0', '0', '0', '', '0', '1']],
    [5, ['0', '0', '0', '0', '', '0', 'missing']],
  ],
  agent_lookup: { 0: FIREFOX, 1: SPIDER },
  clientips: [
    [7, ['192.0.2.0', [52.5, 13.4], '', '0', '0', '0']],
    [2, ['203.0.113.0', [37, 127], '', '1', '1', '2']],
  ],
  rare_clientips: [[1, ['198.51', [40, -74], '', '2', '2', '1']]],
  clientips_country_iso_code_lookup: { 0: 'DE', 1: 'KP', 2: 'US' },
  referrers: [
    [60, ['0', '']],
    [40, ['1', 'search?q="tea"']],
  ],
  referrers_url_base_lookup: { 0: '-', 1: 'https://www.google.com/' },
  requests: [
    [50, ['0', 'tea-and-cake.html', 5120, 'GET', 200, '1.1']],
    [30, ['0', 'tea-and-cake.html', 0, 'GET', 304, '1.1']],
    [900, ['0', 'logo.png', 99, 'GET', 200, '1.1']],
    [20, ['1', '', 10, 'GET', 200, '1.1']],
    [70, ['0', 'gone.html', 10, 'GET', 404, '1.1']],
    [70, ['0', 'form.html', 10, 'POST', 200, '1.1']],
  ],
  requests_url_base_lookup: { 0: '/guide/', 1: '/' },
};

const root = tempDirectory('tables');

function writeTables(name: string, changes: Record<string, unknown> = {}): string {
  const directory = path.join(root, name);
  mkdirSync(directory);
  for (const [table, rows] of Object.entries({ ...TABLES, ...changes })) {
    if (rows === undefined) continue;
    const text = typeof rows === 'string' ? rows : JSON.stringify(rows);
    writeFileSync(path.join(directory, `${table}.json.gz`), gzipSync(text));
  }
  return directory;
}

const directory = writeTables('whole');

describe('tables from a directory', () => {
  const tables = readTables(directory);

  test('tell bots from browsers', () => {
    expect(tables.agents.choices).toMatchObject([{ value: { userAgent: FIREFOX }, weight: 90 }]);
    expect(tables.bots.choices).toEqual([{ value: SPIDER, weight: 10 }]);
  });

  test('take page views from requests, each path once', () => {
    expect(tables.articles.choices).toEqual([
      { value: { path: '/guide/tea-and-cake.html', title: 'tea and cake' }, weight: 80 },
      { value: { path: '/', title: 'Home' }, weight: 20 },
    ]);
  });

  test('take referrers as they stand in JSON, and add campaigns to a fifth of the visits', () => {
    expect(tables.arrivals.choices.slice(0, 2)).toEqual([
      { value: { query: '', referrer: undefined }, weight: 60 },
      { value: { query: '', referrer: 'https://www.google.com/search?q=\\"tea\\"' }, weight: 40 },
    ]);
    const campaigns = tables.arrivals.choices.slice(2).reduce((sum, { weight }) => sum + weight, 0);
    expect(campaigns).toBeCloseTo(25, 9);
  });

  test('place networks by country and longitude', () => {
    expect(tables.networks.choices).toMatchObject([
      { value: { prefix: '192.0.2.', parts: 1, place: { timeZone: 'Europe/Berlin' } }, weight: 7 },
      {
        value: { prefix: '203.0.113.', parts: 1, place: { country: 'KP', timeZone: 'Etc/GMT-8' } },
        weight: 2,
      },
      { value: { prefix: '198.51.', parts: 2, place: { timeZone: 'America/New_York' } }, weight: 1 },
    ]);
  });

  test('are read uncompressed as well', () => {
    const plain = path.join(root, 'plain');
    mkdirSync(plain);
    for (const [table, rows] of Object.entries(TABLES)) {
      writeFileSync(path.join(plain, `${table}.json`), JSON.stringify(rows));
    }
    expect(readTables(plain)).toEqual(tables);
  });

  test('make events that the transform takes, as many as the truth says', () => {
    const { lines, truth } = simulate({ ...DEFAULT_SETTINGS, events: 3_000, distributions: directory });
    const { rows, rejectedByReason } = transformed(lines);
    const unique = uniqueRows(rows);
    expect(unique.length).toBe(truth.valid);
    expect(unique.filter(({ is_bot }) => is_bot).length).toBe(truth.bots);
    expect(rejectedByReason).toEqual(truth.rejectedByReason);
    const terms = new Set(unique.map(({ referrer_term }) => referrer_term));
    expect(terms).toContain('"tea"');
    expect(new Set(unique.map(({ ip_truncated }) => ip_truncated))).toContain('192.0.2.0/24');
  });

  test.each([
    ['missing', { requests: undefined }, 'missing has no requests.json.gz, the tables need it'],
    ['no-json', { agents: '[[1,' }, /agents\.json\.gz is not a weighted table: SyntaxError/],
    [
      'no-rows',
      { referrers: [['a lot', ['0', '']]] },
      /referrers\.json\.gz is not a weighted table: .*number/,
    ],
    [
      'no-use',
      { agents: [[3, ['', '', '', '', '', '', '0']]] },
      'The table "agents (bots)" has no row that could be used',
    ],
  ])('are refused with the reason when one is wrong (%s)', (name, changes, message) => {
    const wrong = writeTables(name, changes);
    expect(() => readTables(wrong)).toThrow(message);
  });
});

describe('the built-in tables', () => {
  test('call bots what the pipeline takes for bots, and nothing else', () => {
    expect(BOTS.filter(({ value }) => !readUserAgent(value).isBot)).toEqual([]);
    expect(AGENTS.filter(({ value }) => readUserAgent(value.userAgent).isBot)).toEqual([]);
  });

  test('use addresses and hosts reserved for documentation only', () => {
    const { networks, articles }: TrafficTables = builtInTables();
    const documentation = /^(192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:db8:[0-9a-f]+::)$/;
    expect(networks.choices.filter(({ value }) => !documentation.test(value.prefix))).toEqual([]);
    expect(articles.choices.every(({ value }) => value.path.startsWith('/'))).toBe(true);
  });
});
