/** How a line of the bill is put down. */
import type { Fact, PriceTier } from '../facts';
import type { CostItem } from '../types';

/** `quantity` in `unit`, billed at `price` for each `per` of it. */
export function priced(
  stage: CostItem['stage'],
  name: string,
  quantity: number,
  unit: string,
  price: Fact,
  per = 1,
): CostItem {
  return { stage, name, quantity, unit, usdPerMonth: (quantity / per) * price.value };
}

/** `quantity` gigabytes of a month, each step of the volume at its own price. */
export function pricedByVolume(
  stage: CostItem['stage'],
  name: string,
  quantity: number,
  unit: string,
  tiers: readonly PriceTier[],
): CostItem {
  let usdPerMonth = 0;
  let below = 0;
  for (const { upToGigabytes, price } of tiers) {
    usdPerMonth += Math.max(0, Math.min(quantity, upToGigabytes) - below) * price.value;
    below = upToGigabytes;
  }
  return { stage, name, quantity, unit, usdPerMonth };
}
