/** What happened in each stage of a local run, and whether it adds up. */
import type { SendSummary } from '../../scripts/send/sendFiles';
import type { DeliveryCounts } from '../firehose/deliveryStream';
import type { AuditCounts } from './auditing';
import type { LoadCounts } from './loading';

/** Counts of the transform, from the metrics it publishes. */
export interface TransformCounts {
  readonly recordsIn: number;
  readonly eventsIn: number;
  readonly rows: number;
  readonly rejected: number;
  /** Rejected events by reason. */
  readonly rejectedByReason: Readonly<Record<string, number>>;
  readonly putBack: number;
  readonly bots: number;
}

/** Counts of everything behind the producers, since the local run came up. */
export interface PipelineCounts {
  readonly transform: TransformCounts;
  /** The delivery stream that reads the stream. */
  readonly delivery: DeliveryCounts;
  /** The delivery stream that takes rejected events. */
  readonly rejectedDelivery: DeliveryCounts;
  /** Rejected events in the records it took. */
  readonly rejectedTaken: number;
  readonly loads: LoadCounts;
  /** Notifications of objects that wait, or were given up after too many attempts. */
  readonly notificationsWaiting: number;
  readonly notificationsDead: number;
}

/** An equation that must hold. */
export interface Check {
  readonly says: string;
  readonly left: number;
  readonly right: number;
}

/** Row counts of the warehouse around a run. */
export interface WarehouseCounts {
  readonly rowsBefore: number;
  readonly rowsAfter: number;
}

/**
 * Every equation between neighbouring stages, from the first line read to the last row in the warehouse.
 * @param sent counts of the producers of this run; nobody else may have sent meanwhile
 * @param audit what the audit found of this run; without it, its equations are left out
 */
export function checks(
  sent: SendSummary,
  counts: PipelineCounts,
  warehouse: WarehouseCounts,
  audit?: AuditCounts,
): Check[] {
  const { transform, delivery, rejectedDelivery, loads } = counts;
  const failed = Object.values(delivery.recordsFailed).reduce((sum, one) => sum + one, 0);
  return [
    {
      says: 'lines read = events + unparsable + blank',
      left: sent.lines,
      right: sent.events + sent.unparsable + sent.blank,
    },
    { says: 'events = events sent', left: sent.events, right: sent.eventsSent },
    {
      says: 'records delivered = records transformed',
      left: delivery.recordsIn,
      right: transform.recordsIn,
    },
    {
      says: 'events sent + put back = events transformed',
      left: sent.eventsSent + transform.putBack,
      right: transform.eventsIn,
    },
    {
      says: 'events transformed = rows + rejected + put back',
      left: transform.eventsIn,
      right: transform.rows + transform.rejected + transform.putBack,
    },
    { says: 'records that failed in Firehose', left: failed, right: 0 },
    { says: 'rows = rows in the lake', left: transform.rows, right: delivery.rowsDelivered },
    {
      says: 'rejected = rejected events taken by Firehose',
      left: transform.rejected,
      right: counts.rejectedTaken,
    },
    {
      says: 'rejected records taken = rejected records in the lake',
      left: rejectedDelivery.recordsIn,
      right: rejectedDelivery.rowsDelivered,
    },
    {
      says: 'rows in the lake = rows loaded + quarantined',
      left: delivery.rowsDelivered,
      right: loads.rowsStaged + loads.rowsQuarantined,
    },
    {
      says: 'rows loaded = new + duplicates',
      left: loads.rowsStaged,
      right: loads.rowsNew + loads.rowsDuplicate,
    },
    {
      says: 'notifications left or given up',
      left: counts.notificationsWaiting + counts.notificationsDead,
      right: 0,
    },
    {
      says: 'rows in the warehouse = before + new',
      left: warehouse.rowsAfter,
      right: warehouse.rowsBefore + loads.rowsNew,
    },
    ...(audit === undefined
      ? []
      : [
          { says: 'rows = rows counted for the audit', left: transform.rows, right: audit.accepted },
          { says: 'rows counted = rows the audit finds', left: audit.accepted, right: audit.found },
        ]),
  ];
}

/** The checks that do not hold. */
export function violations(all: readonly Check[]): Check[] {
  return all.filter(({ left, right }) => left !== right);
}
