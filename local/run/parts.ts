/** Finds the parts of a pipeline that play a role in the counts. */
import type { SqsServer } from '../sqs/server';
import type {
  DeliveryStreamDefinition,
  PipelineDefinition,
  ScheduleDefinition,
} from '../template/definitions';

/** The parts of which the local run expects one each. */
export interface PipelineParts {
  readonly streamName: string;
  /** Reads the stream. */
  readonly delivery: DeliveryStreamDefinition;
  /** Takes what is rejected. */
  readonly rejectedDelivery: DeliveryStreamDefinition;
  /** When the loader runs. */
  readonly schedule: ScheduleDefinition;
}

/**
 * The sole parts of a pipeline.
 * @throws Error when there is none, or more than one, of them
 */
export function soleParts(pipeline: PipelineDefinition): PipelineParts {
  const reading = pipeline.deliveryStreams.filter(({ sourceStreamArn }) => sourceStreamArn !== undefined);
  const direct = pipeline.deliveryStreams.filter(({ sourceStreamArn }) => sourceStreamArn === undefined);
  const delivery = sole(reading, 'delivery stream that reads a stream');
  const streams = pipeline.streams.filter(({ arn }) => arn === delivery.sourceStreamArn);
  return {
    delivery,
    rejectedDelivery: sole(direct, 'delivery stream for Direct PUT'),
    streamName: sole(streams, `stream ${delivery.sourceStreamArn}`).name,
    schedule: sole(pipeline.schedules, 'schedule, the loader’s'),
  };
}

function sole<T>(found: readonly T[], what: string): T {
  const [one] = found;
  if (one !== undefined && found.length === 1) return one;
  throw new Error(`The templates define ${found.length} of: ${what}; the local run expects one`);
}

/** The notifications of new objects on their way to the loader. */
export interface LoadQueue {
  /** Messages that could be received now. */
  visible(): number;
  counts(): { readonly notificationsWaiting: number; readonly notificationsDead: number };
}

/** The queue, or queues, that buckets tell of new objects, with their dead letters. */
export function loadQueue(pipeline: PipelineDefinition, sqs: SqsServer): LoadQueue {
  const arns = new Set(
    pipeline.buckets.flatMap(({ notifications }) => notifications.map(({ queueArn }) => queueArn)),
  );
  const definitions = pipeline.queues.filter(({ arn }) => arns.has(arn));
  const queues = definitions.map(({ name }) => sqs.queues.get(name));
  const dead = definitions.flatMap(({ redrive }) =>
    redrive === undefined ? [] : sqs.queues.byArn(redrive.deadLetterQueueArn),
  );
  const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
  return {
    visible: () => sum(queues.map((queue) => queue.counts().visible)),
    counts: () => ({
      notificationsWaiting: sum(queues.map((queue) => queue.counts().visible + queue.counts().notVisible)),
      notificationsDead: sum(dead.map((queue) => queue.counts().visible)),
    }),
  };
}
