/** Reads the whole pipeline from the templates of an assembly. */
import { z } from 'zod';
import type { Resource, Stack } from './assembly';
import type { PipelineDefinition, ScheduleDefinition } from './definitions';
import { reasonToIgnore, reasonToIgnoreFunction } from './ignoredTypes';
import { locate, Resolver } from './intrinsics';
import { readDeliveryStream } from './readDelivery';
import { functionByArn, readCustomResource, readFunction, readSchedule } from './readFunctions';
import { readBucket, readCluster, readQueue, readStream, readTable } from './readStorage';
import { TemplateError } from './templateError';

const UNDERSTOOD = new Set([
  'AWS::Kinesis::Stream',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
  'AWS::Glue::Table',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Scheduler::Schedule',
  'AWS::Redshift::Cluster',
  // Read with its bucket.
  'Custom::S3BucketNotifications',
]);

/**
 * The pipeline the templates define.
 * @param stacks stacks of one assembly, from `readAssembly`
 * @param queueUrl makes the URL of a local queue from its name
 * @throws TemplateError for a resource or property that matters and is not understood
 */
export function readPipeline(
  stacks: readonly Stack[],
  queueUrl: (name: string) => string,
): PipelineDefinition {
  const resolver = new Resolver(stacks, queueUrl);
  const all = <T>(type: string, read: (resolver: Resolver, resource: Resource) => T): T[] =>
    resolver.resources.filter((one) => one.type === type).map((one) => read(resolver, one));

  const custom = resolver.resources.filter(isCustom);
  for (const one of resolver.resources) {
    if (UNDERSTOOD.has(one.type) || custom.includes(one) || reasonToIgnore(one.type) !== undefined) continue;
    throw new TemplateError(
      locate(one),
      'is a type the local run does not understand, and not among those it knowingly leaves out',
    );
  }

  const clusters = all('AWS::Redshift::Cluster', readCluster);
  const [cluster] = clusters;
  const [stack] = stacks;
  if (cluster === undefined || clusters.length > 1 || stack === undefined) {
    throw new Error(`The templates define ${clusters.length} Redshift clusters, there must be one`);
  }

  const tables = all('AWS::Glue::Table', readTable);
  const deliveryStreams = all('AWS::KinesisFirehose::DeliveryStream', (_resolver, one) =>
    readDeliveryStream(resolver, one, tables),
  );
  const schedules = all('AWS::Scheduler::Schedule', readSchedule).filter(
    (one): one is ScheduleDefinition => one !== undefined && !isIgnored(resolver, one.functionArn),
  );
  const customResources = custom.map((one) => readCustomResource(resolver, one));
  const used = new Set([
    ...deliveryStreams.flatMap(({ transform }) => transform?.functionArn ?? []),
    ...schedules.map(({ functionArn }) => functionArn),
    ...customResources.flatMap(({ onEventArn, isCompleteArn }) => [onEventArn, isCompleteArn ?? onEventArn]),
  ]);
  return {
    region: stack.region,
    account: stack.account,
    streams: all('AWS::Kinesis::Stream', readStream),
    buckets: all('AWS::S3::Bucket', readBucket),
    queues: all('AWS::SQS::Queue', readQueue),
    tables,
    deliveryStreams,
    functions: [...used].map((arn) => readFunction(resolver, functionByArn(resolver, arn))),
    schedules,
    customResources,
    cluster,
  };
}

function isIgnored(resolver: Resolver, functionArn: string): boolean {
  const { Environment } = functionByArn(resolver, functionArn).properties;
  const environment = z.object({ Variables: z.record(z.string(), z.unknown()) }).safeParse(Environment);
  return environment.success && reasonToIgnoreFunction(environment.data.Variables) !== undefined;
}

function isCustom({ type }: Resource): boolean {
  const custom = type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
  return custom && !UNDERSTOOD.has(type) && reasonToIgnore(type) === undefined;
}
