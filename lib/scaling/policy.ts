/** What an environment allows its stream's scaling: part of the configuration, and given to the function as JSON. */
import { z } from 'zod';
import { between } from '../config/numbers';
import { KINESIS_SHARD_COUNT_CHANGES_PER_DAY, KINESIS_SHARD_COUNT_TARGET } from '../contract/limits';

/** `stream.scaling` of an environment. */
export const scalingSettingsSchema = z.strictObject({
  /** Floor: never fewer shards. */
  minShards: between(1, KINESIS_SHARD_COUNT_TARGET),
  /** Ceiling: never more shards, whatever the traffic. It bounds the bill. */
  maxShards: between(1, KINESIS_SHARD_COUNT_TARGET),
  /** Minutes after the end of a change before the next that is no emergency. */
  cooldownMinutes: between(1, 120),
  /** Hours after any change before a step down. */
  stepDownHours: between(1, 168),
  /** Of AWS's ten changes in 24 hours, those that only emergencies may use. */
  reservedChanges: between(0, KINESIS_SHARD_COUNT_CHANGES_PER_DAY - 2),
});

/** Share of a shard's limits that traffic should fill at most. */
export const targetUtilizationSchema = z.number().gt(0, 'must be greater than 0').max(1, 'must be at most 1');

const policySchema = scalingSettingsSchema.extend({ targetUtilization: targetUtilizationSchema });

/** Everything a decision has to keep to. */
export type ScalingPolicy = Readonly<z.infer<typeof policySchema>>;

/**
 * The policy of the function's environment.
 * @throws Error when it is not the JSON of one
 */
export function parsePolicy(json: string): ScalingPolicy {
  const parsed = policySchema.safeParse(JSON.parse(json));
  if (parsed.success) return parsed.data;
  throw new Error(`${json} is no scaling policy: ${z.prettifyError(parsed.error)}`);
}
