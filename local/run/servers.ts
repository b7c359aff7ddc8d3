/** The loopback servers of a local run, filled with what the templates define. */
import path from 'node:path';
import type { DeliveryStream } from '../firehose/deliveryStream';
import { startFirehoseServer } from '../firehose/server';
import { DataCatalog } from '../glue/catalog';
import { externalCatalog } from '../glue/external';
import { startGlueServer } from '../glue/server';
import type { FaultHook } from '../http/faults';
import type { LoopbackServer } from '../http/loopbackServer';
import { type KinesisServer, startKinesisServer } from '../kinesis/server';
import { startRedshiftDataServer } from '../redshift';
import type { NotificationRule } from '../s3/notifications';
import { type S3Server, startS3Server } from '../s3/server';
import { type SqsServer, startSqsServer } from '../sqs/server';
import type { BucketDefinition, PipelineDefinition } from '../template/definitions';
import type { Closers } from './closers';
import type { FaultPoints } from './faultPoints';
import type { ServiceUrls } from './functions';

/** Shards a laptop simulates at most; a stream that has more gets this many. */
export const MAX_LOCAL_SHARDS = 16;

/** All servers. */
export interface LocalServers {
  readonly kinesis: KinesisServer;
  readonly s3: S3Server;
  readonly sqs: SqsServer;
  readonly redshiftData: LoopbackServer;
  readonly firehose: LoopbackServer;
  readonly glue: LoopbackServer;
  readonly urls: ServiceUrls;
}

/** How the servers are set up. */
export interface LocalServersOptions {
  /** Where state is kept. */
  readonly directory: string;
  /** Limits per second are multiplied by this. */
  readonly speedUp: number;
  /** Gets each server to close, as it is started. */
  readonly closers: Closers;
  /** Delivery streams by name, for Direct PUT. */
  readonly findDeliveryStream: (name: string) => DeliveryStream | undefined;
  /** What is to go wrong. */
  readonly faults: FaultPoints;
  /** Reads the pipeline, once the URL of queues is known. */
  readonly readPipeline: (queueUrl: (name: string) => string) => PipelineDefinition;
}

/** Starts the servers and creates streams, queues and buckets in them. */
export async function startServers(
  options: LocalServersOptions,
): Promise<{ servers: LocalServers; pipeline: PipelineDefinition }> {
  const { directory, speedUp: limitFactor, closers, findDeliveryStream, faults } = options;
  const sqs = closers.closing(
    await startSqsServer({ directory: path.join(directory, 'sqs'), ...hook(faults.sqs) }),
  );
  const pipeline = options.readPipeline(sqs.queueUrl);
  const s3 = closers.closing(
    await startS3Server({
      directory: path.join(directory, 's3'),
      notificationTarget: faults.notifications?.(sqs) ?? sqs,
      ...hook(faults.s3),
    }),
  );
  const { refuseRecord } = faults;
  const kinesis = closers.closing(
    await startKinesisServer({
      limitFactor,
      ...hook(faults.kinesis),
      ...(refuseRecord === undefined ? {} : { refuseRecord }),
    }),
  );
  const firehose = closers.closing(
    await startFirehoseServer({ find: findDeliveryStream, limitFactor, ...hook(faults.firehose) }),
  );
  const catalog: DataCatalog = closers.closing(
    new DataCatalog(path.join(directory, 'glue'), pipeline.tables, () =>
      redshiftData.warehouse.refreshExternalTables(),
    ),
  );
  const glue = closers.closing(await startGlueServer({ catalog }));
  const redshiftData = closers.closing(await openWarehouse(directory, pipeline, s3, catalog, faults));
  for (const queue of pipeline.queues) sqs.queues.create(queue);
  for (const bucket of pipeline.buckets) s3.buckets.create(bucket.name, rules(bucket), bucket.isVersioned);
  for (const { name, shardCount, retentionHours } of pipeline.streams) {
    kinesis.streams.create({ name, shardCount: Math.min(shardCount, MAX_LOCAL_SHARDS), retentionHours });
  }
  const urls = {
    kinesis: kinesis.url,
    firehose: firehose.url,
    s3: s3.url,
    sqs: sqs.url,
    redshiftData: redshiftData.url,
    glue: glue.url,
  };
  return { servers: { kinesis, s3, sqs, redshiftData, firehose, glue, urls }, pipeline };
}

async function openWarehouse(
  directory: string,
  { cluster }: PipelineDefinition,
  s3: S3Server,
  catalog: DataCatalog,
  { redshiftData, statements }: FaultPoints,
) {
  const databaseFile = path.join(directory, 'warehouse.duckdb');
  try {
    return await startRedshiftDataServer({
      databaseFile,
      clusterIdentifier: cluster.identifier,
      databaseName: cluster.databaseName,
      resolveS3: (bucket, key) => s3.buckets.pathOf(bucket, key),
      externalCatalog: externalCatalog(catalog, path.join(directory, 's3')),
      ...hook(redshiftData),
      ...(statements === undefined ? {} : { statementFaults: statements }),
    });
  } catch (cause) {
    if (!String(cause).includes('Could not set lock')) throw cause;
    const problem = `${databaseFile} is in use: another local run is starting, or a query reads it. Try again.`;
    throw new Error(problem, { cause });
  }
}

function hook(faults: FaultHook | undefined): { readonly faults?: FaultHook } {
  return faults === undefined ? {} : { faults };
}

function rules({ notifications }: BucketDefinition): NotificationRule[] {
  return notifications.map(({ queueArn, prefix, suffix, events }) => ({
    queueArn,
    prefix,
    suffix,
    events,
  }));
}
