import { FirehoseClient, PutRecordBatchCommand, ServiceUnavailableException } from '@aws-sdk/client-firehose';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { deliverLines, LineDeliveryError } from '../../../lambda/transform/lineSender';
import { FIREHOSE_PUT_BATCH_BYTES, FIREHOSE_PUT_BATCH_COUNT } from '../../../lib/contract/limits';

const firehose = mockClient(FirehoseClient);
const client = new FirehoseClient({ region: 'us-east-1' });
const sleeps: number[] = [];
/** Time passes in sleeps only. */
const slept = () => sleeps.reduce((sum, millis) => sum + millis, 0);
const runtime = {
  now: slept,
  sleep: async (millis: number) => {
    sleeps.push(millis);
  },
  random: () => 0.5,
};

/** A line so long that it has a record of its own: two of them are more than fit. */
const alone = (name: string) => name.padEnd(60 * 1024);

/** Records taken, in order, each as text without what `alone` added. */
let taken: string[] = [];

/** A delivery stream that takes a record when `accepts` says so of its text, without what `alone` added. */
function deliveryStream(accepts: (record: string) => boolean): void {
  firehose.on(PutRecordBatchCommand).callsFake(({ Records = [] }) => {
    const records = Records.map(({ Data }: { Data: Uint8Array }) =>
      Buffer.from(Data).toString().replaceAll(/ +\n/g, '\n'),
    );
    const responses = records.map((record: string) =>
      accepts(record)
        ? { RecordId: 'r' }
        : { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' },
    );
    taken.push(...records.filter((_: string, index: number) => responses[index]?.RecordId !== undefined));
    return {
      FailedPutCount: responses.filter(({ ErrorCode }: { ErrorCode?: string }) => ErrorCode).length,
      RequestResponses: responses,
    };
  });
}

beforeEach(() => {
  firehose.reset();
  taken = [];
  sleeps.length = 0;
});

const batchesSent = () =>
  firehose.commandCalls(PutRecordBatchCommand).map(({ args }) => args[0].input.Records ?? []);

describe('deliverLines', () => {
  test('sends nothing when there is nothing', async () => {
    await deliverLines(client, 'rejected', [], { runtime });
    expect(batchesSent()).toEqual([]);
  });

  test('sends lines together, each ended by a line feed', async () => {
    deliveryStream(() => true);
    await deliverLines(client, 'rejected', ['{"a":1}', '{"b":2}'], { runtime });
    expect(taken).toEqual(['{"a":1}\n{"b":2}\n']);
  });

  test('fills records up to 100 KiB, so that rounding to 5 KB costs little, and cuts no line', async () => {
    deliveryStream(() => true);
    const lines = Array.from({ length: 1_000 }, (_, index) => `${index}${'é'.repeat(index % 400)}`);
    const total = Buffer.byteLength(lines.join('\n')) + 1;
    await deliverLines(client, 'rejected', lines, { runtime });
    expect(taken.join('')).toBe(`${lines.join('\n')}\n`);
    expect(Math.max(...taken.map((record) => Buffer.byteLength(record)))).toBeLessThanOrEqual(100 * 1024);
    expect(taken).toHaveLength(Math.ceil(total / (100 * 1024)));
  });

  test('keeps within the records and bytes of one request', async () => {
    deliveryStream(() => true);
    const lines = [
      ...Array(3).fill('short'),
      ...Array(9).fill('x'.repeat(1_000_000)),
      ...Array(1_100).fill(alone('a')),
    ];
    await deliverLines(client, 'rejected', lines, { runtime });
    expect(taken).toHaveLength(1 + 9 + 1_100);
    for (const records of batchesSent()) {
      expect(records.length).toBeGreaterThan(0);
      expect(records.length).toBeLessThanOrEqual(FIREHOSE_PUT_BATCH_COUNT);
      const bytes = records.reduce((sum, { Data }) => sum + (Data?.length ?? 0), 0);
      expect(bytes).toBeLessThanOrEqual(FIREHOSE_PUT_BATCH_BYTES);
    }
  });

  test('offers again only what was refused, later each time', async () => {
    const refusals = new Map([['b\n', 2]]);
    deliveryStream((record) => {
      const left = refusals.get(record) ?? 0;
      refusals.set(record, left - 1);
      return left <= 0;
    });
    await deliverLines(client, 'rejected', ['a', 'b', 'c'].map(alone), { runtime });
    expect(batchesSent().map((records) => records.length)).toEqual([3, 1, 1]);
    expect(taken).toEqual(['a\n', 'c\n', 'b\n']);
    expect(sleeps).toEqual([25, 50]);
  });

  test('fails when lines are refused each time, naming stream, count and reason', async () => {
    deliveryStream((record) => record === 'a\n');
    const delivery = deliverLines(client, 'rejected', [alone('a'), alone('b'), 'c'], { runtime });
    await expect(delivery).rejects.toThrow(LineDeliveryError);
    await expect(delivery).rejects.toThrow(
      /^2 lines were not taken by "rejected" in \d+ attempts: ServiceUnavailableException Slow down\.$/,
    );
  });

  test('waits out a quota for the better part of a minute, asking every few seconds', async () => {
    deliveryStream(() => false);
    await expect(deliverLines(client, 'rejected', ['a'], { runtime })).rejects.toThrow(LineDeliveryError);
    expect(slept()).toBeGreaterThan(40_000);
    expect(slept()).toBeLessThanOrEqual(45_000);
    expect(Math.max(...sleeps)).toBeLessThanOrEqual(5_000);
  });

  test('shares the time between the requests of one call', async () => {
    deliveryStream(() => slept() >= 30_000);
    await deliverLines(client, 'rejected', Array(501).fill(alone('a')), { runtime });
    deliveryStream(() => false);
    await expect(deliverLines(client, 'rejected', Array(501).fill(alone('a')), { runtime })).rejects.toThrow(
      `${Math.floor(FIREHOSE_PUT_BATCH_BYTES / (60 * 1024 + 1))} lines were not taken`,
    );
    expect(slept()).toBeLessThanOrEqual(30_000 + 5_000 + 45_000);
  });

  test('takes the refusal of a whole request for a refusal of every record', async () => {
    const refusal = new ServiceUnavailableException({ message: 'Slow down.', $metadata: {} });
    firehose
      .on(PutRecordBatchCommand)
      .rejectsOnce(refusal)
      .resolves({ FailedPutCount: 0, RequestResponses: [{ RecordId: '1' }, { RecordId: '2' }] });
    await deliverLines(client, 'rejected', ['a', 'b'].map(alone), { runtime });
    expect(batchesSent().map((records) => records.length)).toEqual([2, 2]);
    expect(sleeps).toEqual([25]);
  });

  test('passes on any other error of a request', async () => {
    firehose.on(PutRecordBatchCommand).rejects(new Error('no such stream'));
    await expect(deliverLines(client, 'rejected', ['a'], { runtime })).rejects.toThrow('no such stream');
    expect(sleeps).toEqual([]);
  });

  test('fails when an answer says nothing of a line', async () => {
    firehose.on(PutRecordBatchCommand).resolves({ FailedPutCount: 0, RequestResponses: [] });
    await expect(deliverLines(client, 'rejected', ['a'], { runtime })).rejects.toThrow('no answer for them');
  });

  test('delivers every line exactly once, however many are refused on the way', async () => {
    const refusals = fc.array(fc.nat(3), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(refusals, async (counts) => {
        firehose.reset();
        taken = [];
        const left = [...counts];
        deliveryStream((record) => {
          const index = Number(record);
          left[index] = (left[index] ?? 0) - 1;
          return (left[index] ?? 0) < 0;
        });
        await deliverLines(
          client,
          'rejected',
          counts.map((_, index) => alone(String(index))),
          { runtime },
        );
        expect(taken.map(Number).sort((a, b) => a - b)).toEqual(counts.map((_, index) => index));
      }),
      { numRuns: 50 },
    );
  });
});
