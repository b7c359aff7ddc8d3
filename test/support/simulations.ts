/** Simulations for tests, and what the transform makes of them. */
import { gzipSync } from 'node:zlib';
import { type BatchOutcome, transformBatch } from '../../lambda/transform/batch';
import type { EventRow } from '../../lib/event/columns';
import { recordBytes } from '../../scripts/generate/output/brokenRecords';
import { DEFAULT_SETTINGS, type GeneratorSettings } from '../../scripts/generate/settings';
import type { BrokenRecord } from '../../scripts/generate/simulation/outbox';
import { Simulation } from '../../scripts/generate/simulation/simulation';
import { firehoseRecord, rowsOf } from './firehoseRecords';

/** A small simulation in which much goes wrong. */
export function smallSettings(changes: Partial<GeneratorSettings> = {}): GeneratorSettings {
  return {
    ...DEFAULT_SETTINGS,
    events: 4_000,
    sites: 20,
    days: 2,
    brokenPercent: 8,
    duplicatePercent: 10,
    ...changes,
  };
}

/** Everything a simulation hands over, apart into lines and broken records, and the truth about it. */
export function simulate(settings: GeneratorSettings) {
  const simulation = new Simulation(settings);
  const deliveries = [...simulation.deliveries()];
  const lines = deliveries.filter((delivery) => typeof delivery === 'string');
  const records = deliveries.filter((delivery): delivery is BrokenRecord => typeof delivery !== 'string');
  return { lines, records, truth: simulation.truth() };
}

const LINES_PER_RECORD = 250;
const LIMITS = { maxExpandedBytes: 1024 * 1024, maxAnswerBytes: Number.POSITIVE_INFINITY };

/** What the transform made of events. */
export interface Transformed {
  readonly counts: BatchOutcome['counts'];
  readonly rows: readonly EventRow[];
  readonly rejectedByReason: Readonly<Record<string, number>>;
}

/** Runs the transform over lines, packed as producers pack them, and over broken records. */
export function transformed(lines: readonly string[], records: readonly BrokenRecord[] = []): Transformed {
  const packs = Array.from({ length: Math.ceil(lines.length / LINES_PER_RECORD) }, (_, pack) => {
    const packed = lines.slice(pack * LINES_PER_RECORD, (pack + 1) * LINES_PER_RECORD);
    return gzipSync(packed.map((line) => `${line}\n`).join(''));
  });
  const broken = records.map((record) => recordBytes(record, LIMITS.maxExpandedBytes));
  const outcome = transformBatch([...packs, ...broken].map(firehoseRecord), LIMITS);
  const rejectedByReason: Record<string, number> = {};
  for (const { rejection } of outcome.rejected) {
    rejectedByReason[rejection.reason] = (rejectedByReason[rejection.reason] ?? 0) + 1;
  }
  return { counts: outcome.counts, rows: outcome.answers.flatMap(rowsOf), rejectedByReason };
}

/** The rows that are left when every event counts once: the first of each id. */
export function uniqueRows(rows: readonly EventRow[]): EventRow[] {
  return [...new Map(rows.toReversed().map((row) => [row.event_id, row])).values()].reverse();
}

/** Counts by a key; rows without one are left out. */
export function countBy<T>(
  values: readonly T[],
  key: (value: T) => string | undefined,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) {
    const name = key(value);
    if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Values by a key, in order. */
export function groupBy<T>(values: readonly T[], key: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group === undefined) groups.set(key(value), [value]);
    else group.push(value);
  }
  return groups;
}
