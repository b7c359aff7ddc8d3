/** What the lake's objects cost once as much is deleted each day as is written. */
import type { EnvironmentConfig } from '../../config';
import { GIBIBYTE } from '../../contract/units';
import { rejectedBytesPerSecond } from '../delivery';
import type { Demand } from '../demand';
import { ASSUMPTIONS, type Fact, PRICES } from '../facts';
import type { CapacityPlan, CostItem } from '../types';
import { DAYS_PER_MONTH, SECONDS_PER_DAY } from '../units';
import { priced } from './item';

/** A storage class that objects pass through: from `fromDay` of their age until the next class takes them. */
interface LifecycleStep {
  readonly name: string;
  readonly fromDay: number;
  readonly storage: Fact;
  /** Price of moving an object into the class. */
  readonly transition: Fact | undefined;
}

function stepsOf(lake: EnvironmentConfig['lake']): LifecycleStep[] {
  const step = (name: string, fromDay: number | undefined, storage: Fact, transition?: Fact) =>
    fromDay === undefined ? [] : [{ name, fromDay, storage, transition }];
  return [
    ...step('S3 Standard', 0, PRICES.s3Standard),
    ...step('S3 Standard-IA', lake.infrequentAccessAfterDays, PRICES.s3StandardIa, PRICES.s3ToStandardIa),
    ...step('S3 Glacier Flexible', lake.glacierAfterDays, PRICES.s3Glacier, PRICES.s3ToGlacier),
    ...step('S3 Deep Archive', lake.deepArchiveAfterDays, PRICES.s3DeepArchive, PRICES.s3ToDeepArchive),
  ];
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
    const storedGigabytes = (delivery.parquetBytesPerDay * Math.max(0, untilDay - step.fromDay)) / GIBIBYTE;
    return priced('lake', step.name, storedGigabytes, 'GB-months', step.storage);
  });
  const transitions = steps.flatMap(({ name, fromDay, transition }) =>
    transition === undefined || fromDay >= lastDay
      ? []
      : [priced('lake', `Lifecycle to ${name}`, objectsPerMonth, 'transitions', transition, 1_000)],
  );
  const originalsPerDay =
    (rejectedBytesPerSecond(config, demand) * SECONDS_PER_DAY) / ASSUMPTIONS.rejectedGzipRatio.value;
  return [
    ...classes,
    ...transitions,
    priced(
      'lake',
      'S3 Standard, rejected originals',
      (originalsPerDay * lake.originalsExpireAfterDays) / GIBIBYTE,
      'GB-months',
      PRICES.s3Standard,
    ),
    priced('lake', 'S3 PUTs', objectsPerMonth, 'requests', PRICES.s3Put, 1_000),
  ];
}
