/** The places where the stand-ins can be made to fail must fail the way AWS does. */
import { KinesisClient, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { localClientSettings } from '../../local/endpoints';
import { type KinesisServer, startKinesisServer } from '../../local/kinesis/server';
import type { PutOutcome } from '../../local/kinesis/stream';

describe('records that a stream refuses', () => {
  let server: KinesisServer;
  let client: KinesisClient;
  let refusal: Exclude<PutOutcome['kind'], 'stored'> | undefined;

  beforeAll(async () => {
    server = await startKinesisServer({
      refuseRecord: (shardId, { partitionKey }) =>
        partitionKey === 'refused' && refusal !== undefined ? { kind: refusal, shardId } : undefined,
    });
    server.streams.create({ name: 'clicks', shardCount: 2 });
    client = new KinesisClient({ ...localClientSettings(server.url), maxAttempts: 1 });
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });

  const Data = Buffer.from('x');
  const put = () =>
    client.send(
      new PutRecordsCommand({
        StreamName: 'clicks',
        Records: [
          { PartitionKey: 'taken', Data },
          { PartitionKey: 'refused', Data },
        ],
      }),
    );

  it('fail alone, with the code of their fault, and are not stored', async () => {
    refusal = 'failed';
    const before = server.streams.get('clicks').recordsPut;
    expect(await put()).toMatchObject({
      FailedRecordCount: 1,
      Records: [{ SequenceNumber: expect.any(String) }, { ErrorCode: 'InternalFailure' }],
    });
    refusal = 'throttled';
    expect(await put()).toMatchObject({
      FailedRecordCount: 1,
      Records: [
        { SequenceNumber: expect.any(String) },
        { ErrorCode: 'ProvisionedThroughputExceededException' },
      ],
    });
    expect(server.streams.get('clicks').recordsPut - before).toBe(2);
  });

  it('fail a PutRecord as a whole', async () => {
    refusal = 'failed';
    const one = new PutRecordCommand({ StreamName: 'clicks', PartitionKey: 'refused', Data });
    await expect(client.send(one)).rejects.toMatchObject({ name: 'InternalFailure' });
  });
});
