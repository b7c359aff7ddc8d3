/** How statements end that do not finish. */
import type { DescribeStatementResponse } from '@aws-sdk/client-redshift-data';

/** What Redshift says when another transaction was in the way. */
export const SERIALIZATION_CONFLICT =
  /ERROR:?\s*1023\b|conflict with concurrent transaction|serializable isolation|deadlock detected/i;

/** Redshift said no: nothing of the batch was kept. */
export class StatementFailedError extends Error {
  override readonly name = 'StatementFailedError';

  /**
   * @param status FAILED, or ABORTED when somebody stopped it
   * @param sqlIndex which statement of the batch failed, from 0; undefined when none is named
   */
  constructor(
    readonly statementId: string,
    readonly status: string,
    readonly reason: string,
    readonly sqlIndex: number | undefined,
  ) {
    const which = sqlIndex === undefined ? '' : `, SQL ${sqlIndex + 1} of the batch`;
    super(`Statement ${statementId} ${status}${which}: ${reason}`);
  }

  /** True when the same statement may well succeed a moment later: another transaction was in the way. */
  get isConflict(): boolean {
    return SERIALIZATION_CONFLICT.test(this.reason);
  }
}

/** The deadline passed and the statement still runs. It may yet commit. */
export class StatementTimeoutError extends Error {
  override readonly name = 'StatementTimeoutError';

  constructor(
    readonly statementId: string,
    readonly status: string,
  ) {
    super(`Statement ${statementId} is still ${status} at the deadline; it may yet commit`);
  }
}

/** The error of a statement that has failed or was stopped, with the part of a batch that is at fault. */
export function failureOf(
  id: string,
  status: string,
  statement: DescribeStatementResponse,
): StatementFailedError {
  const parts = statement.SubStatements ?? [];
  // The statement that failed is the reason; those before it may be reported as aborted with it.
  const failed = parts.findIndex((part) => part.Status === 'FAILED');
  const index = failed >= 0 ? failed : parts.findIndex((part) => part.Status === 'ABORTED');
  const reason = parts[index]?.Error ?? statement.Error ?? 'no reason given';
  return new StatementFailedError(id, status, reason, index < 0 ? undefined : index);
}
