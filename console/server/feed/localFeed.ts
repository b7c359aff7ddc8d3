/** The numbers of a local run in this process. */
import { MODELER_METRICS } from '../../../lib/contract/names';
import type { LocalPipeline } from '../../../local/run/pipeline';
import type { PipelineSnapshot } from '../../wire';
import type { LiveEvents } from './liveEvents';
import type { PipelineFeed } from './pulse';
import { Rates } from './rates';

/**
 * Watches a pipeline.
 * @param live the pipeline's observer
 */
export function localFeed(
  pipeline: Pick<LocalPipeline, 'counts' | 'streamRecords' | 'metrics'>,
  live: LiveEvents,
  nowMillis: () => number = Date.now,
): PipelineFeed {
  const rates = new Rates<'records' | 'bytes' | 'events' | 'rejected' | 'rows' | 'batches' | 'rowsNew'>();
  let batches = 0;
  let loadedAtMillis: number | undefined;

  return {
    source: 'this local run, by the second',
    eventsAfter: (number) => live.after(number),
    dataVersion: () => {
      const { loads } = pipeline.counts();
      // The models follow the loads a moment later.
      return `${loads.batchesLoaded} ${loads.rowsNew} ${pipeline.metrics()[MODELER_METRICS.batches] ?? 0}`;
    },
    async snapshot(): Promise<PipelineSnapshot> {
      const atMillis = nowMillis();
      const { transform, delivery, loads, notificationsWaiting } = pipeline.counts();
      const records = pipeline.streamRecords();
      const flows = rates.look(
        {
          records,
          bytes: delivery.bytesIn,
          events: transform.eventsIn,
          rejected: transform.rejected,
          rows: delivery.rowsDelivered,
          batches: loads.batchesLoaded,
          rowsNew: loads.rowsNew,
        },
        atMillis,
      );
      if (loads.batchesLoaded > batches) loadedAtMillis = atMillis;
      batches = loads.batchesLoaded;
      const failed = Object.values(delivery.recordsFailed).reduce((sum, one) => sum + one, 0);
      return {
        atMillis,
        totalsCover: 'since the run came up',
        stream: {
          records: flows.records,
          bytes: flows.bytes,
          recordsWaiting: Math.max(0, records - delivery.recordsIn),
          secondsBehind: undefined,
        },
        transform: {
          events: flows.events,
          rejected: flows.rejected,
          rejectedByReason: transform.rejectedByReason,
          putBack: transform.putBack,
          bots: transform.bots,
        },
        lake: { rows: flows.rows, objects: delivery.objects, failed },
        loader: {
          batches: flows.batches,
          objectsWaiting: notificationsWaiting,
          quarantined: loads.objectsQuarantined,
        },
        warehouse: { rowsNew: flows.rowsNew, duplicates: loads.rowsDuplicate, loadedAtMillis },
      };
    },
  };
}
