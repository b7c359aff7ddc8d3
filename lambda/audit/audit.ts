/**
 * Audits some hours: holds what the transform counted against what the ledgers and the lake hold, puts lost objects on
 * the loader's queue again, and writes down what it found. It changes no events and can be run at any time.
 */

import { randomUUID } from 'node:crypto';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import {
  ERRORS_PREFIX,
  EVENT_OBJECT_SUFFIX,
  EVENTS_PREFIX,
  LOADED_INTO_METADATA,
} from '../../lib/contract/lakeLayout';
import { HOUR_MILLIS } from '../../lib/contract/units';
import type { Clock, DataApi } from '../shared/dataApi';
import { notifyLoader } from '../shared/objectNotification';
import { isMissing } from '../shared/objectTail';
import { classify, type ObjectFates } from './classify';
import { readCounts, withFollowing } from './counts';
import { concurrently, errorTypes, type Lake, type ListedObject, listPartitions } from './lake';
import { AUDIT_STATEMENT, readLedger, type ShortBatch } from './ledger';
import { type LostObjects, lostObjects } from './lost';
import { type AuditRow, type Evidence, hoursWithLosses, reconcile } from './reconcile';
import { resultBatches } from './results';
import { type Split, splitObject } from './split';

/** What an audit works with. */
export interface AuditTools extends Lake {
  readonly sqs: SQSClient;
  /** Queue that tells the loader of objects. */
  readonly queueUrl: string;
  /** The warehouse, as the auditor. */
  readonly dataApi: DataApi;
  readonly clock: Clock;
}

/** What is asked of an audit. */
export interface AuditRequest {
  /** Arrival hours, in order, each as its start in epoch milliseconds. */
  readonly hours: readonly number[];
  /** How long after they were counted rows may be on their way into the lake. */
  readonly settleMillis: number;
  /** How long an object may wait for its load when everything is in order. */
  readonly graceMillis: number;
  /** Put lost objects on the queue again, and write the result into the warehouse. */
  readonly isDryRun: boolean;
  /** When everything must have ended, epoch milliseconds. */
  readonly deadlineMillis: number;
}

/** What an audit found. */
export interface AuditFindings {
  readonly hours: readonly number[];
  readonly rows: readonly AuditRow[];
  readonly objectsListed: number;
  readonly objectsWaiting: number;
  readonly changed: ObjectFates['changed'];
  readonly shortBatches: readonly ShortBatch[];
  /** Under `events/`, but no event objects: the loader takes no notice of them. */
  readonly foreign: readonly ListedObject[];
  /** Put on the queue again, unless it was a dry run. */
  readonly lost: readonly ListedObject[];
  /** Waiting for too long, with their messages still in the queue. */
  readonly late: readonly ListedObject[];
}

/** Partitions after an hour in which its events may lie when the delivery was behind. */
const PARTITIONS_LATE = 2;

/** Objects whose columns are read at most; of further ones the next audits tell the sites, when fewer wait. */
const MAX_SPLITS = 2_000;

/** As whom messages are sent. */
const SENDER = 'clickstream:audit';

/** Carries out an audit. Objects are listed before the ledgers are read, so that none is taken for waiting that is not. */
export async function audit(tools: AuditTools, request: AuditRequest): Promise<AuditFindings> {
  const { hours, deadlineMillis, isDryRun } = request;
  // An object is named for its oldest record, so the partition before an hour may hold events of it.
  const partitions = withFollowing(
    hours.map((hour) => hour - HOUR_MILLIS),
    1 + PARTITIONS_LATE,
  ).filter((hour) => hour <= tools.clock.now());
  const all = await listPartitions(tools, EVENTS_PREFIX, partitions);
  const isEvents = ({ key }: ListedObject) => key.endsWith(EVENT_OBJECT_SUFFIX);
  const listed = all.filter(isEvents);
  const ledger = await readLedger(tools.dataApi, hours, partitions, deadlineMillis);
  const nowMillis = tools.clock.now();
  const counts = await readCounts(tools, hours, nowMillis);
  const fates = await withoutErasures(tools, classify(listed, ledger));
  const { settleMillis } = request;
  const evidence: Evidence = {
    hours,
    nowMillis,
    settleMillis,
    counts,
    loads: ledger.counts,
    fates,
    splits: await readSplits(tools, fates),
    errorObjects: new Map(),
  };
  let rows = reconcile(evidence);
  const losses = hoursWithLosses(rows);
  if (losses.length > 0) {
    rows = reconcile({ ...evidence, errorObjects: await countErrors(tools, losses) });
  }
  const { lost, queued } = await findLost(tools, request, fates, ledger.newestLoadedMillis);
  if (!isDryRun) {
    const keys = lost.map(({ key }) => key);
    await notifyLoader(tools.sqs, tools.queueUrl, tools.bucketName, keys, SENDER);
    for (const statements of resultBatches(hours, rows, nowMillis)) {
      await tools.dataApi.follow(
        await tools.dataApi.submit(statements, AUDIT_STATEMENT, randomUUID()),
        deadlineMillis,
      );
    }
  }
  return {
    hours,
    rows,
    objectsListed: listed.length,
    objectsWaiting: fates.waiting.length,
    changed: fates.changed,
    shortBatches: ledger.shortBatches,
    foreign: all.filter((object) => !isEvents(object)),
    lost,
    late: queued,
  };
}

/** The findings of several audits as those of one. Objects near the edges of their hours are listed in both. */
export function together(audits: readonly AuditFindings[]): AuditFindings {
  const unique = <T>(items: readonly T[], nameOf: (item: T) => string) => [
    ...new Map(items.map((item) => [nameOf(item), item])).values(),
  ];
  return {
    hours: audits.flatMap(({ hours }) => hours).sort((a, b) => a - b),
    rows: audits.flatMap(({ rows }) => rows).sort((a, b) => a.hour - b.hour),
    objectsListed: audits.reduce((sum, { objectsListed }) => sum + objectsListed, 0),
    objectsWaiting: audits.reduce((sum, { objectsWaiting }) => sum + objectsWaiting, 0),
    changed: unique(
      audits.flatMap(({ changed }) => changed),
      ({ key }) => key,
    ),
    shortBatches: unique(
      audits.flatMap(({ shortBatches }) => shortBatches),
      ({ batchId }) => batchId,
    ),
    foreign: unique(
      audits.flatMap(({ foreign }) => foreign),
      ({ key }) => key,
    ),
    lost: unique(
      audits.flatMap(({ lost }) => lost),
      ({ key }) => key,
    ),
    late: unique(
      audits.flatMap(({ late }) => late),
      ({ key }) => key,
    ),
  };
}

/**
 * Objects from which a person was erased are smaller than what was loaded, and say so: nothing of anybody else is
 * missing. Whoever changes an object without saying so is found.
 */
export async function withoutErasures({ s3, bucketName }: Lake, fates: ObjectFates): Promise<ObjectFates> {
  const isErasure = await concurrently(fates.changed, async ({ key }) => {
    try {
      const { Metadata = {} } = await s3.send(new HeadObjectCommand({ Bucket: bucketName, Key: key }));
      return Metadata[LOADED_INTO_METADATA] !== undefined;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  });
  return { ...fates, changed: fates.changed.filter((_, index) => isErasure[index] !== true) };
}

async function readSplits(lake: Lake, fates: ObjectFates): Promise<Map<string, Split>> {
  const wanted = [
    ...fates.waiting.map(({ key }) => ({ key, at: key })),
    ...fates.quarantined.map(({ key, quarantineKey }) => ({ key, at: quarantineKey })),
    ...fates.repeatedFiles.map(({ key }) => ({ key, at: key })),
  ];
  const splits = new Map<string, Split>(
    wanted.slice(MAX_SPLITS).map(({ key }) => [key, { kind: 'unsplit', rows: undefined }]),
  );
  await concurrently(wanted.slice(0, MAX_SPLITS), async ({ key, at }) => {
    splits.set(key, await splitObject(lake, at));
  });
  return splits;
}

async function countErrors(lake: Lake, hours: readonly number[]): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  for (const type of await errorTypes(lake)) {
    await concurrently(hours, async (hour) => {
      const objects = await listPartitions(
        lake,
        `${ERRORS_PREFIX}${type}/`,
        withFollowing([hour], PARTITIONS_LATE),
      );
      counts.set(hour, (counts.get(hour) ?? 0) + objects.length);
    });
  }
  return counts;
}

async function findLost(
  { sqs, queueUrl, clock }: AuditTools,
  { graceMillis }: AuditRequest,
  { waiting }: ObjectFates,
  newestLoadedMillis: number | undefined,
): Promise<LostObjects> {
  if (waiting.length === 0) return { lost: [], queued: [] };
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  const queuedMessages =
    Number(Attributes.ApproximateNumberOfMessages ?? 0) +
    Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0);
  return lostObjects(waiting, { nowMillis: clock.now(), graceMillis, newestLoadedMillis, queuedMessages });
}
