/**
 * What traffic is made of, by weight: built in, or read from a directory. Texts are as they stand between the quotes
 * of JSON.
 */
import type { Weighted } from '../chance/weighted';

/** A browser. */
export interface Agent {
  readonly userAgent: string;
  readonly screen: readonly [width: number, height: number];
  readonly viewport: readonly [width: number, height: number];
}

/** Where people live. */
export interface Place {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** BCP 47. */
  readonly language: string;
  /** IANA name. */
  readonly timeZone: string;
  /** Hours ahead of UTC, for the daily curve only: summer time is left out. */
  readonly utcOffsetHours: number;
}

/** A network of clients. */
export interface Network {
  /** Beginning of the addresses, up to and with the last separator. */
  readonly prefix: string;
  /** Parts of the address that follow, each a number of its own. */
  readonly parts: number;
  readonly place: Place;
}

/** A page with something to read. */
export interface Article {
  /** Starts with a slash; may have a query. */
  readonly path: string;
  readonly title: string;
}

/** How a visit comes about. */
export interface Arrival {
  /** Campaign parameters without a question mark; empty for none. */
  readonly query: string;
  readonly referrer: string | undefined;
}

/** Everything a simulation draws from. */
export interface TrafficTables {
  readonly agents: Weighted<Agent>;
  /** User agents of crawlers, monitors and scripts. */
  readonly bots: Weighted<string>;
  readonly networks: Weighted<Network>;
  readonly articles: Weighted<Article>;
  readonly arrivals: Weighted<Arrival>;
}
