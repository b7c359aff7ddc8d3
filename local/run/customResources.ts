/** Calls a custom resource's handlers as CloudFormation and the CDK's provider framework would on a deployment. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { InvokeFunction } from '../firehose/transformInvoker';
import type { CustomResourceDefinition } from '../template/definitions';

const onEventAnswer = z.looseObject({
  PhysicalResourceId: z.string().optional(),
  Data: z.record(z.string(), z.unknown()).optional(),
});
const isCompleteAnswer = z.looseObject({ IsComplete: z.boolean() });

/** Pause between two questions whether the resource is complete. */
const QUERY_INTERVAL_MILLIS = 100;
/** The framework's default for the whole of it. */
const TOTAL_TIMEOUT_MILLIS = 30 * 60_000;

/**
 * Creates the resource and waits until it is complete. It is created on every start: handlers have to be idempotent
 * on AWS too, where CloudFormation may call twice.
 * @throws Error when a handler fails, or the resource is not complete in time
 */
export async function createCustomResource(
  { logicalId, type, properties, onEventArn, isCompleteArn }: CustomResourceDefinition,
  invoke: InvokeFunction,
): Promise<void> {
  const request = {
    RequestType: 'Create',
    RequestId: randomUUID(),
    StackId: 'local',
    LogicalResourceId: logicalId,
    ResourceType: type,
    ResponseURL: '...',
    ServiceToken: onEventArn,
    ResourceProperties: properties,
  };
  const answer = onEventAnswer.parse((await invoke(onEventArn, request)) ?? {});
  if (isCompleteArn === undefined) return;
  const question = { PhysicalResourceId: request.RequestId, ...request, ...answer };
  const deadline = Date.now() + TOTAL_TIMEOUT_MILLIS;
  while (!isCompleteAnswer.parse(await invoke(isCompleteArn, question)).IsComplete) {
    if (Date.now() > deadline) throw new Error(`${logicalId} (${type}) is not complete after 30 minutes`);
    await sleep(QUERY_INTERVAL_MILLIS);
  }
}
