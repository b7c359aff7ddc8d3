/** The transform with its clients passed in. */
import type { Metrics } from '@aws-lambda-powertools/metrics';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { FirehoseClient } from '@aws-sdk/client-firehose';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { LAMBDA_PAYLOAD_BYTES } from '../../lib/contract/limits';
import { rejectedMetric, TRANSFORM_METRICS } from '../../lib/contract/names';
import type { RejectionReason } from '../../lib/event/rejections';
import { type BatchOutcome, transformBatch } from './batch';
import { putBackEvents } from './putBack';
import { rejectedLines } from './rejectedLines';
import { deliverLines } from './rejectedSender';
import type { RejectedFate } from './row';

/** Room left in the answer below Lambda's limit, for what the runtime may add around it. */
const ANSWER_SLACK_BYTES = 64 * 1024;

/** What the transform works with. */
export interface TransformDependencies {
  readonly kinesis: KinesisClient;
  readonly firehose: FirehoseClient;
  readonly metrics: Metrics;
  /** Stream the events came from. */
  readonly streamName: string;
  readonly rejectedDeliveryStreamName: string;
  /** Most bytes one record may expand to. */
  readonly maxExpandedBytes: number;
  /** Most bytes of an answer. @default Lambda's limit with some slack */
  readonly maxAnswerBytes?: number;
}

/**
 * Makes the function that Firehose invokes. Firehose repeats an invocation that throws, so rejected events may be
 * delivered and events put back more than once; their ids tell.
 */
export function createTransform(dependencies: TransformDependencies) {
  const { kinesis, firehose, metrics, streamName, rejectedDeliveryStreamName, maxExpandedBytes } =
    dependencies;
  const maxAnswerBytes = dependencies.maxAnswerBytes ?? LAMBDA_PAYLOAD_BYTES - ANSWER_SLACK_BYTES;

  return async ({ records }: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> => {
    const outcome = transformBatch(records, { maxExpandedBytes, maxAnswerBytes });
    const unreturnable = await putBackEvents(kinesis, streamName, outcome.putBack, maxExpandedBytes);
    const rejected = [...outcome.rejected, ...unreturnable];
    const lines = rejected.flatMap(rejectedLines).map((line) => JSON.stringify(line));
    await deliverLines(firehose, rejectedDeliveryStreamName, lines);
    publish(metrics, outcome, rejected, outcome.putBack.length - unreturnable.length);
    return { records: outcome.answers };
  };
}

function publish(metrics: Metrics, outcome: BatchOutcome, rejected: RejectedFate[], putBack: number): void {
  const count = (name: string, value: number) => metrics.addMetric(name, MetricUnit.Count, value);
  const { counts } = outcome;
  count(TRANSFORM_METRICS.recordsIn, counts.recordsIn);
  count(TRANSFORM_METRICS.eventsIn, counts.eventsIn);
  count(TRANSFORM_METRICS.rows, counts.rows);
  count(TRANSFORM_METRICS.eventsRejected, rejected.length);
  count(TRANSFORM_METRICS.eventsPutBack, putBack);
  count(TRANSFORM_METRICS.bots, counts.bots);
  count(TRANSFORM_METRICS.clockSuspect, counts.clockSuspect);
  count(TRANSFORM_METRICS.truncatedValues, counts.truncatedValues);
  metrics.addMetric(TRANSFORM_METRICS.answerBytes, MetricUnit.Bytes, outcome.answerBytes);
  const byReason = new Map<RejectionReason, number>();
  for (const { rejection } of rejected)
    byReason.set(rejection.reason, (byReason.get(rejection.reason) ?? 0) + 1);
  for (const [reason, events] of byReason) count(rejectedMetric(reason), events);
  metrics.publishStoredMetrics();
}
