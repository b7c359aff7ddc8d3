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

/** Lines taken, in order. */
let taken: string[] = [];

/** A delivery stream that takes a record when `accepts` says so. */
function deliveryStream(accepts: (line: string) => boolean): void {
  firehose.on(PutRecordBatchCommand).callsFake(({ Records = [] }) => {
    const lines = Records.map(({ Data }: { Data: Uint8Array }) => Buffer.from(Data).toString());
    const responses = lines.map((line: string) =>
      accepts(line)
        ? { RecordId: 'r' }
        : { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' },
    );
    taken.push(...lines.filter((_: string, index: number) => responses[index]?.RecordId !== undefined));
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

  test('ends each line with a line feed', async () => {
    deliveryStream(() => true);
    await deliverLines(client, 'rejected', ['{"a":1}', '{"b":2}'], { runtime });
    expect(taken).toEqual(['{"a":1}\n', '{"b":2}\n']);
  });

  test('keeps within the records and bytes of one request', async () => {
    deliveryStream(() => true);
    const lines = [...Array(1_100).fill('short'), ...Array(9).fill('x'.repeat(1_000_000))];
    await deliverLines(client, 'rejected', lines, { runtime });
    expect(taken).toHaveLength(lines.length);
    for (const records of batchesSent()) {
      expect(records.length).toBeGreaterThan(0);
      expect(records.length).toBeLessThanOrEqual(FIREHOSE_PUT_BATCH_COUNT);
      const bytes = records.reduce((sum, { Data }) => sum + (Data?.length ?? 0), 0);
      expect(bytes).toBeLessThanOrEqual(FIREHOSE_PUT_BATCH_BYTES);
    }
  });

  test('offers again only what was refused, later each time', async () => {
    const refusals = new Map([['b\n', 2]]);
    deliveryStream((line) => {
      const left = refusals.get(line) ?? 0;
      refusals.set(line, left - 1);
      return left <= 0;
    });
    await deliverLines(client, 'rejected', ['a', 'b', 'c'], { runtime });
    expect(batchesSent().map((records) => records.length)).toEqual([3, 1, 1]);
    expect(taken).toEqual(['a\n', 'c\n', 'b\n']);
    expect(sleeps).toEqual([25, 50]);
  });

  test('fails when a line is refused each time, naming stream, count and reason', async () => {
    deliveryStream((line) => line !== 'b\n');
    const delivery = deliverLines(client, 'rejected', ['a', 'b'], { runtime });
    await expect(delivery).rejects.toThrow(LineDeliveryError);
    await expect(delivery).rejects.toThrow(
      /^1 lines were not taken by "rejected" in \d+ attempts: ServiceUnavailableException Slow down\.$/,
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
    await deliverLines(client, 'rejected', Array(501).fill('a'), { runtime });
    deliveryStream(() => false);
    await expect(deliverLines(client, 'rejected', Array(501).fill('a'), { runtime })).rejects.toThrow(
      '500 lines were not taken',
    );
    expect(slept()).toBeLessThanOrEqual(30_000 + 5_000 + 45_000);
  });

  test('takes the refusal of a whole request for a refusal of every record', async () => {
    const refusal = new ServiceUnavailableException({ message: 'Slow down.', $metadata: {} });
    firehose
      .on(PutRecordBatchCommand)
      .rejectsOnce(refusal)
      .resolves({ FailedPutCount: 0, RequestResponses: [{ RecordId: '1' }, { RecordId: '2' }] });
    await deliverLines(client, 'rejected', ['a', 'b'], { runtime });
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
        deliveryStream((line) => {
          const index = Number(line);
          left[index] = (left[index] ?? 0) - 1;
          return (left[index] ?? 0) < 0;
        });
        await deliverLines(
          client,
          'rejected',
          counts.map((_, index) => String(index)),
          { runtime },
        );
        expect(taken.map(Number).sort((a, b) => a - b)).toEqual(counts.map((_, index) => index));
      }),
      { numRuns: 50 },
    );
  });
});
