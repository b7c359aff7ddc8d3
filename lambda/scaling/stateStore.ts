/** Keeps the scaling state in an SSM parameter, whose own history shows the last hundred versions. */
import { GetParameterCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import type { ScalingState } from '../../lib/scaling/types';

/** Written for people too: times are ISO 8601. */
const stateSchema = z.strictObject({
  shards: z.number().int().positive().optional(),
  changes: z.array(
    z.strictObject({
      at: z.iso.datetime(),
      from: z.number().int().positive(),
      to: z.number().int().positive(),
      reason: z.enum(['emergency', 'traffic', 'day-peak', 'floor', 'quiet-day', 'outside']),
      settledAt: z.iso.datetime().optional(),
    }),
  ),
});

/** The parameter's text for a state. */
export function serializeState({ shards, changes }: ScalingState): string {
  const text: z.infer<typeof stateSchema> = {
    shards,
    changes: changes.map(({ atMillis, fromShards, toShards, reason, settledAtMillis }) => ({
      at: new Date(atMillis).toISOString(),
      from: fromShards,
      to: toShards,
      reason,
      settledAt: settledAtMillis === undefined ? undefined : new Date(settledAtMillis).toISOString(),
    })),
  };
  return JSON.stringify(text);
}

/**
 * The state of a parameter's text.
 * @throws Error when it is not what `serializeState` writes
 */
export function parseState(text: string): ScalingState {
  const parsed = stateSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new Error(
      `The scaling state is ${JSON.stringify(text)}, it must be such as {"shards":4,"changes":[]}: ` +
        z.prettifyError(parsed.error),
    );
  }
  const { shards, changes } = parsed.data;
  return {
    shards,
    changes: changes.map(({ at, from, to, reason, settledAt }) => ({
      atMillis: Date.parse(at),
      fromShards: from,
      toShards: to,
      reason,
      settledAtMillis: settledAt === undefined ? undefined : Date.parse(settledAt),
    })),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is told like any other wrong content.
    return undefined;
  }
}

/** The state in its parameter. */
export class StateStore {
  constructor(
    private readonly client: SSMClient,
    private readonly parameterName: string,
  ) {}

  async load(): Promise<ScalingState> {
    const { Parameter } = await this.client.send(new GetParameterCommand({ Name: this.parameterName }));
    return parseState(Parameter?.Value ?? '');
  }

  async save(state: ScalingState): Promise<void> {
    await this.client.send(
      new PutParameterCommand({ Name: this.parameterName, Value: serializeState(state), Overwrite: true }),
    );
  }
}
