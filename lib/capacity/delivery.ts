/** The objects Firehose writes into the lake: how many, how large. */
import type { EnvironmentConfig } from '../config';
import { MEBIBYTE } from '../contract/units';
import { megabytes } from '../contract/words';
import type { Demand } from './demand';
import type { StageResult } from './error';
import { ASSUMPTIONS, regionalQuotas } from './facts';
import type { CapacityPlan } from './types';
import { SECONDS_PER_DAY } from './units';

/** Bytes a second that the second delivery stream takes when as much is rejected as the alarm lets pass. */
export function rejectedBytesPerSecond(config: Pick<EnvironmentConfig, 'alarms'>, demand: Demand): number {
  const rejectedEventsPerSecond = demand.eventsPerSecond * (config.alarms.rejectedPercent / 100);
  return rejectedEventsPerSecond * (demand.meanEventBytes + ASSUMPTIONS.rejectedEnvelopeBytes.value);
}

/** Plans the deliveries. Firehose counts its buffer in bytes of JSON as the transform answered them. */
export function planDelivery(
  config: Pick<EnvironmentConfig, 'delivery' | 'alarms' | 'region'>,
  demand: Demand,
): StageResult<CapacityPlan['delivery']> {
  const { bufferMebibytes, bufferSeconds } = config.delivery;
  const rowBytesPerDay =
    demand.eventsPerSecond *
    SECONDS_PER_DAY *
    (demand.meanEventBytes + ASSUMPTIONS.derivedBytesPerEvent.value);
  const objectsPerDay = Math.max(
    rowBytesPerDay / (bufferMebibytes * MEBIBYTE),
    SECONDS_PER_DAY / bufferSeconds,
  );
  const parquetBytesPerDay = (demand.jsonBytesPerSecond * SECONDS_PER_DAY) / ASSUMPTIONS.parquetRatio.value;
  const plan = {
    bufferMebibytes,
    bufferSeconds,
    objectsPerDay,
    meanObjectBytes: parquetBytesPerDay / objectsPerDay,
    parquetBytesPerDay,
  };
  const rejected = rejectedBytesPerSecond(config, demand) * demand.peakFactor;
  const quota = regionalQuotas(config.region).directPutBytesPerSecond;
  const warnings =
    rejected > quota
      ? [
          `Firehose Direct PUT throughput in ${config.region}: with alarms.rejectedPercent ` +
            `(${config.alarms.rejectedPercent} %) of the events rejected at the peak, rejected/ takes ` +
            `${megabytes(rejected)}/s and the quota is ${megabytes(quota)}/s: ask AWS for more, else the ` +
            'transform waits, the stream buffers, and in the end whole batches go to errors/',
        ]
      : [];
  return { plan, problems: [], warnings };
}
