/** Replays objects of the lake into the warehouse: the loader is told of them as of new ones. */
import {
  CopyObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { notifyLoader } from '../../lambda/shared/objectNotification';
import { EVENT_OBJECT_SUFFIX, EVENTS_PREFIX, LOADED_INTO_METADATA } from '../../lib/contract/lakeLayout';
import { SQS_BATCH_COUNT } from '../../lib/contract/limits';
import { SideFile } from '../send/sideFile';
import { type ByReason, countReason } from './counts';
import type { ReplayState } from './state';
import { type HourRange, isArchived, listStored, type StoredObject } from './stored';

/** Counts of a replay of the lake. */
export interface LakeCounts {
  /** Objects the loader is told of. */
  objects: number;
  bytes: number;
  /** Objects among them that were copied into the lake first. */
  copied: number;
  /** Objects among them that an erasure had marked as loaded, and that are marked no longer. */
  unmarked: number;
  objectsSkipped: ByReason;
}

export function noLakeCounts(): LakeCounts {
  return { objects: 0, bytes: 0, copied: 0, unmarked: 0, objectsSkipped: {} };
}

/** What to replay, where to, and how. */
export interface LakeOptions {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** Lake of the warehouse. */
  readonly bucketName: string;
  /** Where the objects are; another bucket's are copied into the lake first, because the loader reads no other. */
  readonly sourceBucketName: string;
  /** Cluster of the warehouse: its loader passes over objects marked as loaded into it. */
  readonly clusterIdentifier: string;
  readonly range: HourRange;
  readonly isDryRun: boolean;
  /** The loader is told of more only while fewer notifications than this wait for it. */
  readonly maxWaiting: number;
  /** Time between two looks at the queue. */
  readonly pollMillis: number;
  readonly state: ReplayState<LakeCounts>;
  readonly onProgress: (key: string, counts: LakeCounts) => void;
  /** Told of the objects that have to be restored from an archive class first. */
  readonly onArchived: (key: string, storageClass: string) => void;
}

/** Who says so in the notification. */
const SENDER = 'clickstream:replay';

/** Replays. Right to be killed anywhere: an object that is announced twice is loaded twice and adds nothing. */
export async function replayLake(options: LakeOptions): Promise<LakeCounts> {
  const { s3, sourceBucketName, range, state } = options;
  const store = { s3, bucketName: sourceBucketName };
  const counts = structuredClone(state.progress.counts);
  let batch: StoredObject[] = [];
  let last: string | undefined;
  const flush = async () => {
    if (last === undefined) return;
    await announce(options, batch, counts);
    batch = [];
    state.save({ finished: last, counts });
    options.onProgress(last, counts);
  };
  const selection = {
    ...range,
    prefix: EVENTS_PREFIX,
    storedBeforeMillis: state.startedMillis,
    after: state.progress.finished,
  };
  for await (const object of listStored(store, selection)) {
    last = object.key;
    if (!object.key.endsWith(EVENT_OBJECT_SUFFIX)) {
      countReason(counts.objectsSkipped, 'not_parquet');
    } else if (await isArchived(store, object)) {
      countReason(counts.objectsSkipped, 'archived');
      keepArchived(state.sideFile('archived'), object.key);
      options.onArchived(object.key, String(object.storageClass));
    } else {
      batch.push(object);
    }
    if (batch.length === SQS_BATCH_COUNT) await flush();
  }
  await flush();
  return counts;
}

async function announce(
  options: LakeOptions,
  objects: readonly StoredObject[],
  counts: LakeCounts,
): Promise<void> {
  const { s3, sqs, queueUrl, bucketName, sourceBucketName, isDryRun } = options;
  if (!isDryRun && objects.length > 0) {
    await untilRoom(options);
    const announced: string[] = [];
    for (const { key } of objects) {
      // S3 itself tells the loader of what is copied.
      if (sourceBucketName !== bucketName && (await copyIn(s3, sourceBucketName, bucketName, key))) {
        counts.copied += 1;
      } else if (await unmark(options, key)) {
        counts.unmarked += 1;
      } else {
        announced.push(key);
      }
    }
    await notifyLoader(sqs, queueUrl, bucketName, announced, SENDER);
  }
  counts.objects += objects.length;
  counts.bytes += objects.reduce((total, { bytes }) => total + bytes, 0);
}

/** Copies an object of another lake; false when this one has one of the key already. */
async function copyIn(s3: S3Client, from: string, to: string, key: string): Promise<boolean> {
  try {
    const source = await s3.send(new HeadObjectCommand({ Bucket: from, Key: key }));
    await s3.send(
      new CopyObjectCommand({ ...unmarkedCopy(from, key, source), Bucket: to, IfNoneMatch: '*' }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'PreconditionFailed') return false;
    throw error;
  }
}

/**
 * Takes from an object the mark that the warehouse has its rows, which is no longer so: copies it onto itself.
 * @returns false when it has no such mark
 */
async function unmark({ s3, bucketName, clusterIdentifier }: LakeOptions, key: string): Promise<boolean> {
  const object = await s3.send(new HeadObjectCommand({ Bucket: bucketName, Key: key }));
  if (object.Metadata?.[LOADED_INTO_METADATA] !== clusterIdentifier) return false;
  await s3.send(
    new CopyObjectCommand({
      ...unmarkedCopy(bucketName, key, object),
      Bucket: bucketName,
      CopySourceIfMatch: object.ETag,
    }),
  );
  return true;
}

/** What a copy is made of that is like the object but for the mark. */
function unmarkedCopy(
  bucketName: string,
  key: string,
  { ContentType, ContentEncoding, Metadata = {} }: HeadObjectCommandOutput,
) {
  const { [LOADED_INTO_METADATA]: _, ...kept } = Metadata;
  return {
    Key: key,
    CopySource: [bucketName, ...key.split('/')].map(encodeURIComponent).join('/'),
    MetadataDirective: 'REPLACE',
    Metadata: kept,
    ContentType,
    ContentEncoding,
  } as const;
}

async function untilRoom({ sqs, queueUrl, maxWaiting, pollMillis }: LakeOptions): Promise<void> {
  while ((await waiting(sqs, queueUrl)) >= maxWaiting) {
    await new Promise((resolve) => setTimeout(resolve, pollMillis));
  }
}

/** Notifications that wait, those the loader works on among them. SQS counts approximately. */
async function waiting(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  const { ApproximateNumberOfMessages = 0, ApproximateNumberOfMessagesNotVisible = 0 } = Attributes;
  return Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible);
}

function keepArchived(file: string | undefined, key: string): void {
  if (file === undefined) return;
  const side = new SideFile(file, 'append');
  side.write(`${key}\n`);
  side.close();
}
