/** One dashboard, from stage to stage. */
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Signals } from './signals';

/** CloudWatch's grid is 24 units wide. */
const FULL_WIDTH = 24;
const GRAPHS_PER_ROW = 4;

export interface PipelineDashboardProps {
  readonly environmentName: string;
  readonly signals: Signals;
  readonly alarms: readonly Alarm[];
}

/** A row a stage, read from top to bottom as an event travels. */
export class PipelineDashboard extends Dashboard {
  constructor(scope: Construct, id: string, { environmentName, signals, alarms }: PipelineDashboardProps) {
    super(scope, id, {
      dashboardName: `clickstream-${environmentName}`,
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: FULL_WIDTH, height: 4 })],
        ...stages(signals),
      ],
    });
  }
}

function stages(signals: Signals): IWidget[][] {
  return [
    ...stage('Stream: producers to Kinesis', [
      graph('Bytes in', signals.bytesIn),
      graph('Records in', signals.recordsIn),
      graph('Throttled', signals.writesThrottled, signals.readsThrottled),
      graph('Behind the stream', signals.millisBehindLatest),
    ]),
    ...(signals.scaling === undefined
      ? []
      : stage('Scaling: shards follow the traffic', [
          graph('Shards', signals.scaling.shards, signals.scaling.shardsNeeded),
          graph('Changes left in 24 hours', signals.scaling.changesLeft),
          graph('Blocked', signals.scaling.blocked),
          graph('Changes by others', signals.scaling.outsideChanges),
        ])),
    ...stage('Transform: records to rows', [
      graph('Events', signals.events, signals.rows),
      graph('Rejected and put back', signals.eventsRejected, signals.eventsPutBack),
      graph('Errors', signals.transformErrors, signals.transformThrottles),
      graph('Duration', signals.transformMillis),
    ]),
    ...stage('Delivery: Firehose to the lake', [
      graph('Records delivered', signals.recordsDelivered),
      graph('Records not converted', signals.conversionsFailed),
      graph('Freshness', signals.freshnessSeconds),
      graph('Freshness of rejected events', signals.rejectedFreshnessSeconds),
    ]),
    ...stage('Loading: lake to warehouse', [
      graph(
        'Objects waiting',
        signals.objectsWaiting,
        signals.deadLetters,
        signals.objectsUnreadable,
        signals.objectsQuarantined,
      ),
      graph('Age of objects', signals.oldestObjectSeconds, signals.objectAgeSeconds),
      graph('Batches', signals.batchesLoaded, signals.batchesFailed, signals.loaderErrors),
      graph('Rows', signals.rowsNew, signals.rowsDuplicate, signals.rowsMissing),
    ]),
    ...stage('Audit: accepted and loaded', [
      graph('Rows missing, unexplained', signals.auditDifference, signals.countsLost),
      graph('Rows not loaded', signals.auditRowsNotLoaded),
      graph('Objects', signals.auditObjectsRequeued, signals.auditObjectsChanged, signals.auditErrors),
      graph('Objects checked', signals.auditObjectsChecked),
    ]),
    ...stage('Models', [
      graph('Oldest load the models lack', signals.modelLagSeconds),
      graph('Rows', signals.modelRowsNew, signals.modelRowsRead),
      graph('Errors', signals.modelErrors),
    ]),
    ...stage('Warehouse: Redshift', [
      graph('Disk', signals.diskPercent),
      graph('CPU', signals.cpuPercent),
      graph('Health', signals.healthy),
    ]),
  ];
}

function stage(title: string, graphs: GraphWidget[]): IWidget[][] {
  return [[new TextWidget({ markdown: `## ${title}`, width: FULL_WIDTH, height: 1 })], graphs];
}

function graph(title: string, ...left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: FULL_WIDTH / GRAPHS_PER_ROW, leftYAxis: { min: 0 } });
}
