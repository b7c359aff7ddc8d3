/** What the Kinesis stream costs. */
import type { EnvironmentConfig } from '../../config';
import { GIBIBYTE } from '../../contract/units';
import type { Demand } from '../demand';
import { BILLING_UNITS, PRICES } from '../facts';
import type { CostItem } from '../types';
import { HOURS_PER_MONTH, roundUpTo, SECONDS_PER_MONTH } from '../units';
import { priced } from './item';

/** Hours that the shard price includes, and the hours after which retention is billed by volume. */
const INCLUDED_RETENTION_HOURS = 24;
const EXTENDED_RETENTION_HOURS = 7 * 24;

/** Shard-hours of a provisioned stream. */
export function shardHours(shards: number): CostItem {
  return priced('stream', 'Kinesis shards', shards * HOURS_PER_MONTH, 'shard-hours', PRICES.kinesisShardHour);
}

/** PUT payload units: each record counts as a multiple of 25 KB. */
export function putUnits({
  recordsPerSecond,
  recordBytes,
}: Pick<Demand, 'recordsPerSecond' | 'recordBytes'>) {
  const units =
    recordsPerSecond * SECONDS_PER_MONTH * Math.ceil(recordBytes / BILLING_UNITS.kinesisPut.value);
  return priced('stream', 'Kinesis PUT units', units, '25 KB units', PRICES.kinesisPutUnits, 1e6);
}

/** Every line of the stream's bill. */
export function streamCost(
  { stream }: Pick<EnvironmentConfig, 'stream'>,
  demand: Demand,
  shards: number | undefined,
): CostItem[] {
  const gigabyteMonths = (hours: number) => (demand.bytesPerSecond * hours * 3_600) / GIBIBYTE;
  const extendedHours = Math.min(stream.retentionHours, EXTENDED_RETENTION_HOURS) - INCLUDED_RETENTION_HOURS;
  const longHours = Math.max(0, stream.retentionHours - EXTENDED_RETENTION_HOURS);
  const longRetention =
    longHours > 0
      ? [
          priced(
            'stream',
            'Kinesis retention beyond 7 days',
            gigabyteMonths(longHours),
            'GB-months',
            PRICES.kinesisLongRetention,
          ),
        ]
      : [];
  if (shards === undefined) {
    return [...onDemandCost(demand, gigabyteMonths(extendedHours)), ...longRetention];
  }
  const extended =
    extendedHours > 0
      ? [
          priced(
            'stream',
            'Kinesis retention beyond 24 h',
            shards * HOURS_PER_MONTH,
            'shard-hours',
            PRICES.kinesisExtendedRetention,
          ),
        ]
      : [];
  return [shardHours(shards), putUnits(demand), ...extended, ...longRetention];
}

function onDemandCost(demand: Demand, extendedGigabyteMonths: number): CostItem[] {
  const gigabytes = (bytesPerSecond: number) => (bytesPerSecond * SECONDS_PER_MONTH) / GIBIBYTE;
  const billedIn =
    demand.recordsPerSecond * roundUpTo(BILLING_UNITS.kinesisOnDemand.value, demand.recordBytes);
  return [
    priced('stream', 'Kinesis on-demand in', gigabytes(billedIn), 'GB', PRICES.kinesisOnDemandIn),
    priced(
      'stream',
      'Kinesis on-demand out',
      gigabytes(demand.bytesPerSecond),
      'GB',
      PRICES.kinesisOnDemandOut,
    ),
    priced(
      'stream',
      'Kinesis on-demand stream',
      HOURS_PER_MONTH,
      'stream-hours',
      PRICES.kinesisOnDemandStreamHour,
    ),
    priced(
      'stream',
      'Kinesis retention beyond 24 h',
      extendedGigabyteMonths,
      'GB-months',
      PRICES.kinesisOnDemandExtendedRetention,
    ),
  ].filter((item) => item.quantity > 0);
}
