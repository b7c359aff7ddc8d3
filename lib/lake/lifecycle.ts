/** How long objects of the lake live, and in which storage class. */
import { Duration } from 'aws-cdk-lib';
import { type LifecycleRule, StorageClass, type Transition } from 'aws-cdk-lib/aws-s3';
import type { EnvironmentConfig } from '../config';
import {
  COUNTS_PREFIX,
  ERASURE_IDS_PREFIX,
  ERRORS_PREFIX,
  EVENTS_PREFIX,
  MANIFESTS_PREFIX,
  QUARANTINE_PREFIX,
  REJECTED_PREFIX,
} from '../contract/lakeLayout';

/** Overwritten and deleted objects of a versioned lake can be brought back this long. */
const NONCURRENT_DAYS = 30;
/** A manifest tells which files a batch was made of; the ledger in the warehouse keeps that for good. */
const MANIFEST_DAYS = 30;
/** Every hour has long been audited by then; what the audit found stays in the warehouse. */
const COUNTS_DAYS = 30;
/** An erasure deletes the identifiers it staged; what a killed one leaves must not outlive it for long. */
const ERASURE_IDS_DAYS = 1;
/** Parts of uploads that were never finished cost storage and show up nowhere. */
const INCOMPLETE_UPLOAD_DAYS = 7;

/**
 * One rule per prefix. Originals under errors/ and rejected/ hold personal data: they go soonest, and an old version
 * of one goes a day later. What is in quarantine are events: it stays as long as those, unless somebody decides.
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
    {
      id: 'quarantine',
      prefix: QUARANTINE_PREFIX,
      expiration: lake.expireAfterDays === undefined ? undefined : Duration.days(lake.expireAfterDays),
      noncurrentVersionExpiration: lake.versioned ? Duration.days(NONCURRENT_DAYS) : undefined,
      abortIncompleteMultipartUploadAfter: Duration.days(INCOMPLETE_UPLOAD_DAYS),
    },
    ...[ERRORS_PREFIX, REJECTED_PREFIX].map((prefix) =>
      expiring(prefix, lake.originalsExpireAfterDays, lake),
    ),
    expiring(MANIFESTS_PREFIX, MANIFEST_DAYS, lake),
    expiring(COUNTS_PREFIX, COUNTS_DAYS, lake),
    { ...expiring(ERASURE_IDS_PREFIX, ERASURE_IDS_DAYS, lake), id: 'erasure-ids' },
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
