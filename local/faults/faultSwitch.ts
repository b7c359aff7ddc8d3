/** Plugs the faults of the case that is under way into a local run: armed, they strike; calm, nothing goes wrong. */
import type { PutObject } from '../firehose/objectBuffer';
import type { SourceRecord } from '../firehose/records';
import type { Fault, FaultHook } from '../http/faults';
import type { RefuseRecord } from '../kinesis/putOperations';
import type { Statement, StatementFault } from '../redshift/dataApi/statements';
import type { FaultPoints } from '../run/faultPoints';
import type { PipelineDefinition } from '../template/definitions';

type RequestFault = (operation: string, input: unknown) => Fault | undefined | Promise<Fault | undefined>;

/** What goes wrong while a case has armed it. */
export interface Faults {
  readonly kinesis?: RequestFault;
  readonly firehose?: RequestFault;
  readonly s3?: RequestFault;
  readonly sqs?: RequestFault;
  readonly redshiftData?: RequestFault;
  readonly refuseRecord?: RefuseRecord;
  readonly statement?: (statement: Statement) => StatementFault | undefined;
  /** Gets a message S3 has for a queue, and a way to send messages there; by default it sends it. */
  readonly notification?: (message: string, send: (message: string) => void) => void;
  /** What Firehose gets of the records of one read. */
  readonly records?: (records: readonly SourceRecord[]) => readonly SourceRecord[];
  /** How Firehose writes an object. */
  readonly write?: (put: PutObject, ...object: Parameters<PutObject>) => Promise<void>;
}

const SERVICES = ['kinesis', 'firehose', 's3', 'sqs', 'redshiftData'] as const;

/** The faults of a pipeline, on and off. */
export class FaultSwitch {
  private faults: Faults = {};

  /** What follows goes wrong like this, instead of what was armed before. */
  arm(faults: Faults): void {
    this.faults = faults;
  }

  /** From now on nothing goes wrong. */
  calm(): void {
    this.faults = {};
  }

  /** The ports for a local run. */
  points(adapt: (definition: PipelineDefinition) => PipelineDefinition): FaultPoints {
    const hook = (service: (typeof SERVICES)[number]): FaultHook => ({
      beforeOperation: (operation, input) => this.faults[service]?.(operation, input),
    });
    return {
      adapt,
      kinesis: hook('kinesis'),
      firehose: hook('firehose'),
      s3: hook('s3'),
      sqs: hook('sqs'),
      redshiftData: hook('redshiftData'),
      refuseRecord: (shardId, record) => this.faults.refuseRecord?.(shardId, record),
      statements: { beforeRun: (statement) => this.faults.statement?.(statement) },
      notifications: (target) => ({
        deliver: (queueArn, body) => {
          const send = (message: string) => target.deliver(queueArn, message);
          if (this.faults.notification === undefined) send(body);
          else this.faults.notification(body, send);
        },
      }),
      source: (reader) => ({
        ...reader,
        read: async (position) => {
          const read = await reader.read(position);
          return { ...read, records: this.faults.records?.(read.records) ?? read.records };
        },
      }),
      putObject: (put) => (bucket, key, body) =>
        this.faults.write?.(put, bucket, key, body) ?? put(bucket, key, body),
    };
  }
}
