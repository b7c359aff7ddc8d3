/** The whole pipeline on this machine, as the templates define it. */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { WAREHOUSE } from '../../lib/contract/names';
import { counted, messageOf } from '../../lib/contract/words';
import type { SendSummary } from '../../scripts/send/sendFiles';
import { endpointsFile, type LocalEndpoints, readEndpoints } from '../endpoints';
import type { DeliveryStream } from '../firehose/deliveryStream';
import { ParquetWriter } from '../firehose/parquetWriter';
import { readAssembly } from '../template/assembly';
import type { PipelineDefinition } from '../template/definitions';
import { readPipeline } from '../template/readPipeline';
import { type AuditCounts, Auditing } from './auditing';
import { Closers } from './closers';
import type { PipelineCounts } from './counts';
import { createCustomResource } from './customResources';
import { LocalDelivery } from './delivery';
import type { FaultPoints } from './faultPoints';
import { LocalFunctions } from './functions';
import { type LoadCounts, Loading } from './loading';
import { ObjectWriter } from './objectWriter';
import { observed, type PipelineObserver } from './observer';
import { loadQueue, soleParts } from './parts';
import { pipelineCounts } from './pipelineCounts';
import { RejectedEvents } from './rejectedEvents';
import { Schedule } from './schedule';
import { type SendOptions, sendToLocalStream } from './sending';
import { MAX_LOCAL_SHARDS, startServers } from './servers';
import { type ResultRow, WarehouseClient } from './warehouseClient';

/** How a local run is set up. */
export interface LocalPipelineOptions {
  /** The cloud assembly to run. */
  readonly assemblyDirectory: string;
  /** Where state is kept between runs. */
  readonly directory: string;
  /** Environment the assembly was made for; its packing is what producers use. */
  readonly environment: string;
  /** A second here stands for so many seconds on AWS: buffers, schedule, polls and limits per second. */
  readonly speedUp: number;
  /** Told what is going on. */
  readonly onProgress?: (message: string) => void;
  /** Gets every log line of a function. */
  readonly onOutput?: (functionName: string, line: string) => void;
  /** Told of whatever goes wrong behind the scenes. */
  readonly onProblem: (problem: string) => void;
  /** Watches events go by. */
  readonly observer?: PipelineObserver;
  /** What is to go wrong. @default nothing */
  readonly faults?: FaultPoints;
  /** Most execution environments of a function at once. @default 1 */
  readonly maxConcurrency?: number;
}

/** A pipeline that is up. */
export interface LocalPipeline {
  readonly definition: PipelineDefinition;
  readonly endpoints: LocalEndpoints;
  /** What an earlier run had left in the queue, and was loaded when this one came up. */
  readonly recovered: LoadCounts;
  /** Sends files, or lines, to the stream. */
  send(options: SendOptions): Promise<SendSummary>;
  /** Takes everything that was sent to the lake, whatever the buffering hints say, and loads none of it. */
  deliver(): Promise<void>;
  /**
   * Has the loader run once.
   * @throws InvocationError when it fails
   */
  load(): Promise<LoadCounts>;
  /** Ends what runs of a function, in the middle of whatever it does. */
  kill(functionArn: string): Promise<void>;
  /** Invocations of a function that failed since the pipeline came up. */
  functionErrors(functionArn: string): number;
  /** Sums of all metrics that functions published since the pipeline came up. */
  metrics(): Readonly<Record<string, number>>;
  /** Takes everything that was sent to its end: transformed, delivered, loaded, followed by the models. */
  drain(): Promise<void>;
  /** Rows of a query in Redshift SQL. */
  query(sql: string): Promise<ResultRow[]>;
  /** Counts since the pipeline came up, without what was recovered. */
  counts(): PipelineCounts;
  /** What the audit finds of the events since the pipeline came up. */
  audit(): Promise<AuditCounts>;
  /** Records the stream has taken since the pipeline came up. */
  streamRecords(): number;
  /** Delivers and loads what is under way, then stops everything. */
  close(): Promise<void>;
  /** Stops everything at once. What is in the lake is loaded when the pipeline comes up again. */
  abort(): Promise<void>;
}

/** What runs every hour or day on AWS would take this machine for itself if it ran all the time. */
const LEAST_SCHEDULE_MILLIS = 10_000;

/** Patience with S3 before a delivery counts as lost. */
const S3_PATIENCE_MILLIS = 60_000;

/**
 * Starts the pipeline.
 * @throws Error when one is up already in this directory; TemplateError when the templates hold what cannot run here
 */
export async function startLocalPipeline(options: LocalPipelineOptions): Promise<LocalPipeline> {
  refuseSecond(options.directory);
  const closers = new Closers();
  try {
    return await start(options, closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
}

/**
 * Makes sure that nobody else uses the state in a directory.
 * @throws Error naming the process that does
 */
export function refuseSecond(directory: string): void {
  const other = readEndpoints(directory);
  if (other === undefined) return;
  throw new Error(
    `A local run is up already: process ${other.pid} (${endpointsFile(directory)}). Stop it first, or ` +
      'send to it with "npm run send -- --local FILE".',
  );
}

async function start(options: LocalPipelineOptions, closers: Closers): Promise<LocalPipeline> {
  const { directory, speedUp, onProblem, onProgress = () => {}, onOutput = () => {}, faults = {} } = options;
  mkdirSync(directory, { recursive: true });
  const stacks = readAssembly(options.assemblyDirectory);
  const streams = new Map<string, DeliveryStream>();

  onProgress('starting servers');
  const { servers, pipeline } = await startServers({
    directory,
    speedUp,
    closers,
    findDeliveryStream: (name) => streams.get(name),
    faults,
    readPipeline(queueUrl) {
      const definition = readPipeline(stacks, queueUrl);
      return faults.adapt?.(definition) ?? definition;
    },
  });
  for (const { name, shardCount } of pipeline.streams) {
    if (shardCount > MAX_LOCAL_SHARDS)
      onProgress(`${name}: ${shardCount} shards on AWS, ${MAX_LOCAL_SHARDS} here`);
  }
  const { region, cluster } = pipeline;
  const parts = soleParts(pipeline);
  const { maxConcurrency = 1 } = options;
  const functions = closers.closing(
    new LocalFunctions({ pipeline, urls: servers.urls, speedUp, onOutput, maxConcurrency }),
  );
  const warehouse = closers.closing(new WarehouseClient(servers.urls.redshiftData, region, cluster));

  onProgress('migrating the warehouse');
  for (const resource of pipeline.customResources) await createCustomResource(resource, functions.invoke);

  const rejectedEvents = new RejectedEvents(options.observer);
  const scratchDirectory = path.join(directory, 'scratch');
  rmSync(scratchDirectory, { recursive: true, force: true });
  const { put } = closers.closing(new ObjectWriter(servers.urls.s3, region, S3_PATIENCE_MILLIS));
  const delivery = closers.closing(
    new LocalDelivery(pipeline, {
      invoke: observed(functions.invoke, options.observer),
      putObject: faults.putObject?.(put) ?? put,
      parquetWriter: closers.closing(await ParquetWriter.open()),
      scratchDirectory,
      speedUp,
      onPut: ({ name }, records) => {
        if (name === parts.rejectedDelivery.name) rejectedEvents.take(records);
      },
      onError: (error) => onProblem(`Firehose: ${messageOf(error)}`),
    }),
  );
  for (const [name, stream] of delivery.streams) streams.set(name, stream);
  await delivery.start(servers.kinesis.streams, (reader) => faults.source?.(reader) ?? reader);

  const queue = loadQueue(pipeline, servers.sqs);
  const loading = closers.closing(
    new Loading({
      schedule: parts.schedule,
      speedUp,
      invoke: functions.invoke,
      waitingMessages: queue.visible,
      onProblem,
      onLoaded: ({ rowsNew, objectsLoaded }) =>
        onProgress(`loaded ${counted(rowsNew, 'new row')} of ${counted(objectsLoaded, 'object')}`),
    }),
  );
  await loading.untilQuiet();
  const recovered = { ...loading.totals };
  const auditing = await Auditing.start(parts.auditArn, functions.invoke);
  for (const { name, functionArn, everyMillis, input } of parts.otherSchedules) {
    closers.closing(
      new Schedule(
        Math.max(LEAST_SCHEDULE_MILLIS, everyMillis / speedUp),
        async () => {
          await functions.invoke(functionArn, input);
        },
        (error) => onProblem(`${name} failed: ${messageOf(error)}`),
      ),
    );
  }

  const endpoints: LocalEndpoints = {
    pid: process.pid,
    speedUp,
    ...servers.urls,
    streamName: parts.streamName,
    bucketName: parts.delivery.bucketName,
    lakeDatabaseName: parts.lakeDatabaseName,
    objectQueueUrl: parts.objectQueueUrl,
    clusterIdentifier: cluster.identifier,
    databaseName: cluster.databaseName,
    copyRoleArn: parts.copyRoleArn,
    adminSecretArn: cluster.adminSecretArn,
  };
  writeFileSync(endpointsFile(directory), JSON.stringify(endpoints, null, 2));
  closers.add(() => rmSync(endpointsFile(directory), { force: true }));

  const drain = async () => {
    await delivery.drain();
    await loading.untilQuiet();
    await functions.invoke(parts.modelSchedule.functionArn, parts.modelSchedule.input);
  };
  return {
    definition: pipeline,
    endpoints,
    recovered,
    send: (what) =>
      sendToLocalStream(what, { environment: options.environment, directory, endpoints, region }),
    deliver: () => delivery.drain(),
    load: () => loading.round(),
    kill: functions.kill,
    functionErrors: functions.errors,
    metrics: () => functions.metricsBelow(''),
    drain,
    query: (sql) => warehouse.query(sql),
    counts: () =>
      pipelineCounts({ parts, functions, streams, queue, rejectedEvents, loads: loading.totals, recovered }),
    async close() {
      try {
        await drain();
      } finally {
        await closers.close();
      }
    },
    audit: () => auditing.counts(),
    streamRecords: () => servers.kinesis.streams.get(parts.streamName).recordsPut,
    abort: () => closers.close(),
  };
}

/** How many events the warehouse holds. */
export async function countEvents(pipeline: Pick<LocalPipeline, 'query'>): Promise<number> {
  const [row] = await pipeline.query(`SELECT COUNT(*) AS events FROM ${WAREHOUSE.eventsTable}`);
  return Number(row?.events ?? 0);
}
