/** Attribution, one purchase after another, as its rules say it. */
import type { Click, Visit } from '../../support/visits';

export type Model = 'first_touch' | 'last_touch' | 'linear' | 'position_based' | 'time_decay';

/** The share of each of `ages.length` touches, oldest first; ages in seconds before the purchase. */
export function shares(model: Model, ages: readonly number[], halfLifeSeconds: number): number[] {
  // Measured from the latest touch: only the ratios of weights matter, and very old ones would all be 0.
  const latest = Math.min(...ages);
  const weights = ages.map((age, index) =>
    weight(model, (age - latest) / halfLifeSeconds, index, ages.length),
  );
  const sum = weights.reduce((total, one) => total + one, 0);
  return weights.map((one) => one / sum);
}

function weight(model: Model, halfLives: number, index: number, count: number): number {
  const isFirst = index === 0;
  const isLast = index === count - 1;
  switch (model) {
    case 'first_touch':
      return isFirst ? 1 : 0;
    case 'last_touch':
      return isLast ? 1 : 0;
    case 'linear':
      return 1;
    case 'position_based':
      if (count <= 2) return 1;
      return isFirst || isLast ? 0.4 : 0.2 / (count - 2);
    case 'time_decay':
      return 2 ** -halfLives;
  }
}

/** Purchases and revenue by channel and currency, people only. */
export function attributionReference(
  clicks: readonly Click[],
  visits: readonly Visit[],
  model: Model,
  windowSeconds: number,
  halfLifeSeconds: number,
): Map<string, { purchases: number; revenue: number }> {
  const earned = new Map<string, { purchases: number; revenue: number }>();
  for (const purchase of clicks.filter(({ event_name, is_bot }) => event_name === 'purchase' && !is_bot)) {
    const touches = visits
      .filter(
        (visit) =>
          !visit.is_bot &&
          visit.site_id === purchase.site_id &&
          visit.visitor_id === purchase.visitor_id &&
          visit.startMillis <= purchase.millis &&
          (purchase.millis - visit.startMillis <= windowSeconds * 1_000 || visit.clicks.includes(purchase)),
      )
      .sort((one, other) => one.startMillis - other.startMillis);
    // DATEDIFF counts the seconds between the two clocks' full seconds.
    const ages = touches.map(
      ({ startMillis }) => Math.floor(purchase.millis / 1_000) - Math.floor(startMillis / 1_000),
    );
    for (const [index, share] of shares(model, ages, halfLifeSeconds).entries()) {
      const key = `${touches[index]?.channel} ${purchase.currency}`;
      const sum = earned.get(key) ?? { purchases: 0, revenue: 0 };
      earned.set(key, {
        purchases: sum.purchases + share,
        revenue: sum.revenue + share * purchase.amount,
      });
    }
  }
  return earned;
}
