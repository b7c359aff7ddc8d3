/** What shops sell: invented, the same for a site whenever it is asked for. */
import type { Random } from '../chance/random';
import { powerLaw, type Weighted } from '../chance/weighted';
import { inJsonText } from '../tables/jsonText';

/** Something to buy. */
export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly path: string;
  readonly cents: number;
  /** `"sku":...,"name":...,"price":...`: the members of an item but for the quantity. */
  readonly members: string;
  readonly title: string;
}

const QUALITIES = [
  'Blue',
  'Wool',
  'Copper',
  'Quiet',
  'Small',
  'Grüner',
  'Folding',
  'Second',
  'Café',
  'Paper',
];
const THINGS = [
  'Scarf',
  'Kettle',
  'Lamp',
  'Tent',
  'Notebook',
  'Teekanne',
  '"Classic" Chair',
  'Socks',
  '茶碗',
  'Map',
];

const LEAST_PRODUCTS = 12;
const MOST_PRODUCTS = 80;
const PRODUCT_EXPONENT = 1;
const MOST_CENTS = 25_000;
const LEAST_CENTS = 150;

/** The goods of a shop, the popular ones first. */
export function makeGoods(random: Random, siteNumber: number): Weighted<Product> {
  const count = random.between(LEAST_PRODUCTS, MOST_PRODUCTS);
  return powerLaw(
    Array.from({ length: count }, (_, index) => makeProduct(random, siteNumber, index)),
    PRODUCT_EXPONENT,
  );
}

function makeProduct(random: Random, siteNumber: number, index: number): Product {
  const quality = QUALITIES[index % QUALITIES.length] ?? '';
  const thing = THINGS[random.below(THINGS.length)] ?? '';
  const name = `${quality} ${thing} ${index + 1}`;
  const sku = `S${siteNumber}-${100 + index}`;
  // Squared: many cheap goods, few dear ones.
  const cents = LEAST_CENTS + Math.floor(random.next() ** 2 * (MOST_CENTS - LEAST_CENTS));
  return {
    sku,
    name,
    cents,
    path: `/products/${sku.toLowerCase()}`,
    members: `"sku":"${sku}","name":"${inJsonText(name)}","price":${cents / 100}`,
    title: inJsonText(name),
  };
}
