/** The line an invocation leaves in counts/: what became of its events, by arrival hour and site. Pure. */
import type { FirehoseTransformationEventRecord } from 'aws-lambda';
import { EVENT_COLUMNS } from '../../lib/event/columns';
import type { RejectionReason } from '../../lib/event/rejections';
import { fitsBytes, shortHash, storable } from '../../lib/event/text';
import { type BatchOutcome, recordOrigin } from './batch';
import { type CountsByHour, HourlyCounts } from './hourlyCounts';
import { isJsonObject } from './json';
import type { RejectedFate } from './row';

/**
 * One invocation. Events that were put back come again in a later one and are counted as rows there.
 *
 * Names stay short of a Firehose record's 5 KB with the sites one batch usually has; no personal data is in them.
 */
export interface CountsLine {
  /** The same for the same records: Firehose repeats invocations, and each batch must count once. */
  readonly counts_id: string;
  readonly records: number;
  readonly rows: CountsByHour | HourlyCounts;
  /** By reason. Site "" when the event does not tell it. */
  readonly rejected: Readonly<Partial<Record<RejectionReason, CountsByHour | HourlyCounts>>>;
  readonly put_back: CountsByHour | HourlyCounts;
}

/** Site of an event that does not tell it. */
export const NO_SITE = '';

const SITE_ID_MAX_BYTES = EVENT_COLUMNS.find((column) => column.name === 'site_id')?.maxBytes ?? 0;

/**
 * The line of an invocation.
 * @param rejected every rejected event, those that could not be put back among them
 */
export function countsLine(
  records: readonly FirehoseTransformationEventRecord[],
  outcome: Pick<BatchOutcome, 'rowsBySite' | 'putBack'>,
  rejected: readonly RejectedFate[],
): CountsLine {
  const byReason: Partial<Record<RejectionReason, HourlyCounts>> = {};
  const notPutBack = new Set<string>();
  for (const fate of rejected) {
    const { reason } = fate.rejection;
    byReason[reason] ??= new HourlyCounts();
    byReason[reason].add(fate.origin.arrivedMillis, siteOf(fate));
    if (reason === 'cannot_put_back') notPutBack.add(place(fate));
  }
  const putBack = new HourlyCounts();
  for (const event of outcome.putBack) {
    if (!notPutBack.has(place(event))) putBack.add(event.origin.arrivedMillis, event.siteId);
  }
  return {
    counts_id: countsId(records),
    records: records.length,
    rows: outcome.rowsBySite,
    rejected: byReason,
    put_back: putBack,
  };
}

function countsId(records: readonly FirehoseTransformationEventRecord[]): string {
  const names = records.map((record) => {
    const { shardId, sequenceNumber } = recordOrigin(record);
    return `${shardId ?? ''}/${sequenceNumber}`;
  });
  return shortHash(names.join(' '));
}

function place({ origin }: Pick<RejectedFate, 'origin'>): string {
  return `${origin.shardId ?? ''}/${origin.sequenceNumber}/${origin.index}`;
}

/** What a rejected event says its site is; keys come in any letter case. */
function siteOf({ original }: RejectedFate): string {
  if (typeof original !== 'string') return NO_SITE;
  let event: unknown;
  try {
    event = JSON.parse(original);
  } catch {
    // It was rejected for that, and is kept as it came in rejected/.
    return NO_SITE;
  }
  const entries = isJsonObject(event) ? Object.entries(event) : [];
  const site = entries.find(([key]) => key.toLowerCase() === 'site_id')?.[1];
  if (typeof site !== 'string' || site.trim() === '' || !fitsBytes(site, SITE_ID_MAX_BYTES)) return NO_SITE;
  return storable(site);
}
