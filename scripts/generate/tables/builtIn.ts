/** The traffic that is simulated when no tables are given. All invented; hosts and addresses are those for examples. */
import { type Choice, powerLaw, Weighted } from '../chance/weighted';
import { AGENTS, BOTS } from './agents';
import { CAMPAIGNS, REFERRALS } from './arrivals';
import { PLACES } from './places';
import type { Article, Network, Place, TrafficTables } from './types';

/** IPv4 networks for documentation (RFC 5737). */
const DOCUMENTATION_NETWORKS = ['192.0.2.', '198.51.100.', '203.0.113.'];

const ARTICLE_EXPONENT = 0.9;
const TOPICS = [
  'tea',
  'bread',
  'tents',
  'moss',
  'night trains',
  'knitting',
  'lamps',
  'gardens',
  'größen',
  '旅行',
];
const ARTICLES_PER_TOPIC = 40;

/** The built-in tables. */
export function builtInTables(): TrafficTables {
  return {
    agents: new Weighted(AGENTS),
    bots: new Weighted(BOTS),
    networks: new Weighted(PLACES.flatMap(networksOf)),
    articles: powerLaw(articles(), ARTICLE_EXPONENT),
    arrivals: new Weighted([...REFERRALS, ...CAMPAIGNS]),
  };
}

/** Two networks a place: one of IPv4, one of IPv6 (RFC 3849). */
function networksOf({ value: place, weight }: Choice<Place>, number: number): Choice<Network>[] {
  const ipv4 = DOCUMENTATION_NETWORKS[number % DOCUMENTATION_NETWORKS.length] ?? '';
  const ipv6 = `2001:db8:${(0x100 + number).toString(16)}::`;
  return [
    { value: { prefix: ipv4, parts: 1, place }, weight: weight * 3 },
    { value: { prefix: ipv6, parts: 1, place }, weight },
  ];
}

function articles(): Article[] {
  return Array.from({ length: ARTICLES_PER_TOPIC * TOPICS.length }, (_, index) => {
    const topic = TOPICS[index % TOPICS.length] ?? '';
    const number = 1 + Math.floor(index / TOPICS.length);
    const path = `/articles/${encodeURIComponent(topic.replaceAll(' ', '-'))}-${number}`;
    return { path, title: `All about ${topic}, part ${number}` };
  });
}
