/** Finds the parts of a pipeline that play a role in the counts. */
import { AUDIT_ENV, LOADER_ENV, MODELER_ENV, TRANSFORM_ENV, WAREHOUSE } from '../../lib/contract/names';
import type { SqsServer } from '../sqs/server';
import type {
  DeliveryStreamDefinition,
  FunctionDefinition,
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
  /** Glue database of the table the delivery converts to. */
  readonly lakeDatabaseName: string;
  /** Runs of everything else. */
  readonly otherSchedules: readonly ScheduleDefinition[];
  readonly auditArn: string;
  /** When the models follow the loads. */
  readonly modelSchedule: ScheduleDefinition;
  /** Queue the loader drains. */
  readonly objectQueueUrl: string;
  /** Role the loader has COPY read the lake with. */
  readonly copyRoleArn: string;
}

/**
 * The sole parts of a pipeline.
 * @throws Error when there is none, or more than one, of them
 */
export function soleParts(pipeline: PipelineDefinition): PipelineParts {
  const reading = pipeline.deliveryStreams.filter(({ sourceStreamArn }) => sourceStreamArn !== undefined);
  const delivery = sole(reading, 'delivery stream that reads a stream');
  const streams = pipeline.streams.filter(({ arn }) => arn === delivery.sourceStreamArn);
  const transform = functionWith(pipeline, TRANSFORM_ENV.rejectedDeliveryStreamName, 'transform function');
  const rejectedName = transform.environment[TRANSFORM_ENV.rejectedDeliveryStreamName];
  const loader = functionWith(pipeline, LOADER_ENV.maxObjectsPerBatch, 'loader function');
  return {
    delivery,
    rejectedDelivery: sole(
      pipeline.deliveryStreams.filter(({ name }) => name === rejectedName),
      `delivery stream ${rejectedName}`,
    ),
    streamName: sole(streams, `stream ${delivery.sourceStreamArn}`).name,
    schedule: sole(
      pipeline.schedules.filter(({ functionArn }) => functionArn === loader.arn),
      'schedule of the loader',
    ),
    lakeDatabaseName: delivery.conversion?.table.databaseName ?? '',
    otherSchedules: pipeline.schedules.filter(({ functionArn }) => functionArn !== loader.arn),
    auditArn: functionWith(pipeline, AUDIT_ENV.settleSeconds, 'audit function').arn,
    modelSchedule: modelSchedule(pipeline),
    objectQueueUrl: loader.environment[LOADER_ENV.queueUrl] ?? '',
    copyRoleArn: loader.environment[LOADER_ENV.copyRoleArn] ?? '',
  };
}

function modelSchedule({ functions, schedules }: PipelineDefinition): ScheduleDefinition {
  const modelers = functions.filter(
    ({ environment }) => environment[MODELER_ENV.databaseUser] === WAREHOUSE.modelerUser,
  );
  const { arn } = sole(modelers, 'models function');
  return sole(
    schedules.filter(({ functionArn }) => functionArn === arn),
    'schedule of the models',
  );
}

/** The sole function that is given a variable only it knows. */
function functionWith({ functions }: PipelineDefinition, variable: string, what: string): FunctionDefinition {
  return sole(
    functions.filter(({ environment }) => Object.hasOwn(environment, variable)),
    what,
  );
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
