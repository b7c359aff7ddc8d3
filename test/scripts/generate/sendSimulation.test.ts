import { KinesisClient, PutRecordsCommand, type PutRecordsCommandInput } from '@aws-sdk/client-kinesis';
import { mockClient } from 'aws-sdk-client-mock';
import { transformBatch } from '../../../lambda/transform/batch';
import { sendSimulation } from '../../../scripts/generate/output/sendSimulation';
import { Simulation } from '../../../scripts/generate/simulation/simulation';
import { firehoseRecord } from '../../support/firehoseRecords';
import { countBy, smallSettings } from '../../support/simulations';

const kinesis = mockClient(KinesisClient);
beforeEach(() => kinesis.reset());

const PACKING = { packBytes: 100_000, compression: 'gzip', maxExpandedBytes: 300_000 } as const;
const settings = smallSettings({ events: 3_000, brokenRecords: true });

const send = (simulation: Simulation, onProgress?: (events: number) => void) =>
  sendSimulation(simulation, {
    client: new KinesisClient({ region: 'us-east-1' }),
    streamName: 'clicks',
    packing: PACKING,
    ...(onProgress === undefined ? {} : { onProgress }),
  });

function takeAll() {
  kinesis.on(PutRecordsCommand).callsFake(({ Records = [] }: PutRecordsCommandInput) => ({
    Records: Records.map(() => ({ SequenceNumber: '1', ShardId: 'shardId-000000000000' })),
  }));
}

const sentRecords = () =>
  kinesis
    .commandCalls(PutRecordsCommand)
    .flatMap((call) => call.args[0].input.Records ?? [])
    .map(({ Data }) => Buffer.from(Data ?? ''));

describe('sending a simulation', () => {
  test('packs the lines, and sends broken records beside them, so that the truth holds for the stream', async () => {
    takeAll();
    const simulation = new Simulation(settings);
    const progress: number[] = [];
    const { counts, firstProblem } = await send(simulation, (events) => progress.push(events));
    const truth = simulation.truth();
    expect(counts).toMatchObject({ eventsSent: 3_000, eventsUnsent: 0 });
    expect(firstProblem).toBeUndefined();
    expect(progress.at(-1)).toBe(3_000);
    const limits = { maxExpandedBytes: PACKING.maxExpandedBytes, maxAnswerBytes: Number.POSITIVE_INFINITY };
    const outcome = transformBatch(sentRecords().map(firehoseRecord), limits);
    expect(outcome.counts.eventsIn).toBe(3_000);
    expect(outcome.counts.rows).toBe(truth.valid + truth.duplicates);
    expect(countBy(outcome.rejected, ({ rejection }) => rejection.reason)).toEqual(truth.rejectedByReason);
    expect(Object.keys(truth.rejectedByReason)).toEqual(
      expect.arrayContaining(['bad_gzip', 'empty_record', 'expands_past_limit', 'not_utf8']),
    );
  });

  test('stops at once when no retry can help', async () => {
    kinesis
      .on(PutRecordsCommand)
      .rejects(
        Object.assign(new Error('No such stream.'), { name: 'ResourceNotFoundException', $fault: 'client' }),
      );
    await expect(send(new Simulation(settings))).rejects.toThrow(
      'Sending to the stream "clicks" stopped: ResourceNotFoundException: No such stream.',
    );
  });
});
