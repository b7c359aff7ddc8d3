/** Classifies where a visit came from. */
import { LRUCache } from 'lru-cache';
import { REFERRER_SERVICES, type ReferrerMedium, type ReferrerService } from './referrerTable';
import { decodeParameter, forEachParameter } from './urls';

/** What is known of a referrer. */
export interface Referrer {
  readonly medium: ReferrerMedium;
  /** Name of the service; undefined for internal and other referrers. */
  readonly source?: string;
  /** Search words, when the referrer shows them. */
  readonly term?: string;
}

const SERVICES_BY_HOST: ReadonlyMap<string, ReferrerService> = new Map(
  REFERRER_SERVICES.flatMap((service) => service.hosts.map((host) => [host, service] as const)),
);

/** Second-level names under which countries register domains, as in example.co.uk. */
const COUNTRY_SECOND_LEVELS = new Set('ac co com edu gob gov go gouv mil ne net nom or org'.split(' '));

/**
 * The part of a host name somebody registered, near enough without the whole public suffix list: the last two labels,
 * or three under a country's second level.
 */
export function registrableDomain(host: string): string {
  const lastDot = host.lastIndexOf('.');
  let dot = host.lastIndexOf('.', lastDot - 1);
  const isCountry = host.length - lastDot === 3;
  if (dot > 0 && isCountry && COUNTRY_SECOND_LEVELS.has(host.slice(dot + 1, lastDot))) {
    dot = host.lastIndexOf('.', dot - 1);
  }
  return dot > 0 ? host.slice(dot + 1) : host;
}

const classified = new LRUCache<string, ReferrerService | 'unknown'>({ max: 10_000 });

/** The service a host belongs to: the longest entry of the table that the host ends with. */
function serviceOf(host: string): ReferrerService | undefined {
  let service = classified.get(host);
  if (service === undefined) {
    service = findService(host) ?? 'unknown';
    classified.set(host, service);
  }
  return service === 'unknown' ? undefined : service;
}

function findService(host: string): ReferrerService | undefined {
  const anyCountry = `${registrableDomain(host).split('.')[0]}.*`;
  const labels = host.split('.');
  for (let skipped = 0; skipped < labels.length; skipped++) {
    const service = SERVICES_BY_HOST.get(labels.slice(skipped).join('.'));
    if (service !== undefined) return service;
  }
  return SERVICES_BY_HOST.get(anyCountry);
}

/**
 * Classifies a referrer.
 * @param host host of the referrer
 * @param query its query string, which may hold search words
 * @param pageHost host of the page it led to; the same registered domain is internal
 */
export function classifyReferrer(
  host: string,
  query: string | undefined,
  pageHost: string | undefined,
): Referrer {
  if (pageHost !== undefined && isSameSite(host, pageHost)) return { medium: 'internal' };
  const service = serviceOf(host);
  if (service === undefined) return { medium: 'other' };
  const { medium, source } = service;
  return { medium, source, term: searchTerm(service, query) };
}

function isSameSite(one: string, other: string): boolean {
  return one === other || registrableDomain(one) === registrableDomain(other);
}

function searchTerm({ termParameters }: ReferrerService, query: string | undefined): string | undefined {
  if (termParameters === undefined || query === undefined) return undefined;
  let term: string | undefined;
  forEachParameter(query, (name, value) => {
    if (term === undefined && value !== '' && termParameters.includes(name)) term = decodeParameter(value);
  });
  return term;
}
