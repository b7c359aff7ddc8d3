/**
 * Reads weighted tables of traffic from a directory. The layout is that of the `eventdata` track of Elasticsearch's
 * benchmark Rally: `<name>.json.gz` holds `[[weight, [field, ...]], ...]`, in which a field is a value or the key of
 * a line in `<name>_<field>_lookup.json.gz`. The plain `.json` is taken too.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { readUserAgent } from '../../../lib/event/userAgent';
import { isPageView } from '../../send/accessLog/pageView';
import { type Choice, Weighted } from '../chance/weighted';
import { agentOf } from './agents';
import { CAMPAIGNS } from './arrivals';
import { inJsonText } from './jsonText';
import { placeAt } from './places';
import type { Agent, Arrival, Article, Network, TrafficTables } from './types';

/** Rows taken of each table, the most frequent ones: they are nearly all the traffic, and are read in a second. */
const MOST_ROWS = 20_000;
/** User agents taken: telling bots from browsers takes a fifth of a millisecond each. */
const MOST_AGENTS = 1_000;
/** Share of visits that come from a campaign; tables say nothing of campaigns. */
const CAMPAIGN_SHARE = 0.2;
/** Octets of an IPv4 address. */
const OCTETS = 4;

/** A directory does not hold the tables that are needed, or one of them is not as it should be. */
export class TablesError extends Error {
  override readonly name = 'TablesError';
}

const lookup = z.record(z.string(), z.string());
const key = z.string();
const agentRows = rowsOf(z.tuple([key, key, key, key, key, key, key]));
const networkRows = rowsOf(z.tuple([z.string(), z.tuple([z.number(), z.number()]), key, key, key, key]));
const referrerRows = rowsOf(z.tuple([key, z.string()]));
const requestRows = rowsOf(z.tuple([key, z.string(), z.number(), z.string(), z.number(), z.string()]));

function rowsOf<F extends z.ZodType>(fields: F) {
  return z.array(z.tuple([z.number(), fields]));
}

/**
 * Reads the tables `agents`, `clientips`, `rare_clientips`, `referrers` and `requests`.
 * @throws TablesError when a table is missing or malformed, or has no usable row
 */
export function readTables(directory: string): TrafficTables {
  const { agents, bots } = readAgents(directory);
  return {
    agents: weighted('agents', agents),
    bots: weighted('agents (bots)', bots),
    networks: weighted('clientips', readNetworks(directory)),
    articles: weighted('requests', readArticles(directory)),
    arrivals: weighted('referrers', readArrivals(directory)),
  };
}

function weighted<T>(table: string, choices: readonly Choice<T>[]): Weighted<T> {
  if (choices.length > 0) return new Weighted(choices);
  throw new TablesError(`The table "${table}" has no row that could be used, it must have at least one`);
}

function readTable<T>(directory: string, name: string, schema: z.ZodType<T>): T {
  const file = ['.json.gz', '.json'].map((end) => path.join(directory, name + end)).find(existsSync);
  if (file === undefined) throw new TablesError(`${directory} has no ${name}.json.gz, the tables need it`);
  try {
    const bytes = readFileSync(file);
    return schema.parse(JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause).slice(0, 300) : String(cause);
    throw new TablesError(`${file} is not a weighted table: ${why}`, { cause });
  }
}

/** The most frequent rows with a weight. */
function frequent<F>(rows: readonly (readonly [number, F])[], count: number): (readonly [number, F])[] {
  return rows
    .filter(([weight]) => weight > 0)
    .sort(([one], [other]) => other - one)
    .slice(0, count);
}

/** Who is a bot is not in the tables: it is told the way the `is_bot` column is defined. */
function readAgents(directory: string): { agents: Choice<Agent>[]; bots: Choice<string>[] } {
  const names = readTable(directory, 'agent_lookup', lookup);
  const agents: Choice<Agent>[] = [];
  const bots: Choice<string>[] = [];
  const rows = frequent(readTable(directory, 'agents', agentRows), MOST_AGENTS);
  for (const [number, [weight, fields]] of rows.entries()) {
    const userAgent = names[fields[6]];
    if (userAgent === undefined || userAgent.trim() === '') continue;
    if (readUserAgent(userAgent).isBot) bots.push({ value: inJsonText(userAgent), weight });
    else agents.push({ value: agentOf(userAgent, number), weight });
  }
  return { agents, bots };
}

/** `clientips` holds networks of 24 bits as 192.0.2.0, `rare_clientips` the first two octets as 192.0. */
function readNetworks(directory: string): Choice<Network>[] {
  const countries = readTable(directory, 'clientips_country_iso_code_lookup', lookup);
  return ['clientips', 'rare_clientips'].flatMap((table) =>
    frequent(readTable(directory, table, networkRows), MOST_ROWS).map(([weight, fields]) => {
      const [address, [, longitude], , countryKey] = fields;
      const octets = address.split('.').slice(0, 3);
      const place = placeAt(countries[countryKey] ?? '', longitude);
      return { value: { prefix: `${octets.join('.')}.`, parts: OCTETS - octets.length, place }, weight };
    }),
  );
}

/** Requests that were page views, each path once. */
function readArticles(directory: string): Choice<Article>[] {
  const bases = readTable(directory, 'requests_url_base_lookup', lookup);
  const weights = new Map<string, number>();
  for (const [weight, [base, rest, , method, status]] of readTable(directory, 'requests', requestRows)) {
    const target = (bases[base] ?? '') + rest;
    const request = { kind: 'request', method, target, protocol: 'HTTP/1.1' } as const;
    if (weight > 0 && isPageView({ request, status })) {
      weights.set(target, (weights.get(target) ?? 0) + weight);
    }
  }
  const rows = frequent(
    [...weights].map(([target, weight]) => [weight, target] as const),
    MOST_ROWS,
  );
  return rows.map(([weight, target]) => ({
    value: { path: inJsonText(target), title: inJsonText(titleOf(target)) },
    weight,
  }));
}

function titleOf(target: string): string {
  const [path = ''] = target.split(/[?#]/, 1);
  const words = path
    .split('/')
    .findLast((segment) => segment !== '')
    ?.replace(/\.\w+$/, '');
  return words === undefined ? 'Home' : words.replaceAll(/[-_]+/g, ' ');
}

function readArrivals(directory: string): Choice<Arrival>[] {
  const bases = readTable(directory, 'referrers_url_base_lookup', lookup);
  const rows = frequent(readTable(directory, 'referrers', referrerRows), MOST_ROWS);
  const referrals = rows.map(([weight, [base, rest]]) => {
    const url = (bases[base] ?? '') + rest;
    // Access logs write a hyphen where there is none.
    return {
      value: { query: '', referrer: url === '-' || url === '' ? undefined : inJsonText(url) },
      weight,
    };
  });
  const total = (choices: readonly Choice<Arrival>[]) => choices.reduce((sum, { weight }) => sum + weight, 0);
  const scale = (total(referrals) * CAMPAIGN_SHARE) / (1 - CAMPAIGN_SHARE) / total(CAMPAIGNS);
  return [...referrals, ...CAMPAIGNS.map(({ value, weight }) => ({ value, weight: weight * scale }))];
}
