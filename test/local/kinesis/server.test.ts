import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import { AwsError } from '../../../local/http/awsError';
import type { Fault } from '../../../local/http/faults';
import { type KinesisServer, startKinesisServer } from '../../../local/kinesis/server';
import { clientConfig } from '../../support/conformance';

const NOON = Date.parse('2026-03-01T12:00:00Z');

describe('the Kinesis server', () => {
  const time = { millis: NOON };
  const faults: Fault[] = [];
  const seen: string[] = [];
  let server: KinesisServer;
  let client: KinesisClient;
  let retryingClient: KinesisClient;
  let streams = 0;

  beforeAll(async () => {
    server = await startKinesisServer({
      clock: () => time.millis,
      faults: {
        beforeOperation(operation) {
          seen.push(operation);
          return faults.shift();
        },
      },
    });
    client = new KinesisClient(clientConfig(server.url));
    retryingClient = new KinesisClient({ ...clientConfig(server.url), maxAttempts: 3 });
  });

  afterAll(async () => {
    client.destroy();
    retryingClient.destroy();
    await server.close();
  });

  function createStream(shardCount = 1): string {
    streams += 1;
    return server.streams.create({ name: `stream-${streams}`, shardCount }).name;
  }

  const records = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ Data: Buffer.from(`${i}`), PartitionKey: `${i}` }));

  it('fails only those records of a request that pass the limits of their shard', async () => {
    const StreamName = createStream();
    const put = () => client.send(new PutRecordsCommand({ StreamName, Records: records(400) }));
    const results = [await put(), await put(), await put()];
    expect(results.map(({ FailedRecordCount }) => FailedRecordCount)).toEqual([0, 0, 200]);
    const entries = results[2]?.Records ?? [];
    expect(entries.slice(0, 200).every(({ SequenceNumber }) => SequenceNumber !== undefined)).toBe(true);
    expect(entries[200]).toEqual({
      ErrorCode: 'ProvisionedThroughputExceededException',
      ErrorMessage: `Rate exceeded for shard shardId-000000000000 in stream ${StreamName} under account 000000000000.`,
    });
  });

  it('answers the reads of other shards when one is at its limit', async () => {
    const StreamName = createStream(2);
    const read = async (ShardId: string) => {
      const command = new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'LATEST' });
      const { ShardIterator } = await client.send(command);
      return () => client.send(new GetRecordsCommand({ ShardIterator }));
    };
    const [first, second] = [await read('shardId-000000000000'), await read('shardId-000000000001')];
    for (let i = 0; i < 5; i++) await first();
    await expect(first()).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    await expect(second()).resolves.toMatchObject({ Records: [] });
  });

  it('lets an iterator expire after five minutes', async () => {
    const StreamName = createStream();
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({
        StreamName,
        ShardId: 'shardId-000000000000',
        ShardIteratorType: 'LATEST',
      }),
    );
    time.millis += 300_001;
    await expect(client.send(new GetRecordsCommand({ ShardIterator }))).rejects.toMatchObject({
      name: 'ExpiredIteratorException',
    });
  });

  it('refuses the eleventh change of the shard count in 24 hours', async () => {
    const StreamName = createStream();
    const update = () =>
      client.send(
        new UpdateShardCountCommand({ StreamName, TargetShardCount: 1, ScalingType: 'UNIFORM_SCALING' }),
      );
    for (let i = 0; i < 10; i++) await update();
    await expect(update()).rejects.toMatchObject({ name: 'LimitExceededException' });
    time.millis += 86_400_001;
    await expect(update()).resolves.toMatchObject({ TargetShardCount: 1 });
  });

  it('lists shards page by page', async () => {
    const StreamName = createStream(5);
    const ids: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const input = NextToken ? { NextToken, MaxResults: 2 } : { StreamName, MaxResults: 2 };
      const page = await client.send(new ListShardsCommand(input));
      ids.push(...(page.Shards ?? []).map(({ ShardId }) => ShardId));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(ids).toEqual([0, 1, 2, 3, 4].map((i) => `shardId-${String(i).padStart(12, '0')}`));
  });

  it('shows in-process readers what clients put, and clients what was put in-process', async () => {
    const StreamName = createStream();
    const stream = server.streams.get(StreamName);
    await client.send(new PutRecordCommand({ StreamName, Data: Buffer.from('a'), PartitionKey: 'k' }));
    stream.put({ partitionKey: 'k', data: Buffer.from('b') });
    const { records: read } = stream.read(stream.startAt('shardId-000000000000', { type: 'TRIM_HORIZON' }));
    expect(read.map(({ data }) => data.toString())).toEqual(['a', 'b']);
  });

  it('refuses a request over 10 MiB whole', async () => {
    const StreamName = createStream();
    const Records = Array.from({ length: 11 }, () => ({ Data: Buffer.alloc(1_000_000), PartitionKey: 'k' }));
    await expect(client.send(new PutRecordsCommand({ StreamName, Records }))).rejects.toMatchObject({
      name: 'InvalidArgumentException',
    });
    expect(server.streams.get(StreamName).shard('shardId-000000000000').endOffset).toBe(1);
  });

  it('makes the SDK retry a throttled and a failed request', async () => {
    const StreamName = createStream();
    faults.push(
      { error: new AwsError('ProvisionedThroughputExceededException', 'Rate exceeded') },
      { error: new AwsError('InternalFailure', 'broken', 500) },
    );
    const put = new PutRecordCommand({ StreamName, Data: Buffer.from('a'), PartitionKey: 'k' });
    const { $metadata } = await retryingClient.send(put);
    expect($metadata.attempts).toBe(3);
  });

  it('can cut the connection before or after an operation is carried out', async () => {
    const StreamName = createStream();
    const stream = server.streams.get(StreamName);
    const put = () =>
      retryingClient.send(new PutRecordCommand({ StreamName, Data: Buffer.from('a'), PartitionKey: 'k' }));
    faults.push({ disconnect: 'before' });
    await put();
    expect(stream.shard('shardId-000000000000').endOffset).toBe(2);
    faults.push({ disconnect: 'after' });
    await put();
    // Stored once before the cut and once more by the SDK's retry: what exactly-once has to live with.
    expect(stream.shard('shardId-000000000000').endOffset).toBe(4);
  });

  it('tells the fault hook the operation and what was asked', async () => {
    seen.length = 0;
    await client.send(new ListShardsCommand({ StreamName: createStream() }));
    expect(seen).toEqual(['ListShards']);
  });
});
