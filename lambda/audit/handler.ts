/** Audits the last day, or the hours it is asked for; runs every hour. */

import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { AUDIT_ENV } from '../../lib/contract/names';
import { HOUR_MILLIS } from '../../lib/contract/units';
import { clientSettings } from '../shared/clients';
import { DataApi, systemClock } from '../shared/dataApi';
import { requireEnv, requirePositiveNumber } from '../shared/environment';
import { createLogger, createMetrics } from '../shared/observability';
import { type AuditFindings, audit, together } from './audit';
import { dueHours } from './due';
import { groupsFromLast, hoursBetween, hourText, parseHour } from './hours';
import { isUnexplained } from './reconcile';
import { type AuditSummary, summarize, summaryMetrics } from './summary';

/** Kept for metrics and the answer when the function's time runs out. */
const CLOSING_MILLIS = 10_000;
/** At 30 TB a day a run has time for the counts of so many. */
const HOURS_AT_ONCE = 4;
/** Rows with a difference, and objects that are none of events, that the log shows; all rows are in ops.audits. */
const SHOWN = 20;

const logger = createLogger('audit');
const metrics = createMetrics(requireEnv(AUDIT_ENV.environmentName));
const tools = {
  s3: new S3Client(clientSettings()),
  bucketName: requireEnv(AUDIT_ENV.bucketName),
  sqs: new SQSClient(clientSettings()),
  queueUrl: requireEnv(AUDIT_ENV.queueUrl),
  dataApi: new DataApi(new RedshiftDataClient(clientSettings()), {
    ClusterIdentifier: requireEnv(AUDIT_ENV.clusterIdentifier),
    Database: requireEnv(AUDIT_ENV.databaseName),
    DbUser: requireEnv(AUDIT_ENV.databaseUser),
  }),
  clock: systemClock,
};
const settleMillis = requirePositiveNumber(AUDIT_ENV.settleSeconds) * 1_000;
const graceMillis = requirePositiveNumber(AUDIT_ENV.graceSeconds) * 1_000;

/** What the function may be asked for; without both, the hours of the last day that are not known to be whole. */
export interface AuditEvent {
  /** First hour, such as `2026-11-22T21`. */
  readonly from?: string;
  /** Hour after the last. */
  readonly to?: string;
}

/** Audits and answers the sums; what it found by hour and site is in ops.audits. */
export async function handler({ from, to }: AuditEvent, context: Context): Promise<AuditSummary> {
  const deadlineMillis = Date.now() + context.getRemainingTimeInMillis() - CLOSING_MILLIS;
  const hours =
    from === undefined || to === undefined
      ? await dueHours(tools.dataApi, Date.now(), settleMillis, deadlineMillis)
      : hoursBetween(parseHour(from), parseHour(to));
  const found: AuditFindings[] = [];
  let slowestMillis = 0;
  // The youngest first, in groups: a backlog of hours must not keep the last one from being looked at.
  for (const group of groupsFromLast(hours, HOURS_AT_ONCE)) {
    const started = Date.now();
    if (started + slowestMillis > deadlineMillis) {
      logger.warn('No time is left for the older hours; the next run looks at them', {
        until: hourText((group.at(-1) ?? started) + HOUR_MILLIS),
      });
      break;
    }
    found.push(
      await audit(tools, { hours: group, settleMillis, graceMillis, isDryRun: false, deadlineMillis }),
    );
    slowestMillis = Math.max(slowestMillis, Date.now() - started);
  }
  const findings = together(found);
  for (const row of findings.rows.filter(isUnexplained).slice(0, SHOWN)) {
    logger.error('Accepted rows are missing', { ...row, hour: hourText(row.hour) });
  }
  for (const object of findings.changed) logger.error('Object is not what was loaded', { ...object });
  for (const batch of findings.shortBatches)
    logger.error('A load staged another number of rows', { ...batch });
  for (const { key } of findings.lost) logger.warn('Object was put on the queue again', { key });
  for (const { key } of findings.foreign.slice(0, SHOWN)) {
    logger.warn('Object is none of events; nobody loads it', { key });
  }
  const summary = summarize(findings);
  for (const { name, value } of summaryMetrics(summary)) metrics.addMetric(name, MetricUnit.Count, value);
  metrics.publishStoredMetrics();
  logger.info('Audited', { ...summary });
  return summary;
}
