/** What the pipeline of a drill has otherwise than the templates: times that nobody wants to wait for. */

import { AUDIT_ENV } from '../../lib/contract/names';
import { HOUR_MILLIS } from '../../lib/contract/units';
import { soleParts } from '../run/parts';
import type { FunctionDefinition, PipelineDefinition, QueueDefinition } from '../template/definitions';

/**
 * - `patient`: time-outs as in the templates.
 * - `forgetful`: messages come back after seconds, as after 20 minutes on AWS, and two loaders may run at once.
 * - `hasty`: `forgetful`, and the functions have seconds instead of minutes.
 */
export type Surroundings = 'patient' | 'forgetful' | 'hasty';

/** Enough to reshard and to throttle one of several. */
const SHARDS = 4;
/** The drill delivers and loads when it is their turn; hints and schedules would do so at any moment. */
const NEVER_MILLIS = 6 * HOUR_MILLIS;
const TRANSFORM_BUFFER_BYTES = 3 * 1024 * 1024;

/** Seconds until a message that was received comes back. */
export const SHORT_VISIBILITY_SECONDS = 3;
/** Milliseconds a transform has in hasty surroundings. */
export const HASTY_TRANSFORM_MILLIS = 5_000;
/** Milliseconds of a hasty loader: 10 s are kept for closing, so that it follows a load for 4 s. */
const HASTY_LOADER_MILLIS = 14_000;
/** Divided by the speed-up of the run it is how long an object may wait before the audit takes it for lost. */
const AUDIT_GRACE_SECONDS = 60;

/** Loaders at once. */
export const MAX_LOADERS = 2;

/** Changes the definition for the surroundings. */
export function adapted(definition: PipelineDefinition, surroundings: Surroundings): PipelineDefinition {
  const parts = soleParts(definition);
  const loaderArn = parts.schedule.functionArn;
  const transformArn = parts.delivery.transform?.functionArn;
  const isPatient = surroundings === 'patient';
  const changes = (one: FunctionDefinition): Partial<FunctionDefinition> => {
    if (one.arn === parts.auditArn) {
      return { environment: { ...one.environment, [AUDIT_ENV.graceSeconds]: `${AUDIT_GRACE_SECONDS}` } };
    }
    if (one.arn === loaderArn && !isPatient) {
      const time = surroundings === 'hasty' ? { timeoutMillis: HASTY_LOADER_MILLIS } : {};
      return { reservedConcurrency: MAX_LOADERS, ...time };
    }
    if (one.arn === transformArn && surroundings === 'hasty')
      return { timeoutMillis: HASTY_TRANSFORM_MILLIS };
    return {};
  };
  const visibility: Partial<QueueDefinition> = isPatient
    ? {}
    : { visibilityTimeoutSeconds: SHORT_VISIBILITY_SECONDS };
  return {
    ...definition,
    streams: definition.streams.map((stream) => ({ ...stream, shardCount: SHARDS })),
    queues: definition.queues.map((queue) => ({ ...queue, ...visibility })),
    schedules: definition.schedules.map((schedule) => ({ ...schedule, everyMillis: NEVER_MILLIS })),
    functions: definition.functions.map((one) => ({ ...one, ...changes(one) })),
    deliveryStreams: definition.deliveryStreams.map((stream) => ({
      ...stream,
      bufferMillis: NEVER_MILLIS,
      transform: stream.transform && {
        ...stream.transform,
        bufferBytes: TRANSFORM_BUFFER_BYTES,
        bufferMillis: NEVER_MILLIS,
      },
    })),
  };
}
