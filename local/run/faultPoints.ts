/** Where a drill can make a local run fail: the ports at which a fault plan is plugged in. All are optional. */

import type { StreamReader } from '../firehose/kinesisSource';
import type { PutObject } from '../firehose/objectBuffer';
import type { FaultHook } from '../http/faults';
import type { RefuseRecord } from '../kinesis/putOperations';
import type { StatementFaults } from '../redshift/dataApi/statements';
import type { NotificationTarget } from '../s3/notifications';
import type { PipelineDefinition } from '../template/definitions';

/** Ports for faults. */
export interface FaultPoints {
  /** Changes the templates' settings, such as a timeout that nobody wants to wait for. */
  adapt?(definition: PipelineDefinition): PipelineDefinition;
  /** Requests to the servers. */
  readonly kinesis?: FaultHook;
  readonly firehose?: FaultHook;
  readonly s3?: FaultHook;
  readonly sqs?: FaultHook;
  readonly redshiftData?: FaultHook;
  /** Single records of a PutRecords. */
  readonly refuseRecord?: RefuseRecord;
  /** Statements while they run. */
  readonly statements?: StatementFaults;
  /** What S3 tells queues. */
  notifications?(target: NotificationTarget): NotificationTarget;
  /** What Firehose reads from its source. */
  source?<P>(reader: StreamReader<P>): StreamReader<P>;
  /** What Firehose writes. */
  putObject?(put: PutObject): PutObject;
}
