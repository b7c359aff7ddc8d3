/** Faults of the warehouse and of its Data API. */
import { CancelStatementCommand } from '@aws-sdk/client-redshift-data';
import { LOADER_METRICS } from '../../../lib/contract/names';
import { AwsError } from '../../http/awsError';
import { OBJECTS } from '../drill';
import type { FaultCase } from '../faultCase';
import { isLoad, submitsLoad } from './requests';

/** Places of SQL in a load: see lambda/loader/sql.ts. */
const COPY_INDEX = 2;
const INSERT_INDEX = 3;

const throttled: FaultCase = {
  name: 'data-api-throttled',
  standsFor: 'the Data API is asked more often than it allows',
  injects: 'half of the requests is answered ThrottlingException',
  seenBy: 'nothing but time: the loader asks again',
  surroundings: 'patient',
  async run(drill) {
    drill.arm({
      redshiftData: () =>
        drill.plan.strikes(1 / 2, 10)
          ? { error: new AwsError('ThrottlingException', 'Rate exceeded') }
          : undefined,
    });
    await drill.sendObjects();
    await drill.load();
    await drill.recover();
    drill.metricMustBe(LOADER_METRICS.batchesFailed, 0);
    drill.metricMustBe(LOADER_METRICS.objectsLoaded, OBJECTS);
  },
};

const FAILED_LOADS = 2;

const failed: FaultCase = {
  name: 'statement-failed',
  standsFor: 'a load is FAILED for a reason that no object is to blame for: the disk is full',
  injects: 'COPY fails in two runs',
  seenBy: 'the loader’s Errors; its messages stay in the queue, nothing goes to quarantine',
  surroundings: 'patient',
  async run(drill) {
    const message = 'Disk Full\n  Detail: \n  error:  Disk Full\n  code:      1016';
    drill.arm({
      statement: (statement) =>
        isLoad(statement.name) && drill.plan.first(FAILED_LOADS)
          ? { failure: { index: COPY_INDEX, message } }
          : undefined,
    });
    await drill.sendObjects();
    for (let run = 0; run < FAILED_LOADS; run++) await drill.load();
    await drill.recover();
    drill.mustBe('Errors of the loader', drill.functionErrors(drill.loaderArn), FAILED_LOADS);
    drill.metricMustBe(LOADER_METRICS.objectsQuarantined, 0);
  },
};

const aborted: FaultCase = {
  name: 'statement-aborted',
  standsFor: 'somebody, or a monitoring rule, cancels a load: it is ABORTED',
  injects: 'CancelStatement while the load runs',
  seenBy: 'LoaderBatchesFailed; the objects are loaded in the same run or the next',
  surroundings: 'patient',
  async run(drill) {
    let isSlow = true;
    drill.arm({
      statement: (statement) => {
        if (!isLoad(statement.name) || !isSlow) return undefined;
        isSlow = false;
        return { delayMillis: 5_000 };
      },
      redshiftData: async (operation, input) => {
        if (operation !== 'DescribeStatement' || isSlow || !drill.plan.first(1)) return undefined;
        await drill.target.redshiftData.send(new CancelStatementCommand({ Id: Object(input).Id }));
        return undefined;
      },
    });
    await drill.sendObjects();
    await drill.load();
    await drill.recover();
    drill.metricMustReach(LOADER_METRICS.batchesFailed, 1);
    drill.metricMustBe(LOADER_METRICS.objectsQuarantined, 0);
  },
};

const outcomeUnknown: FaultCase = {
  name: 'statement-outcome-unknown',
  standsFor: 'a load was submitted and nobody can be asked what became of it',
  injects: 'every DescribeStatement is cut off; the load commits',
  seenBy: 'the loader’s Errors, LoaderRowsDuplicate: the next run loads the objects again and adds nothing',
  surroundings: 'patient',
  async run(drill) {
    let isSubmitted = false;
    drill.arm({
      redshiftData: (operation, input) => {
        isSubmitted ||= submitsLoad(operation, input);
        if (operation !== 'DescribeStatement' || !isSubmitted) return undefined;
        drill.plan.injected++;
        return { disconnect: 'before' };
      },
    });
    await drill.sendObjects();
    await drill.load();
    await drill.recover();
    drill.mustReach('Errors of the loader', drill.functionErrors(drill.loaderArn), 1);
    drill.metricMustReach(LOADER_METRICS.rowsDuplicate, drill.traffic.truth.valid);
  },
};

const conflict: FaultCase = {
  name: 'serialization-conflict',
  standsFor: 'another transaction is in the way: serializable isolation violation',
  injects: 'the insert fails with error 1023, once',
  seenBy: 'the load is submitted twice, by the same run',
  surroundings: 'patient',
  async run(drill) {
    let submissions = 0;
    const message =
      '1023\n  Detail: Serializable isolation violation on table - 100182, transactions forming the cycle are: 1, 2';
    drill.arm({
      statement: (statement) =>
        isLoad(statement.name) && drill.plan.first(1)
          ? { failure: { index: INSERT_INDEX, message } }
          : undefined,
      redshiftData: (operation, input) => {
        if (submitsLoad(operation, input)) submissions++;
        return undefined;
      },
    });
    await drill.sendObjects();
    await drill.load();
    drill.mustBe('submissions of the load', submissions, 2);
    drill.mustBe('LoaderObjectsLoaded by the same run', drill.metric(LOADER_METRICS.objectsLoaded), OBJECTS);
    await drill.recover();
    drill.mustBe('Errors of the loader', drill.functionErrors(drill.loaderArn), 0);
  },
};

/** An hour of runs every five minutes. */
const PAUSED_RUNS = 12;

const paused: FaultCase = {
  name: 'warehouse-paused',
  standsFor: 'the cluster is paused for an hour',
  injects: 'in twelve runs, an hour of them, every statement is refused when it is submitted',
  seenBy: 'the loader’s Errors; no message becomes a dead letter',
  surroundings: 'patient',
  async run(drill) {
    await drill.sendObjects();
    drill.arm({
      redshiftData: (operation) => {
        if (!operation.endsWith('ExecuteStatement')) return undefined;
        drill.plan.injected++;
        const why = 'Redshift cluster is paused. Resume it before running a query.';
        return { error: new AwsError('ValidationException', why) };
      },
    });
    for (let run = 0; run < PAUSED_RUNS; run++) await drill.load();
    await drill.recover();
    drill.mustBe('Errors of the loader', drill.functionErrors(drill.loaderArn), PAUSED_RUNS);
    drill.mustBe('dead letters', drill.deadLetters, 0);
    drill.metricMustBe(LOADER_METRICS.objectsLoaded, OBJECTS);
  },
};

const stillRunning: FaultCase = {
  name: 'statement-still-running',
  standsFor: 'a load runs longer than the loader may, and still runs at the next tick',
  injects: 'a load that lasts longer than the loader’s time',
  seenBy: 'the loader’s answer (batchesRunning); the next run waits for the load and adds nothing',
  surroundings: 'hasty',
  async run(drill) {
    drill.arm({
      statement: (statement) =>
        isLoad(statement.name) && drill.plan.first(1) ? { delayMillis: 7_000 } : undefined,
    });
    await drill.sendObjects();
    const first = await drill.load();
    const running = 'counts' in first ? first.counts.batchesRunning : 0;
    drill.mustBe('loads still running after the first run', running, 1);
    await drill.recover();
    drill.metricMustReach(LOADER_METRICS.rowsDuplicate, drill.traffic.truth.valid);
  },
};

export const WAREHOUSE_CASES: readonly FaultCase[] = [
  throttled,
  failed,
  aborted,
  outcomeUnknown,
  conflict,
  paused,
  stillRunning,
];
