import { FirehoseClient, PutRecordBatchCommand, PutRecordCommand } from '@aws-sdk/client-firehose';
import { startFirehoseServer } from '../../../local/firehose/server';
import type { LoopbackServer } from '../../../local/http/loopbackServer';
import { type Harness, harness } from '../../support/deliveryStreams';

describe('Direct PUT', () => {
  let delivery: Harness;
  let server: LoopbackServer;
  let client: FirehoseClient;

  async function start(limitFactor = 1, sourceStreamArn?: string) {
    delivery = await harness({ bufferBytes: 64 * 1024 * 1024, sourceStreamArn });
    server = await startFirehoseServer({
      find: (name) => (name === 'clicks' ? delivery.stream : undefined),
      limitFactor,
    });
    client = new FirehoseClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
    });
  }
  afterEach(async () => {
    client.destroy();
    await server.close();
    delivery.close();
  });

  const put = (...records: (string | Buffer)[]) =>
    client.send(
      new PutRecordBatchCommand({
        DeliveryStreamName: 'clicks',
        Records: records.map((data) => ({ Data: Buffer.from(data) })),
      }),
    );

  it('takes records one by one and in batches, and they are delivered as they are', async () => {
    await start();
    const one = await client.send(
      new PutRecordCommand({ DeliveryStreamName: 'clicks', Record: { Data: Buffer.from('one\n') } }),
    );
    expect(one.RecordId).toEqual(expect.any(String));
    const answer = await put('two\n', 'three');
    expect(answer.FailedPutCount).toBe(0);
    expect(answer.RequestResponses).toHaveLength(2);
    await delivery.stream.flush();
    expect([...delivery.objects.values()].map(String)).toEqual(['one\ntwo\nthree']);
  });

  it('fails only those records of a batch that pass the stream’s limit', async () => {
    // A fifth of 5 MiB a second: the first record takes all of it.
    await start(0.2);
    const answer = await put(Buffer.alloc(1_000 * 1024), Buffer.alloc(100 * 1024), 'x');
    expect(answer.RequestResponses?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'ServiceUnavailableException',
      undefined,
    ]);
    expect(answer.FailedPutCount).toBe(1);
  });

  it.each([
    ['no records', []],
    ['more than 500 records', Array.from({ length: 501 }, () => 'x')],
    ['a record of more than 1,000 KiB', [Buffer.alloc(1_000 * 1024 + 1)]],
  ])('refuses %s', async (_what, records) => {
    await start();
    await expect(put(...records)).rejects.toMatchObject({ name: 'ValidationException' });
    expect(delivery.stream.counts.recordsIn).toBe(0);
  });

  it('refuses a batch of more than 4 MiB', async () => {
    await start();
    await expect(put(...Array.from({ length: 5 }, () => Buffer.alloc(900 * 1024)))).rejects.toMatchObject({
      name: 'InvalidArgumentException',
    });
  });

  it('is not permitted for a delivery stream that reads a stream, or that is not there', async () => {
    await start(1, 'arn:aws:kinesis:us-east-1:000000000000:stream/s');
    await expect(put('x')).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    await expect(
      client.send(new PutRecordCommand({ DeliveryStreamName: 'other', Record: { Data: Buffer.from('x') } })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
