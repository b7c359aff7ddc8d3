/** What Firehose and the transform cost. */
import type { EnvironmentConfig } from '../../config';
import { LINE_RECORD_BYTES } from '../../contract/lineRecords';
import { GIBIBYTE, KIBIBYTE } from '../../contract/units';
import { rejectedBytesPerSecond } from '../delivery';
import type { Demand } from '../demand';
import { ASSUMPTIONS, BILLING_UNITS, FIREHOSE_INGESTION_TIERS, PRICES } from '../facts';
import type { CapacityPlan, CostItem } from '../types';
import { roundUpTo, SECONDS_PER_MONTH } from '../units';
import { priced, pricedByVolume } from './item';

/** GB a month that Firehose bills for records of a size: each counts as a multiple of 5 KB. */
function billedGigabytes(recordsPerSecond: number, recordBytes: number): number {
  const billedBytes = roundUpTo(BILLING_UNITS.firehose.value, recordBytes);
  return (recordsPerSecond * SECONDS_PER_MONTH * billedBytes) / GIBIBYTE;
}

/** Ingestion of records into Firehose, by volume tiers. */
export function ingestion(
  name: string,
  { recordsPerSecond, recordBytes }: Pick<Demand, 'recordsPerSecond' | 'recordBytes'>,
): CostItem {
  const gigabytes = billedGigabytes(recordsPerSecond, recordBytes);
  return pricedByVolume('lake', name, gigabytes, 'GB', FIREHOSE_INGESTION_TIERS);
}

/**
 * Conversion to Parquet of what was ingested. Whether that is the record as put or as the transform expanded it is
 * not documented: the line says the expanded size, `usdPerMonthAtBest` the size as put.
 */
export function conversion({
  recordsPerSecond,
  recordBytes,
  expandedRecordBytes,
}: Pick<Demand, 'recordsPerSecond' | 'recordBytes' | 'expandedRecordBytes'>): CostItem {
  const expanded = billedGigabytes(recordsPerSecond, expandedRecordBytes);
  const asPut = billedGigabytes(recordsPerSecond, recordBytes);
  const item = priced('lake', 'Firehose Parquet conversion', expanded, 'GB', PRICES.firehoseConversion);
  return asPut < expanded ? { ...item, usdPerMonthAtBest: asPut * PRICES.firehoseConversion.value } : item;
}

/** Running a function: `concurrency` is the seconds billed per second. */
export function lambdaCost(
  stage: CostItem['stage'],
  name: string,
  {
    memoryMebibytes,
    concurrency,
    invocationsPerSecond,
  }: { memoryMebibytes: number; concurrency: number; invocationsPerSecond: number },
): CostItem[] {
  const gigabyteSeconds = concurrency * SECONDS_PER_MONTH * (memoryMebibytes / KIBIBYTE);
  return [
    priced(stage, `${name} compute`, gigabyteSeconds, 'GB-seconds', PRICES.lambdaGigabyteSecond),
    priced(
      stage,
      `${name} invocations`,
      invocationsPerSecond * SECONDS_PER_MONTH,
      'invocations',
      PRICES.lambdaRequests,
      1e6,
    ),
  ];
}

/** Bytes of the line an invocation of the transform leaves in counts/, with the sites one batch can have. */
export function countsLineBytes(
  sites: number,
  demand: Pick<Demand, 'eventsPerSecond'>,
  { invocationsPerSecond }: Pick<CapacityPlan['transform'], 'invocationsPerSecond'>,
): number {
  const sitesOfBatch = Math.min(sites, demand.eventsPerSecond / invocationsPerSecond);
  return ASSUMPTIONS.countsLineBytes.value + sitesOfBatch * ASSUMPTIONS.countsSiteBytes.value;
}

/** The records of rejected events: an invocation sends its lines together. */
function rejectedRecords(
  config: Pick<EnvironmentConfig, 'alarms'>,
  demand: Demand,
  { invocationsPerSecond }: CapacityPlan['transform'],
): Pick<Demand, 'recordsPerSecond' | 'recordBytes'> {
  const eventsPerSecond = demand.eventsPerSecond * (config.alarms.rejectedPercent / 100);
  const bytesPerSecond = rejectedBytesPerSecond(config, demand);
  const recordsPerSecond = Math.min(
    eventsPerSecond,
    Math.max(invocationsPerSecond, bytesPerSecond / LINE_RECORD_BYTES),
  );
  return { recordsPerSecond, recordBytes: bytesPerSecond / recordsPerSecond };
}

/** Every line of Firehose and the transform, rejected events taken at the alarm's threshold. */
export function deliveryCost(
  { traffic, alarms }: Pick<EnvironmentConfig, 'traffic' | 'alarms'>,
  demand: Demand,
  transform: CapacityPlan['transform'],
): CostItem[] {
  return [
    ingestion('Firehose ingestion', demand),
    conversion(demand),
    ...lambdaCost('lake', 'Transform Lambda', transform),
    ingestion('Firehose ingestion of rejected events', rejectedRecords({ alarms }, demand, transform)),
    ingestion('Firehose ingestion of counts', {
      recordsPerSecond: transform.invocationsPerSecond,
      recordBytes: countsLineBytes(traffic.sites, demand, transform),
    }),
  ];
}
