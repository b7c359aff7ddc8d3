/** The sites: shops, magazines and apps, of very different size. */

import { EVENT_SCHEMA_VERSION } from '../../../lib/event/tables';
import { Random } from '../chance/random';
import { powerLaw, type Weighted } from '../chance/weighted';
import { sourceOf } from '../settings';
import { makeGoods, type Product } from './goods';

/** What a site is for. */
export type SiteKind = 'shop' | 'magazine' | 'app';

/** A site or an app. */
export interface Site {
  /** Counts from 0, the largest first. */
  readonly index: number;
  readonly siteId: string;
  readonly kind: SiteKind;
  /** Before every path. */
  readonly baseUrl: string;
  /** After every title. */
  readonly name: string;
  readonly currency: string;
  /** What shops and apps sell. */
  readonly goods: Weighted<Product>;
  /** JSON members that all events of the site have. */
  readonly members: string;
}

/** Traffic of sites: the second largest has half as much as the largest, the hundredth a hundredth. */
const SITE_EXPONENT = 1;
/** Kinds and currencies go round, so that a few sites have some of all. */
const KINDS: readonly SiteKind[] = ['shop', 'magazine', 'shop', 'app', 'shop'];
const CURRENCIES = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'CAD', 'PLN'];
/** Tells the sequence that makes sites from those that make visitors. */
const SITE_STREAM = 0x5173;

/** All sites, made when they are first asked for. */
export class Sites {
  private readonly made: Site[] = [];
  private readonly popularity: Weighted<number>;

  constructor(
    readonly seed: number,
    readonly count: number,
  ) {
    this.popularity = powerLaw([...Array(count).keys()], SITE_EXPONENT);
  }

  /** A site by its traffic. */
  pick(random: Random): Site {
    return this.site(this.popularity.pick(random));
  }

  site(index: number): Site {
    let site = this.made[index];
    if (site === undefined) {
      site = this.make(index);
      this.made[index] = site;
    }
    return site;
  }

  private make(index: number): Site {
    const random = new Random(this.seed, SITE_STREAM, index);
    const kind = kindOf(index);
    const siteId = siteIdOf(index);
    const isApp = kind === 'app';
    const tracker = isApp
      ? '"app-tracker","tracker_version":"2.9.0"'
      : '"web-tracker","tracker_version":"3.24.1"';
    return {
      index,
      siteId,
      kind,
      baseUrl: isApp ? `${siteId}://screen` : `https://www.${siteId}.example`,
      name: siteId,
      currency: CURRENCIES[index % CURRENCIES.length] ?? 'EUR',
      goods: makeGoods(random, index + 1),
      // Joined, because a text that was put together otherwise is put together anew for each event.
      members: [
        `"site_id":"${siteId}","platform":"${isApp ? 'app' : 'web'}"`,
        `"tracker_name":${tracker}`,
        `"schema_version":"${EVENT_SCHEMA_VERSION}","source":"${sourceOf(this)}"`,
      ].join(),
    };
  }
}

/** The id of a site by its index. */
export function siteIdOf(index: number): string {
  return `${kindOf(index)}-${String(index + 1).padStart(3, '0')}`;
}

function kindOf(index: number): SiteKind {
  return KINDS[index % KINDS.length] ?? 'shop';
}
