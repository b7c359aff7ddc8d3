/** The transform's buffer and how many copies of it run at once. */

import { MEBIBYTE } from '../contract/units';
import { count, mebibytes } from '../contract/words';
import type { Demand } from './demand';
import type { StageResult } from './error';
import { ASSUMPTIONS, QUOTAS } from './facts';
import type { CapacityPlan } from './types';

/** The hint is given in tenths of a MiB: the finest step AWS's pages show. */
const BUFFER_STEPS_PER_MEBIBYTE = 10;

/**
 * Bytes of Lambda answer that one byte in the stream turns into: it expands, gains the derived columns, and is
 * answered in base64.
 */
function answerBytesPerStreamByte(demand: Pick<Demand, 'compressionRatio' | 'meanEventBytes'>): number {
  const rowGrowth = (demand.meanEventBytes + ASSUMPTIONS.derivedBytesPerEvent.value) / demand.meanEventBytes;
  const base64Growth = 4 / 3;
  return demand.compressionRatio * rowGrowth * base64Growth;
}

/** Plans the transform. Refuses answers that pass Lambda's payload and concurrency beyond the account's. */
export function planTransform(demand: Demand): StageResult<CapacityPlan['transform']> {
  const growth = answerBytesPerStreamByte(demand);
  const bufferMebibytes = bufferHint(growth);
  const bufferBytes = bufferMebibytes * MEBIBYTE;
  const bufferSeconds = ASSUMPTIONS.transformBufferSeconds.value;
  const invocationsPerSecond = Math.max(demand.bytesPerSecond / bufferBytes, 1 / bufferSeconds);
  const invocationsPerSecondAtPeak = Math.max(
    (demand.bytesPerSecond * demand.peakFactor) / bufferBytes,
    1 / bufferSeconds,
  );
  const busySeconds = demand.jsonBytesPerSecond / ASSUMPTIONS.transformBytesPerSecond.value;
  const overhead = ASSUMPTIONS.transformOverheadSeconds.value;
  const plan: CapacityPlan['transform'] = {
    bufferMebibytes,
    bufferSeconds,
    memoryMebibytes: ASSUMPTIONS.transformMemoryMebibytes.value,
    timeoutSeconds: ASSUMPTIONS.transformTimeoutSeconds.value,
    meanAnswerBytes: Math.max(bufferBytes, demand.recordBytes) * growth,
    invocationsPerSecond,
    invocationsPerSecondAtPeak,
    concurrency: busySeconds + invocationsPerSecond * overhead,
    concurrencyAtPeak: busySeconds * demand.peakFactor + invocationsPerSecondAtPeak * overhead,
  };
  return { plan, ...check(plan) };
}

function bufferHint(growth: number): number {
  const wanted =
    (QUOTAS.lambdaPayloadBytes.value * ASSUMPTIONS.transformAnswerShare.value) / growth / MEBIBYTE;
  const roundedDown = Math.floor(wanted * BUFFER_STEPS_PER_MEBIBYTE) / BUFFER_STEPS_PER_MEBIBYTE;
  return Math.min(
    QUOTAS.firehoseTransformBufferMaxMebibytes.value,
    Math.max(QUOTAS.firehoseTransformBufferMinMebibytes.value, roundedDown),
  );
}

function check(plan: CapacityPlan['transform']): Pick<StageResult<never>, 'problems' | 'warnings'> {
  const problems: string[] = [];
  const warnings: string[] = [];
  const payload = QUOTAS.lambdaPayloadBytes.value;
  if (plan.meanAnswerBytes > payload) {
    problems.push(
      `Lambda response payload: a mean answer of ${mebibytes(plan.meanAnswerBytes)} passes ${mebibytes(payload)}, ` +
        'so most batches would go back to the stream; lower packing.packBytes, or compress less: Firehose gathers ' +
        `at least ${QUOTAS.firehoseTransformBufferMinMebibytes.value} MiB as put`,
    );
  } else if (plan.meanAnswerBytes > payload * ASSUMPTIONS.transformAnswerWarningShare.value) {
    warnings.push(
      `A mean answer of the transform takes ${mebibytes(plan.meanAnswerBytes)} of ${mebibytes(payload)}: batches ` +
        'above the mean go back to the stream; lower packing.packBytes, or compress less',
    );
  }
  const quota = QUOTAS.lambdaConcurrency.value;
  if (plan.concurrencyAtPeak > quota) {
    problems.push(
      `Lambda concurrent executions per account: the transform needs ${count(plan.concurrencyAtPeak)} at the peak, ` +
        `the quota is ${count(quota)}; have AWS raise it and then the figure in lib/capacity/facts/quotas.ts`,
    );
  } else if (plan.concurrencyAtPeak > quota * ASSUMPTIONS.concurrencyWarningShare.value) {
    warnings.push(
      `The transform runs ${count(plan.concurrencyAtPeak)} times at once at the peak; the account's ` +
        `${count(quota)} are shared by all its functions: ask for more, or reserve concurrency`,
    );
  }
  return { problems, warnings };
}
