/** Audits a local run: the function of the pipeline, asked about the hours of the run. */

import { hourOf, hourText } from '../../lambda/audit/hours';
import type { AuditSummary } from '../../lambda/audit/summary';
import { HOUR_MILLIS } from '../../lib/contract/units';
import type { InvokeFunction } from '../firehose/transformInvoker';

/** What an audit found of the events of one run. */
export interface AuditCounts {
  /** Rows by the counts the transform left in the lake. */
  readonly accepted: number;
  /** Of these, rows that were found: loaded, waiting in the lake, or in quarantine. */
  readonly found: number;
}

/** The audit of a run; what was there before it began is left out. */
export class Auditing {
  private constructor(
    private readonly functionArn: string,
    private readonly invoke: InvokeFunction,
    private readonly startedAtMillis: number,
    private readonly before: AuditCounts,
  ) {}

  /** Looks at what is there already. Call it before events are sent. */
  static async start(functionArn: string, invoke: InvokeFunction): Promise<Auditing> {
    const now = Date.now();
    const before = await auditSince(functionArn, invoke, now);
    return new Auditing(functionArn, invoke, now, before);
  }

  /**
   * What is there now. Call it when everything is delivered.
   * @throws InvocationError when the function fails
   */
  async counts(): Promise<AuditCounts> {
    const now = await auditSince(this.functionArn, this.invoke, this.startedAtMillis);
    return { accepted: now.accepted - this.before.accepted, found: now.found - this.before.found };
  }
}

async function auditSince(
  functionArn: string,
  invoke: InvokeFunction,
  fromMillis: number,
): Promise<AuditCounts> {
  const to = hourText(hourOf(Date.now()) + HOUR_MILLIS);
  const answer = (await invoke(functionArn, { from: hourText(hourOf(fromMillis)), to })) as AuditSummary;
  const { accepted, loaded, notLoaded, quarantined } = answer;
  return { accepted, found: loaded + notLoaded + quarantined };
}
