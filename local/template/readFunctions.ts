/** Reads functions, schedules and custom resources from templates. */

import { z } from 'zod';
import { DAY_MILLIS, HOUR_MILLIS, MINUTE_MILLIS } from '../../lib/contract/units';
import type { Resource } from './assembly';
import type { CustomResourceDefinition, FunctionDefinition, ScheduleDefinition } from './definitions';
import { locate, type Resolver } from './intrinsics';
import { ignored, readProperties, tags } from './properties';
import { TemplateError } from './templateError';

/**
 * Finds a function of the assembly by its ARN.
 * @throws Error when no template defines it
 */
export function functionByArn(resolver: Resolver, arn: string): Resource {
  const found = resolver.resources.find(
    (one) => one.type === 'AWS::Lambda::Function' && resolver.identity(one).arn === arn,
  );
  if (found === undefined) throw new Error(`The function ${arn} is used, but no template defines it`);
  return found;
}

export function readFunction(resolver: Resolver, resource: Resource): FunctionDefinition {
  const properties = readProperties(resolver, resource, {
    FunctionName: z.string().optional(),
    Code: z.strictObject({
      S3Bucket: z.string(),
      S3Key: z.string(),
      SourceKMSKeyArn: ignored('data on this machine is not encrypted'),
    }),
    Handler: z.string(),
    Runtime: z.string().startsWith('nodejs', 'only Node.js functions run on this machine'),
    PackageType: z.literal('Zip').optional(),
    Environment: z.strictObject({ Variables: z.record(z.string(), z.coerce.string()).optional() }).optional(),
    Timeout: z.number().optional(),
    MemorySize: z.number().optional(),
    ReservedConcurrentExecutions: z.number().optional(),
    Architectures: ignored('bundles are JavaScript; the local run uses this machine’s processor'),
    DeadLetterConfig: ignored('the local run invokes functions synchronously'),
    Description: ignored('for people'),
    EphemeralStorage: ignored('functions share this machine’s disk'),
    KmsKeyArn: ignored('data on this machine is not encrypted'),
    LoggingConfig: ignored('what functions log is printed with --verbose'),
    RecursiveLoop: ignored('watches the deployed function'),
    Role: ignored('no permissions are checked on this machine'),
    RuntimeManagementConfig: ignored('the local run uses this machine’s Node.js'),
    TracingConfig: ignored('watches the deployed function'),
    VpcConfig: ignored('everything runs on loopback'),
    Tags: tags,
  });
  const bundleDirectory = resource.stack.bundles.get(properties.Code.S3Key);
  if (bundleDirectory === undefined) {
    throw new TemplateError(
      locate(resource, 'Code.S3Key'),
      `the assembly has no asset ${properties.Code.S3Key}`,
    );
  }
  const { name, arn } = resolver.identity(resource);
  return {
    arn,
    name,
    bundleDirectory,
    handler: properties.Handler,
    environment: properties.Environment?.Variables ?? {},
    // Defaults of Lambda: 3 seconds, 128 MB.
    timeoutMillis: (properties.Timeout ?? 3) * 1_000,
    memoryMebibytes: properties.MemorySize ?? 128,
    runtime: properties.Runtime,
    reservedConcurrency: properties.ReservedConcurrentExecutions,
  };
}

export function readSchedule(resolver: Resolver, resource: Resource): ScheduleDefinition | undefined {
  const properties = readProperties(resolver, resource, {
    Name: z.string().optional(),
    ScheduleExpression: z.string(),
    ScheduleExpressionTimezone: z.string().optional(),
    State: z.enum(['ENABLED', 'DISABLED']).optional(),
    FlexibleTimeWindow: z.strictObject({
      Mode: z.enum(['OFF', 'FLEXIBLE']),
      MaximumWindowInMinutes: z.number().optional(),
    }),
    Target: z.strictObject({
      Arn: z.string(),
      Input: z.string().optional(),
      RetryPolicy: ignored('the local run reports a failed load at once; the next round tries again'),
      DeadLetterConfig: ignored('the local run reports a failed load at once'),
      RoleArn: ignored('no permissions are checked on this machine'),
    }),
    Description: ignored('for people'),
    GroupName: ignored('groups only name schedules'),
    KmsKeyArn: ignored('data on this machine is not encrypted'),
  });
  if (properties.State === 'DISABLED') return undefined;
  const input = properties.Target.Input;
  return {
    name: resolver.identity(resource).name,
    functionArn: properties.Target.Arn.replace(/:\$LATEST$/, ''),
    everyMillis: rateMillis(properties.ScheduleExpression, resource),
    input: input === undefined ? {} : JSON.parse(input),
  };
}

const UNIT_MILLIS: Readonly<Record<string, number>> = {
  minute: MINUTE_MILLIS,
  hour: HOUR_MILLIS,
  day: DAY_MILLIS,
};

function rateMillis(expression: string, resource: Resource): number {
  const match = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  const unit = UNIT_MILLIS[match?.[2] ?? ''];
  if (match === null || unit === undefined) {
    throw new TemplateError(
      locate(resource, 'ScheduleExpression'),
      `is ${JSON.stringify(expression)}, only rate(N minutes|hours|days) is understood`,
    );
  }
  return Number(match[1]) * unit;
}

/** Reads a custom resource whose service token is a function of the CDK's provider framework. */
export function readCustomResource(resolver: Resolver, resource: Resource): CustomResourceDefinition {
  const at = locate(resource);
  const evaluated = resolver.resolve(resource.properties, at, resource.stack);
  const { ServiceToken, ServiceTimeout, ...properties } = z.record(z.string(), z.unknown()).parse(evaluated);
  const framework = functionByArn(resolver, String(ServiceToken));
  const environment = z
    .object({ Variables: z.record(z.string(), z.unknown()) })
    .safeParse(
      resolver.resolve(framework.properties.Environment, locate(framework, 'Environment'), framework.stack),
    );
  const variables = environment.success ? environment.data.Variables : {};
  const onEventArn = variables.USER_ON_EVENT_FUNCTION_ARN;
  if (typeof onEventArn !== 'string') {
    throw new TemplateError(
      at,
      'is a custom resource not made with the CDK’s provider framework; the local run cannot tell what it does',
    );
  }
  const isCompleteArn = variables.USER_IS_COMPLETE_FUNCTION_ARN;
  return {
    logicalId: resource.logicalId,
    type: resource.type,
    onEventArn,
    isCompleteArn: typeof isCompleteArn === 'string' ? isCompleteArn : undefined,
    properties: Object(asText({ ServiceToken, ServiceTimeout, ...properties })),
  };
}

/** CloudFormation hands every scalar of a custom resource to its handler as text. */
function asText(value: unknown): unknown {
  if (value === undefined || value === null || typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(asText);
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asText(item)]));
  }
  return String(value);
}
