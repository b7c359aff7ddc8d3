/** Does the work, in whatever process. */
import { encodeLines } from '../output/encode';
import type { SentSimulation } from '../output/sendSimulation';
import { countEvents } from '../simulation/outbox';
import { Simulation } from '../simulation/simulation';
import type { LinesSlice, Purpose, Work, WorkDone } from './protocol';

/**
 * Simulates what the work says.
 * @param onProgress told of the events counted or sent so far; slices speak for themselves
 * @returns slices when lines are asked for, and the end
 */
export async function* carryOut(
  { settings, partitions, purpose }: Work,
  onProgress: (events: number) => void,
): AsyncGenerator<LinesSlice | WorkDone, void> {
  const simulation = new Simulation(settings, partitions);
  let sent: SentSimulation | undefined;
  if (purpose.kind === 'send') {
    sent = await send(simulation, purpose, onProgress);
  } else {
    let events = 0;
    for (const slice of simulation.slices()) {
      if (purpose.kind === 'lines') {
        const lines = slice.map(({ deliveries }) => ({
          events: deliveries.length,
          bytes: encodeLines(deliveries),
        }));
        yield { kind: 'slice', lines };
      } else {
        for (const { deliveries } of slice) events += countEvents(deliveries);
        onProgress(events);
      }
    }
  }
  yield { kind: 'done', counted: simulation.counted(), ...(sent === undefined ? {} : { sent }) };
}

async function send(
  simulation: Simulation,
  { stream, packing, eventsPerSecond }: Extract<Purpose, { kind: 'send' }>,
  onProgress: (events: number) => void,
): Promise<SentSimulation> {
  // The AWS SDK takes longer to load than a file of some ten thousand events to write.
  const [{ sendSimulation }, { streamClient }] = await Promise.all([
    import('../output/sendSimulation'),
    import('../output/streamTarget'),
  ]);
  const client = streamClient(stream);
  try {
    return await sendSimulation(simulation, {
      client,
      streamName: stream.name,
      packing,
      onProgress,
      ...(eventsPerSecond === undefined ? {} : { eventsPerSecond }),
    });
  } finally {
    client.destroy();
  }
}
