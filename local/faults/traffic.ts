/** Simulated traffic of a drill: its lines are known, and so is what the warehouse must hold of them. */
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import {
  expandEntry,
  type PackOptions,
  packEvents,
  recordKeys,
  type SendCounts,
  sendEntries,
} from '../../lambda/shared/packing';
import { DEFAULT_SETTINGS, type GeneratorSettings } from '../../scripts/generate/settings';
import { Simulation } from '../../scripts/generate/simulation/simulation';
import type { Truth } from '../../scripts/generate/truth';

/** Small enough that a few thousand events make several records for each shard. */
const PACK_BYTES = 4 * 1024;
const SENDS_AT_MOST = 5;

/** Events that were simulated. */
export interface Traffic {
  readonly settings: GeneratorSettings;
  readonly lines: readonly string[];
  readonly truth: Truth;
}

/** Simulates events; a seed gives the same ones each time. */
export function simulateTraffic(seed: number, events: number): Traffic {
  const settings = {
    ...DEFAULT_SETTINGS,
    seed,
    events,
    sites: 10,
    days: 1,
    brokenPercent: 2,
    duplicatePercent: 2,
  };
  const simulation = new Simulation(settings);
  const lines = [...simulation.deliveries()].filter((delivery) => typeof delivery === 'string');
  return { settings, lines, truth: simulation.truth() };
}

/** Sends lines, packed as producers pack them; what did not arrive is sent once more, as a producer does. */
export async function sendLines(
  client: KinesisClient,
  streamName: string,
  lines: readonly string[],
  packing: PackOptions,
  seed: number,
): Promise<SendCounts[]> {
  const options = { ...packing, packBytes: PACK_BYTES };
  const counts: SendCounts[] = [];
  let left = lines;
  for (let attempt = 1; left.length > 0; attempt++) {
    if (attempt > SENDS_AT_MOST) throw new Error(`${left.length} events could not be sent`);
    const unsent: string[] = [];
    const packs = packEvents(left, options, recordKeys(BigInt(seed)));
    counts.push(
      await sendEntries(client, streamName, packs, {
        onUnsent: (one) => {
          if (one.kind === 'failed') unsent.push(...expandEntry(one.entry).trimEnd().split('\n'));
          else unsent.push(one.line);
        },
      }),
    );
    left = unsent;
  }
  return counts;
}
