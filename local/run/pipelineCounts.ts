/** Takes the counts of a pipeline from its parts. */
import { rejectedMetric, TRANSFORM_METRICS } from '../../lib/contract/names';
import type { DeliveryCounts, DeliveryStream } from '../firehose/deliveryStream';
import type { PipelineCounts, TransformCounts } from './counts';
import type { LocalFunctions } from './functions';
import type { LoadCounts } from './loading';
import type { LoadQueue, PipelineParts } from './parts';

/** What counts. */
export interface CountedParts {
  readonly parts: PipelineParts;
  readonly functions: LocalFunctions;
  /** Delivery streams by name. */
  readonly streams: ReadonlyMap<string, DeliveryStream>;
  readonly queue: LoadQueue;
  readonly rejectedEvents: { readonly taken: number };
  /** Sums of all loads, and of those of what an earlier run had left. */
  readonly loads: LoadCounts;
  readonly recovered: LoadCounts;
}

/** Counts since the pipeline came up, without what was recovered. */
export function pipelineCounts(counted: CountedParts): PipelineCounts {
  const { parts, functions, streams, queue, rejectedEvents, loads, recovered } = counted;
  return {
    transform: transformCounts(functions),
    delivery: deliveryCounts(streams, parts.delivery.name),
    rejectedDelivery: deliveryCounts(streams, parts.rejectedDelivery.name),
    rejectedTaken: rejectedEvents.taken,
    loads: difference(loads, recovered),
    ...queue.counts(),
  };
}

function deliveryCounts(streams: ReadonlyMap<string, DeliveryStream>, name: string): DeliveryCounts {
  const stream = streams.get(name);
  if (stream === undefined) throw new Error(`There is no delivery stream ${name}`);
  return stream.counts;
}

function transformCounts(functions: LocalFunctions): TransformCounts {
  return {
    recordsIn: functions.metric(TRANSFORM_METRICS.recordsIn),
    eventsIn: functions.metric(TRANSFORM_METRICS.eventsIn),
    rows: functions.metric(TRANSFORM_METRICS.rows),
    rejected: functions.metric(TRANSFORM_METRICS.eventsRejected),
    rejectedByReason: functions.metricsBelow(rejectedMetric('')),
    putBack: functions.metric(TRANSFORM_METRICS.eventsPutBack),
    bots: functions.metric(TRANSFORM_METRICS.bots),
  };
}

function difference(now: LoadCounts, before: LoadCounts): LoadCounts {
  const counts = { ...now };
  for (const name of Object.keys(counts) as (keyof LoadCounts)[]) counts[name] -= before[name];
  return counts;
}
