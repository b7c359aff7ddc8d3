/** Sends simulated events to a stream, packed as producers pack them. */
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import {
  type PackedEntry,
  type PackOptions,
  packEvents,
  type RecordKey,
  recordKeys,
  type SendCounts,
  sendEntries,
} from '../../../lambda/shared/packing';
import type { BrokenRecord } from '../simulation/outbox';
import type { Simulation } from '../simulation/simulation';
import { recordBytes } from './brokenRecords';
import { Pace } from './pace';

/** Events that take one turn of the pace: few enough to flow evenly. */
const EVENTS_PER_TURN = 50;

/** Where and how to send. */
export interface SendSimulationOptions {
  readonly client: KinesisClient;
  readonly streamName: string;
  readonly packing: PackOptions;
  /** @default as fast as the stream takes them */
  readonly eventsPerSecond?: number;
  readonly onProgress?: (events: number) => void;
}

/** What became of the events, and the first reason for those that were not sent. */
export interface SentSimulation {
  readonly counts: SendCounts;
  readonly firstProblem: string | undefined;
}

/**
 * Sends a simulation to its end. Events that could not be sent are counted; the same simulation sent again repairs
 * that, since its events have the same ids.
 * @throws SendStoppedError when no retry can help
 */
export async function sendSimulation(
  simulation: Simulation,
  { client, streamName, packing, eventsPerSecond, onProgress }: SendSimulationOptions,
): Promise<SentSimulation> {
  let firstProblem: string | undefined;
  const entries = packSimulation(simulation, packing, new Pace(eventsPerSecond));
  const counts = await sendEntries(client, streamName, entries, {
    onUnsent: (unsent) => {
      firstProblem ??=
        unsent.kind === 'failed' ? `${unsent.errorCode}: ${unsent.errorMessage}` : unsent.detail;
    },
    onProgress: ({ eventsSent }) => onProgress?.(eventsSent),
  });
  return { counts, firstProblem };
}

/** Packs lines; broken records go between the packs. */
async function* packSimulation(simulation: Simulation, packing: PackOptions, pace: Pace) {
  const keys = recordKeys();
  const broken: BrokenRecord[] = [];
  async function* lines(): AsyncGenerator<string, void> {
    let turn = 0;
    for (const delivery of simulation.deliveries()) {
      if (turn++ % EVENTS_PER_TURN === 0) await pace.turn(EVENTS_PER_TURN);
      if (typeof delivery === 'string') yield delivery;
      else broken.push(delivery);
    }
  }
  for await (const pack of packEvents(lines(), packing, keys)) {
    yield pack;
    for (const record of broken.splice(0)) yield toEntry(record, packing, keys);
  }
  for (const record of broken) yield toEntry(record, packing, keys);
}

function toEntry(
  record: BrokenRecord,
  { maxExpandedBytes }: PackOptions,
  keys: Generator<RecordKey, never>,
): PackedEntry {
  const data = recordBytes(record, maxExpandedBytes);
  const eventCount = record.companion === undefined ? 1 : 2;
  return { kind: 'entry', data, eventCount, expandedBytes: data.length, ...keys.next().value };
}
