/** What the traffic asks of the stream: events, records and bytes per second, on the mean and at the peak. */
import type { EnvironmentConfig } from '../config';
import { TERABYTE } from '../contract/units';
import { SECONDS_PER_DAY } from './units';

/** Rates are of the mean second; multiply by `peakFactor` for the busiest. */
export interface Demand {
  readonly eventsPerSecond: number;
  readonly recordsPerSecond: number;
  /** Bytes as put into the stream: packed and compressed. */
  readonly bytesPerSecond: number;
  /** Bytes of event JSON before packing. */
  readonly jsonBytesPerSecond: number;
  readonly peakFactor: number;
  readonly meanEventBytes: number;
  readonly eventsPerRecord: number;
  /** Bytes of a record before compression. */
  readonly expandedRecordBytes: number;
  /** Bytes of a record as it is put. */
  readonly recordBytes: number;
  readonly compressionRatio: number;
}

/**
 * The demand of a configuration. Packs are taken as full: a producer that sends before a pack is full puts more and
 * smaller records, which costs something only where traffic is so small that it costs next to nothing.
 */
export function demandOf({ traffic, packing }: Pick<EnvironmentConfig, 'traffic' | 'packing'>): Demand {
  const jsonBytesPerSecond = (traffic.terabytesPerDay * TERABYTE) / SECONDS_PER_DAY;
  const eventsPerSecond = jsonBytesPerSecond / traffic.meanEventBytes;
  const eventsPerRecord = Math.max(1, Math.floor(packing.packBytes / traffic.meanEventBytes));
  const expandedRecordBytes = eventsPerRecord * traffic.meanEventBytes;
  return {
    eventsPerSecond,
    recordsPerSecond: eventsPerSecond / eventsPerRecord,
    bytesPerSecond: jsonBytesPerSecond / packing.compressionRatio,
    jsonBytesPerSecond,
    peakFactor: traffic.peakFactor,
    meanEventBytes: traffic.meanEventBytes,
    eventsPerRecord,
    expandedRecordBytes,
    recordBytes: expandedRecordBytes / packing.compressionRatio,
    compressionRatio: packing.compressionRatio,
  };
}
