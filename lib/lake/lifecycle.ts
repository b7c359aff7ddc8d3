/** How long objects of the lake live, and in which storage class. */
import { Duration } from 'aws-cdk-lib';
import { type LifecycleRule, StorageClass, type Transition } from 'aws-cdk-lib/aws-s3';
import type { EnvironmentConfig } from '../config';
import { ERRORS_PREFIX, EVENTS_PREFIX, MANIFESTS_PREFIX, REJECTED_PREFIX } from '../contract/lakeLayout';

/** Overwritten and deleted objects of a versioned lake can be brought back this long. */
const NONCURRENT_DAYS = 30;
/** A manifest tells which files a batch was made of; the ledger in the warehouse keeps that for good. */
const MANIFEST_DAYS = 30;
/** Parts of uploads that were never finished cost storage and show up nowhere. */
const INCOMPLETE_UPLOAD_DAYS = 7;

/**
 * One rule per prefix. Originals under errors/ and rejected/ hold personal data: they go soonest, and an old version
 * of one goes a day later.
 */
export function lifecycleRules(lake: EnvironmentConfig['lake']): LifecycleRule[] {
  return [
    {
      id: 'events',
      prefix: EVENTS_PREFIX,
      transitions: transitions(lake),
      expiration: lake.expireAfterDays === undefined ? undefined : Duration.days(lake.expireAfterDays),
      noncurrentVersionExpiration: lake.versioned ? Duration.days(NONCURRENT_DAYS) : undefined,
      abortIncompleteMultipartUploadAfter: Duration.days(INCOMPLETE_UPLOAD_DAYS),
    },
    ...[ERRORS_PREFIX, REJECTED_PREFIX].map((prefix) =>
      expiring(prefix, lake.originalsExpireAfterDays, lake),
    ),
    expiring(MANIFESTS_PREFIX, MANIFEST_DAYS, lake),
  ];
}

function transitions(lake: EnvironmentConfig['lake']): Transition[] {
  const steps: [StorageClass, number | undefined][] = [
    [StorageClass.INFREQUENT_ACCESS, lake.infrequentAccessAfterDays],
    [StorageClass.GLACIER, lake.glacierAfterDays],
    [StorageClass.DEEP_ARCHIVE, lake.deepArchiveAfterDays],
  ];
  return steps.flatMap(([storageClass, days]) =>
    days === undefined ? [] : [{ storageClass, transitionAfter: Duration.days(days) }],
  );
}

function expiring(prefix: string, days: number, lake: EnvironmentConfig['lake']): LifecycleRule {
  return {
    id: prefix.replace('/', ''),
    prefix,
    expiration: Duration.days(days),
    noncurrentVersionExpiration: lake.versioned ? Duration.days(1) : undefined,
    abortIncompleteMultipartUploadAfter: Duration.days(INCOMPLETE_UPLOAD_DAYS),
  };
}
