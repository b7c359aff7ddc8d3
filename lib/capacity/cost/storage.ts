/** What the lake's objects cost once as much is deleted each day as is written. */
import type { EnvironmentConfig } from '../../config';
import { GIBIBYTE } from '../../contract/units';
import { rejectedBytesPerSecond } from '../delivery';
import type { Demand } from '../demand';
import { ASSUMPTIONS, BILLING_UNITS, type Fact, PRICES, type PriceTier, S3_STANDARD_TIERS } from '../facts';
import type { CapacityPlan, CostItem } from '../types';
import { DAYS_PER_MONTH, SECONDS_PER_DAY } from '../units';
import { priced, pricedByVolume } from './item';

/** A storage class that objects pass through: from `fromDay` of their age until the next class takes them. */
interface LifecycleStep {
  readonly name: string;
  readonly fromDay: number;
  /** Prices by volume. */
  readonly storage: readonly PriceTier[];
  /** Price of moving an object into the class. */
  readonly transition?: Fact;
  /** Whether objects can only be read after they were restored: those have an index of their own. */
  readonly isArchive?: true;
}

function stepsOf(lake: EnvironmentConfig['lake']): LifecycleStep[] {
  const step = (name: string, fromDay: number | undefined, terms: Omit<LifecycleStep, 'name' | 'fromDay'>) =>
    fromDay === undefined ? [] : [{ name, fromDay, ...terms }];
  return [
    ...step('S3 Standard', 0, { storage: S3_STANDARD_TIERS }),
    ...step('S3 Standard-IA', lake.infrequentAccessAfterDays, {
      storage: flat(PRICES.s3StandardIa),
      transition: PRICES.s3ToStandardIa,
    }),
    ...step('S3 Glacier Flexible', lake.glacierAfterDays, {
      storage: flat(PRICES.s3Glacier),
      transition: PRICES.s3ToGlacier,
      isArchive: true,
    }),
    ...step('S3 Deep Archive', lake.deepArchiveAfterDays, {
      storage: flat(PRICES.s3DeepArchive),
      transition: PRICES.s3ToDeepArchive,
      isArchive: true,
    }),
  ];
}

function flat(price: Fact): PriceTier[] {
  return [{ upToGigabytes: Number.POSITIVE_INFINITY, price }];
}

/** Days an object of events/ is billed: until it expires, and in a versioned bucket its old version with it. */
export function billedDays(lake: EnvironmentConfig['lake']): number {
  const days = lake.expireAfterDays ?? ASSUMPTIONS.unboundedStorageDays.value;
  const versionDays = lake.versioned ? ASSUMPTIONS.noncurrentVersionDays.value : 0;
  return lake.expireAfterDays === undefined ? days : days + versionDays;
}

/** Every line of the bucket's bill. */
export function storageCost(
  config: Pick<EnvironmentConfig, 'lake' | 'alarms'>,
  demand: Demand,
  delivery: CapacityPlan['delivery'],
): CostItem[] {
  const { lake } = config;
  const steps = stepsOf(lake);
  const lastDay = billedDays(lake);
  const objectsPerMonth = delivery.objectsPerDay * DAYS_PER_MONTH;
  const classes = steps.map((step, index) => {
    const untilDay = Math.min(steps[index + 1]?.fromDay ?? lastDay, lastDay);
    return { ...step, days: Math.max(0, untilDay - step.fromDay) };
  });
  const transitions = steps.flatMap(({ name, fromDay, transition }) =>
    transition === undefined || fromDay >= lastDay
      ? []
      : [priced('lake', `Lifecycle to ${name}`, objectsPerMonth, 'transitions', transition, 1_000)],
  );
  const originalsPerDay =
    (rejectedBytesPerSecond(config, demand) * SECONDS_PER_DAY) / ASSUMPTIONS.rejectedGzipRatio.value;
  return [
    ...classes.map(({ name, days, storage }) => stored(name, delivery.parquetBytesPerDay * days, storage)),
    ...archiveCost(
      classes.filter(({ isArchive, days }) => isArchive === true && days > 0),
      delivery.objectsPerDay,
    ),
    ...transitions,
    stored(
      'S3 Standard, rejected originals',
      originalsPerDay * lake.originalsExpireAfterDays,
      flat(PRICES.s3Standard),
    ),
    priced('lake', 'S3 PUTs', objectsPerMonth, 'requests', PRICES.s3Put, 1_000),
  ];
}

/** What S3 keeps of each archived object beside its bytes: an index in its class, and its name in Standard. */
function archiveCost(
  archives: ReadonlyArray<LifecycleStep & { readonly days: number }>,
  objectsPerDay: number,
): CostItem[] {
  const archivedDays = archives.reduce((sum, { days }) => sum + days, 0);
  if (archivedDays === 0) return [];
  const { archivedObjectIndex, archivedObjectName } = BILLING_UNITS;
  return [
    ...archives.map(({ name, days, storage }) =>
      stored(`${name}, index of its objects`, objectsPerDay * days * archivedObjectIndex.value, storage),
    ),
    stored(
      'S3 Standard, names of archived objects',
      objectsPerDay * archivedDays * archivedObjectName.value,
      flat(PRICES.s3Standard),
    ),
  ];
}

function stored(name: string, bytes: number, prices: readonly PriceTier[]): CostItem {
  return pricedByVolume('lake', name, bytes / GIBIBYTE, 'GB-months', prices);
}
