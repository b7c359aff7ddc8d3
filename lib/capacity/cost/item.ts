/** How a line of the bill is put down. */
import type { Fact } from '../facts';
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
