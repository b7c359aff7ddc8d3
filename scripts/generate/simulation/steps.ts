/** What a visitor does on a site: the steps of one visit, before they have times. */
import type { Random } from '../chance/random';
import { inJsonText } from '../tables/jsonText';
import type { Arrival, Article, TrafficTables } from '../tables/types';
import type { Product } from '../world/goods';
import type { Site } from '../world/sites';

/** Steps that lead to a purchase. */
export type FunnelStep = 'product_view' | 'add_to_cart' | 'purchase';

/** A step of a visit: one event. */
export interface Step {
  readonly name: string;
  /** As it stands in JSON. */
  readonly url: string;
  /** As it stands in JSON. */
  readonly title: string;
  /** JSON members of this step, each with a comma before it. */
  readonly members: string;
  /** True for a page that was opened, which has the page before as its referrer. */
  readonly isPage: boolean;
  readonly funnel?: FunnelStep;
  /** Price of a purchase. */
  readonly cents?: number;
}

const BOUNCE_CHANCE = 0.3;
/** Further pages of a visit that goes on: 1 more than this on average. */
const MEAN_PAGES = 5;
const MOST_PAGES = 60;
const PING_CHANCE = 0.35;
const SEARCH_CHANCE = 0.12;
const READ_CHANCE = 0.15;
const CART_CHANCE = 0.2;
const REMOVE_CHANCE = 0.1;
const CHECKOUT_CHANCE = 0.6;
const PURCHASE_CHANCE = 0.65;
const COUPON_CHANCE = 0.2;
const SIGNUP_CHANCE = 0.03;
const SEARCH_WORDS = ['tea', 'blue lamp', 'größe M', '旅行', 'socks & poles', '🎁', 'gift', '"classic"'];

/** Decides the steps of visits. */
export class Steps {
  constructor(private readonly tables: TrafficTables) {}

  /**
   * The steps of a visit.
   * @param isLoggedIn the visitor logs in after the first page
   */
  visit(random: Random, site: Site, arrival: Arrival, isLoggedIn: boolean): Step[] {
    const steps = [this.landing(random, site, arrival)];
    if (isLoggedIn)
      steps.push(act('login', site, '/account', 'Account', ',"properties":{"method":"password"}'));
    if (random.chance(BOUNCE_CHANCE)) return steps;
    const pages = 1 + Math.min(MOST_PAGES, Math.floor(random.exponential(MEAN_PAGES)));
    if (site.kind === 'magazine') this.read(random, site, pages, steps);
    else this.shop(random, site, pages, steps);
    return steps;
  }

  /** A page a crawler may fetch. */
  crawled(random: Random, site: Site): Step {
    return random.chance(0.5) && site.kind !== 'magazine'
      ? this.view(random, site).step
      : this.article(random, site);
  }

  private landing(random: Random, site: Site, { query }: Arrival): Step {
    const point = random.next();
    const step =
      site.kind !== 'magazine' && point < 0.45
        ? this.view(random, site).step
        : point < 0.75
          ? page(site, '/', 'Home', 'home')
          : this.article(random, site);
    if (query === '' || site.kind === 'app') return step;
    return { ...step, url: `${step.url}${step.url.includes('?') ? '&' : '?'}${query}` };
  }

  private read(random: Random, site: Site, pages: number, steps: Step[]): void {
    for (let count = 0; count < pages; count++) {
      const article = this.article(random, site);
      steps.push(article);
      if (random.chance(PING_CHANCE)) steps.push(ping(random, article));
    }
    if (random.chance(SIGNUP_CHANCE)) {
      steps.push(act('newsletter_signup', site, '/newsletter', 'Newsletter', ',"list":"weekly"'));
    }
  }

  private shop(random: Random, site: Site, pages: number, steps: Step[]): void {
    let cart: Product[] = [];
    for (let count = 0; count < pages; count++) {
      const point = random.next();
      if (point < SEARCH_CHANCE) steps.push(search(random, site));
      else if (point < SEARCH_CHANCE + READ_CHANCE) steps.push(this.article(random, site));
      else {
        const { step, product } = this.view(random, site);
        steps.push(step);
        if (random.chance(PING_CHANCE)) steps.push(ping(random, step));
        if (!random.chance(CART_CHANCE)) continue;
        cart.push(product);
        steps.push(addToCart(site, product));
      }
    }
    const [first] = cart;
    if (first !== undefined && random.chance(REMOVE_CHANCE)) {
      cart = cart.slice(1);
      steps.push(act('remove_from_cart', site, '/cart', 'Cart', itemsMember([item(first, 1)])));
    }
    if (cart.length === 0 || !random.chance(CHECKOUT_CHANCE)) return;
    steps.push(page(site, '/checkout', 'Checkout', 'checkout'));
    if (random.chance(PURCHASE_CHANCE)) steps.push(purchase(random, site, cart));
  }

  private view(random: Random, site: Site): { step: Step; product: Product } {
    const product = site.goods.pick(random);
    const step: Step = {
      name: 'page_view',
      url: site.baseUrl + product.path,
      title: `${product.title} | ${site.name}`,
      members: `,"properties":{"page_type":"product","sku":"${product.sku}"}`,
      isPage: true,
      funnel: 'product_view',
    };
    return { step, product };
  }

  private article(random: Random, site: Site): Step {
    const { path, title }: Article = this.tables.articles.pick(random);
    return page(site, path, title, 'article');
  }
}

function page(site: Site, path: string, title: string, pageType: string): Step {
  return {
    name: 'page_view',
    url: site.baseUrl + path,
    title: `${title} | ${site.name}`,
    members: `,"properties":{"page_type":"${pageType}"}`,
    isPage: true,
  };
}

function act(name: string, site: Site, path: string, title: string, members: string): Step {
  return { name, url: site.baseUrl + path, title: `${title} | ${site.name}`, members, isPage: false };
}

function ping(random: Random, { url, title }: Step): Step {
  const members = `,"properties":{"scroll_percent":${random.between(5, 100)}}`;
  return { name: 'page_ping', url, title, members, isPage: false };
}

function search(random: Random, site: Site): Step {
  const words = SEARCH_WORDS[random.below(SEARCH_WORDS.length)] ?? '';
  const members = `,"properties":{"term":"${inJsonText(words)}","results":${random.below(40)}}`;
  return act('search', site, `/search?q=${encodeURIComponent(words)}`, 'Search', members);
}

function item({ members }: Product, quantity: number): string {
  return `{${members},"quantity":${quantity}}`;
}

function itemsMember(items: readonly string[]): string {
  return `,"items":[${items.join(',')}]`;
}

function valueMembers(cents: number, currency: string): string {
  return `,"event_value":${cents / 100},"currency":"${currency}"`;
}

function addToCart(site: Site, product: Product): Step {
  const members = valueMembers(product.cents, site.currency) + itemsMember([item(product, 1)]);
  return {
    name: 'add_to_cart',
    url: site.baseUrl + product.path,
    title: `${product.title} | ${site.name}`,
    members,
    isPage: false,
    funnel: 'add_to_cart',
  };
}

function purchase(random: Random, site: Site, cart: readonly Product[]): Step {
  let cents = 0;
  const items = cart.map((product) => {
    const quantity = random.between(1, 2);
    cents += quantity * product.cents;
    return item(product, quantity);
  });
  const coupon = random.chance(COUPON_CHANCE) ? ',"coupon":"AUTUMN10"' : '';
  const order = `,"properties":{"order_id":"O-${random.hex32().slice(0, 12)}"${coupon}}`;
  const members = valueMembers(cents, site.currency) + itemsMember(items) + order;
  return { ...act('purchase', site, '/checkout/thank-you', 'Thank you', members), funnel: 'purchase', cents };
}
