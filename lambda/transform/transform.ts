/** The transform with its clients passed in. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { FirehoseClient } from '@aws-sdk/client-firehose';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { LAMBDA_PAYLOAD_BYTES } from '../../lib/contract/limits';
import { rejectedMetric, TRANSFORM_METRICS } from '../../lib/contract/names';
import type { RejectionReason } from '../../lib/event/rejections';
import { type BatchOutcome, transformBatch } from './batch';
import { type CountsLine, countsLine } from './countsLine';
import { deliverLines } from './lineSender';
import { putBackEvents } from './putBack';
import { rejectedLines } from './rejectedLines';
import type { RejectedFate } from './row';

/** Room left in the answer below Lambda's limit, for what the runtime may add around it. */
const ANSWER_SLACK_BYTES = 64 * 1024;

/** How long counts may hold up events: a moment of throttling, not more. */
const MAX_COUNTS_MILLIS = 3_000;

/** What the transform works with. */
export interface TransformDependencies {
  readonly kinesis: KinesisClient;
  readonly firehose: FirehoseClient;
  readonly metrics: Metrics;
  /** Stream the events came from. */
  readonly streamName: string;
  readonly rejectedDeliveryStreamName: string;
  readonly countsDeliveryStreamName: string;
  readonly log: Pick<Logger, 'warn'>;
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
    const countsLost = await deliverCounts(dependencies, countsLine(records, outcome, rejected));
    metrics.addMetric(TRANSFORM_METRICS.countsLost, MetricUnit.Count, countsLost);
    publish(metrics, outcome, rejected, outcome.putBack.length - unreturnable.length);
    return { records: outcome.answers };
  };
}

/**
 * Leaves the counts for the audit. Events do not wait for them: an audit that lacks some says so.
 * @returns invocations whose counts are lost, 0 or 1
 */
async function deliverCounts(
  { firehose, countsDeliveryStreamName, log }: TransformDependencies,
  line: CountsLine,
): Promise<number> {
  try {
    await deliverLines(firehose, countsDeliveryStreamName, [JSON.stringify(line)], {
      maxMillis: MAX_COUNTS_MILLIS,
    });
    return 0;
  } catch (error) {
    const { counts_id, records } = line;
    log.warn('The counts of an invocation are lost', { counts_id, records, error: `${error}` });
    return 1;
  }
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
