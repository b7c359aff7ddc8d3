/** Which hours a scheduled audit looks at: those of the last day that are not known to be whole. */

import { randomUUID } from 'node:crypto';
import { WAREHOUSE } from '../../lib/contract/names';
import { timestampLiteral } from '../../lib/contract/sqlText';
import { HOUR_MILLIS } from '../../lib/contract/units';
import type { DataApi } from '../shared/dataApi';
import { hourOf, hoursBetween } from './hours';
import { AUDIT_STATEMENT } from './ledger';

/** How far back an hour is audited again and again, until it is whole. */
const HOURS_BACK = 26;

/**
 * Hours that are over and were never found whole: nothing missing, waiting or in quarantine, when nothing of them could
 * be on its way any more. At 30 TB a day an hour's counts are gigabytes, so one that is whole is not read again.
 */
export async function dueHours(
  dataApi: DataApi,
  nowMillis: number,
  settleMillis: number,
  deadlineMillis: number,
): Promise<number[]> {
  const to = hourOf(nowMillis);
  const from = to - HOURS_BACK * HOUR_MILLIS;
  const id = await dataApi.submit([wholeHoursStatement(from, settleMillis)], AUDIT_STATEMENT, randomUUID());
  await dataApi.follow(id, deadlineMillis);
  const rows = await dataApi.rows(id, 0);
  const whole = new Set(rows.map((row) => Date.parse(`${String(row.arrived_hour).replace(' ', 'T')}Z`)));
  // The last one always: with it come the partitions in which objects may be lost just now.
  return hoursBetween(from, to).filter((hour) => hour === to - HOUR_MILLIS || !whole.has(hour));
}

/** Hours of which the last audit, made late enough, found everything in the warehouse. */
export function wholeHoursStatement(fromMillis: number, settleMillis: number): string {
  const settledAfterSeconds = HOUR_MILLIS / 1_000 + Math.ceil(settleMillis / 1_000);
  return `SELECT TO_CHAR(arrived_hour, 'YYYY-MM-DD HH24:MI:SS') AS arrived_hour FROM ${WAREHOUSE.auditsTable}
WHERE arrived_hour >= ${timestampLiteral(fromMillis)}
GROUP BY arrived_hour
HAVING MAX(ABS(difference) + not_loaded + quarantined) = 0
  AND MIN(DATEDIFF(second, arrived_hour, audited_at)) >= ${settledAfterSeconds}`;
}
