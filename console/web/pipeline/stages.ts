/** The stages of the pipeline as cards. */
import type { Flow, PipelineSnapshot } from '../../wire';
import { ago, bytes, count } from '../ui/format';

/** A stage at one moment. */
export interface StageView {
  readonly name: string;
  /** The service it is. */
  readonly service: string;
  readonly flow: Flow;
  /** What flows. */
  readonly unit: string;
  readonly details: readonly (readonly [label: string, value: string])[];
  /** What leaves the main way here. */
  readonly branch?: {
    readonly name: string;
    readonly total: number;
    readonly perSecond?: number;
    readonly reasons: readonly string[];
  };
}

/** The stages of a snapshot, in the order events pass them. */
export function stagesOf({
  atMillis,
  stream,
  transform,
  lake,
  loader,
  warehouse,
}: PipelineSnapshot): StageView[] {
  return [
    {
      name: 'Stream',
      service: 'Kinesis Data Streams',
      flow: stream.records,
      unit: 'records',
      details: [
        ['bytes a second', bytes(stream.bytes.perSecond)],
        stream.recordsWaiting === undefined
          ? ['behind', stream.secondsBehind === undefined ? 'unknown' : `${count(stream.secondsBehind)} s`]
          : ['waiting', count(stream.recordsWaiting)],
      ],
    },
    {
      name: 'Transform',
      service: 'Lambda',
      flow: transform.events,
      unit: 'events',
      details: [
        ['of bots', count(transform.bots)],
        ['put back', count(transform.putBack)],
      ],
      branch: {
        name: 'Rejected',
        total: transform.rejected.total,
        perSecond: transform.rejected.perSecond,
        reasons: Object.entries(transform.rejectedByReason)
          .sort(([, left], [, right]) => right - left)
          .map(([reason, times]) => `${reason.replaceAll('_', ' ')} ${count(times)}`),
      },
    },
    {
      name: 'Lake',
      service: 'Firehose, S3',
      flow: lake.rows,
      unit: 'rows',
      details: [
        ['objects', lake.objects === undefined ? 'unknown' : count(lake.objects)],
        ['failed records', lake.failed === undefined ? 'see alarms' : count(lake.failed)],
      ],
    },
    {
      name: 'Loader',
      service: 'Lambda, COPY',
      flow: loader.batches,
      unit: 'loads',
      details: [['objects waiting', count(loader.objectsWaiting)]],
      branch: { name: 'Quarantined', total: loader.quarantined, reasons: [] },
    },
    {
      name: 'Warehouse',
      service: 'Redshift',
      flow: warehouse.rowsNew,
      unit: 'new rows',
      details: [
        ['duplicates left out', count(warehouse.duplicates)],
        [
          'last load',
          warehouse.loadedAtMillis === undefined ? 'none yet' : ago(warehouse.loadedAtMillis, atMillis),
        ],
      ],
    },
  ];
}

/** How fast a pipe moves: 0 stands still, 3 is a flood. */
export function speedOf({ perSecond }: Flow): 0 | 1 | 2 | 3 {
  if (perSecond <= 0) return 0;
  if (perSecond < 100) return 1;
  return perSecond < 5_000 ? 2 : 3;
}
