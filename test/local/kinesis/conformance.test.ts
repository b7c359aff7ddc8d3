import {
  CreateStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  KinesisClient,
  ListShardsCommand,
  ListStreamsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import { startKinesisServer } from '../../../local/kinesis/server';
import {
  clientConfig,
  conformanceTest,
  startKinesalite,
  type Target,
  type TargetName,
} from '../../support/conformance';

const TARGETS: readonly { name: TargetName; start: () => Promise<Target> }[] = [
  { name: 'ours', start: () => startKinesisServer() },
  { name: 'kinesalite', start: startKinesalite },
];

const SHARD_0 = 'shardId-000000000000';
const text = (data: Uint8Array | undefined) => Buffer.from(data ?? []).toString();

describe.each(TARGETS)('the Kinesis API of $name', ({ name, start }) => {
  const check = conformanceTest(name);
  let target: Target;
  let client: KinesisClient;
  let streams = 0;

  beforeAll(async () => {
    target = await start();
    client = new KinesisClient(clientConfig(target.url));
  });

  afterAll(async () => {
    client.destroy();
    await target.close();
  });

  async function createStream(shardCount = 1): Promise<string> {
    streams += 1;
    const StreamName = `stream-${streams}`;
    await client.send(new CreateStreamCommand({ StreamName, ShardCount: shardCount }));
    for (;;) {
      const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
      if (StreamDescription?.StreamStatus === 'ACTIVE') return StreamName;
    }
  }

  async function put(StreamName: string, ...bodies: string[]): Promise<string[]> {
    const Records = bodies.map((body) => ({ Data: Buffer.from(body), PartitionKey: body }));
    const { Records: results } = await client.send(new PutRecordsCommand({ StreamName, Records }));
    return (results ?? []).map(({ SequenceNumber }) => SequenceNumber ?? '');
  }

  async function iterator(
    StreamName: string,
    input: Partial<GetShardIteratorCommandInput> = {},
  ): Promise<string | undefined> {
    const command = new GetShardIteratorCommand({
      StreamName,
      ShardId: SHARD_0,
      ShardIteratorType: 'TRIM_HORIZON',
      ...input,
    });
    return (await client.send(command)).ShardIterator;
  }

  async function read(
    StreamName: string,
    input: Partial<GetShardIteratorCommandInput> = {},
  ): Promise<GetRecordsCommandOutput> {
    return client.send(new GetRecordsCommand({ ShardIterator: await iterator(StreamName, input) }));
  }

  async function bodies(StreamName: string, input: Partial<GetShardIteratorCommandInput> = {}) {
    return ((await read(StreamName, input)).Records ?? []).map(({ Data }) => text(Data));
  }

  check('answers what was put, byte for byte, in order, with the key and the time of arrival', async () => {
    const stream = await createStream();
    const data = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const before = Date.now();
    await client.send(new PutRecordCommand({ StreamName: stream, Data: data, PartitionKey: 'schlüssel' }));
    await put(stream, 'b', 'c');
    const { Records = [], MillisBehindLatest } = await read(stream);
    expect(Records.map(({ PartitionKey }) => PartitionKey)).toEqual(['schlüssel', 'b', 'c']);
    expect(Buffer.from(Records[0]?.Data ?? []).equals(data)).toBe(true);
    expect(Records[0]?.ApproximateArrivalTimestamp?.getTime()).toBeGreaterThanOrEqual(before - 1);
    expect(MillisBehindLatest).toBe(0);
  });

  check('gives sequence numbers that grow, as decimal numbers', async () => {
    const stream = await createStream();
    const numbers = [...(await put(stream, 'a', 'b', 'c')), ...(await put(stream, 'd'))].map(BigInt);
    expect(numbers).toHaveLength(4);
    expect([...numbers].sort((a, b) => (a < b ? -1 : 1))).toEqual(numbers);
    expect(new Set(numbers).size).toBe(4);
  });

  check('routes a record by the MD5 of its partition key', async () => {
    const stream = await createStream(4);
    // MD5 of these keys begins with 0c, 92, 4a and e1: one in each quarter of the hash keys.
    const keys = ['a', 'b', 'c', 'e'];
    const { Records = [] } = await client.send(
      new PutRecordsCommand({
        StreamName: stream,
        Records: keys.map((PartitionKey) => ({ Data: Buffer.from('x'), PartitionKey })),
      }),
    );
    expect(Records.map(({ ShardId }) => ShardId)).toEqual([
      SHARD_0,
      'shardId-000000000002',
      'shardId-000000000001',
      'shardId-000000000003',
    ]);
  });

  check('routes a record by its explicit hash key when it has one', async () => {
    const stream = await createStream(2);
    const half = (2n ** 127n).toString();
    const results: (string | undefined)[] = [];
    for (const ExplicitHashKey of ['0', (2n ** 127n - 1n).toString(), half, (2n ** 128n - 1n).toString()]) {
      const result = await client.send(
        new PutRecordCommand({
          StreamName: stream,
          Data: Buffer.from('x'),
          PartitionKey: 'a',
          ExplicitHashKey,
        }),
      );
      results.push(result.ShardId);
    }
    expect(results).toEqual([SHARD_0, SHARD_0, 'shardId-000000000001', 'shardId-000000000001']);
  });

  check('refuses an explicit hash key past 2^128 - 1', async () => {
    const StreamName = await createStream();
    const ExplicitHashKey = (2n ** 128n).toString();
    const command = new PutRecordCommand({
      StreamName,
      Data: Buffer.from('x'),
      PartitionKey: 'a',
      ExplicitHashKey,
    });
    await expect(client.send(command)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  check('shares the hash keys among the shards without gap or overlap', async () => {
    const StreamName = await createStream(3);
    const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
    const ranges = Shards.map(({ HashKeyRange }) => [
      BigInt(HashKeyRange?.StartingHashKey ?? -1),
      BigInt(HashKeyRange?.EndingHashKey ?? -1),
    ]);
    const third = 2n ** 128n / 3n;
    expect(ranges).toEqual([
      [0n, third - 1n],
      [third, 2n * third - 1n],
      [2n * third, 2n ** 128n - 1n],
    ]);
  });

  check('reads on from where an iterator of each type points to', async () => {
    const stream = await createStream();
    const [first, second] = await put(stream, 'a', 'b', 'c');
    const latest = await iterator(stream, { ShardIteratorType: 'LATEST' });
    await put(stream, 'd');
    const at = { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: second } as const;
    expect(await bodies(stream, at)).toEqual(['b', 'c', 'd']);
    const after = { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: first } as const;
    expect(await bodies(stream, after)).toEqual(['b', 'c', 'd']);
    const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator: latest }));
    expect(Records.map(({ Data }) => text(Data))).toEqual(['d']);
  });

  check('reads from a time', async () => {
    const stream = await createStream();
    await put(stream, 'a');
    const epoch = { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(1_000) } as const;
    expect(await bodies(stream, epoch)).toEqual(['a']);
  });

  check(
    'reads nothing from a time after the last record',
    async () => {
      const stream = await createStream();
      await put(stream, 'a');
      const { Records } = await read(stream);
      const arrivedAtMillis = Records?.[0]?.ApproximateArrivalTimestamp?.getTime() ?? 0;
      while (Date.now() <= arrivedAtMillis + 1);
      const since = { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(arrivedAtMillis + 1) } as const;
      expect(await bodies(stream, since)).toEqual([]);
    },
    { kinesalite: { skipped: 'kinesalite never answers when no record is that late' } },
  );

  check('refuses a time in the future', async () => {
    const stream = await createStream();
    const future = { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(Date.now() + 600_000) } as const;
    await expect(iterator(stream, future)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  check('answers at most as many records as asked for, and goes on with the next iterator', async () => {
    const stream = await createStream();
    await put(stream, 'a', 'b', 'c');
    const first = await client.send(
      new GetRecordsCommand({ ShardIterator: await iterator(stream), Limit: 2 }),
    );
    const rest = await client.send(
      new GetRecordsCommand({ ShardIterator: first.NextShardIterator, Limit: 2 }),
    );
    expect(first.Records?.map(({ Data }) => text(Data))).toEqual(['a', 'b']);
    expect(rest.Records?.map(({ Data }) => text(Data))).toEqual(['c']);
    expect(rest.MillisBehindLatest).toBe(0);
  });

  check(
    'says how far behind a reader is',
    async () => {
      const stream = await createStream();
      await put(stream, 'a', 'b');
      const first = await client.send(
        new GetRecordsCommand({ ShardIterator: await iterator(stream), Limit: 1 }),
      );
      expect(first.MillisBehindLatest).toBeGreaterThan(0);
    },
    { kinesalite: { fails: 'it always says 0' } },
  );

  check('refuses an iterator it did not make', async () => {
    const command = new GetRecordsCommand({ ShardIterator: 'AAAAnonsense' });
    await expect(client.send(command)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  check('refuses a sequence number that is none of the stream’s', async () => {
    const stream = await createStream();
    const wrong = { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: '12345' } as const;
    await expect(iterator(stream, wrong)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  check('knows no stream and no shard that was not created', async () => {
    const stream = await createStream();
    const notFound = { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 400 } };
    await expect(put('no-such-stream', 'a')).rejects.toMatchObject(notFound);
    await expect(iterator(stream, { ShardId: 'shardId-000000000007' })).rejects.toMatchObject(notFound);
  });

  check('creates no stream twice', async () => {
    const StreamName = await createStream();
    const command = new CreateStreamCommand({ StreamName, ShardCount: 1 });
    await expect(client.send(command)).rejects.toMatchObject({ name: 'ResourceInUseException' });
  });

  check('lists and summarises streams', async () => {
    const StreamName = await createStream(2);
    const { StreamNames } = await client.send(new ListStreamsCommand({ Limit: 100 }));
    expect(StreamNames).toContain(StreamName);
    const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
    expect(StreamDescriptionSummary).toMatchObject({
      StreamName,
      OpenShardCount: 2,
      RetentionPeriodHours: 24,
      StreamStatus: 'ACTIVE',
    });
  });

  check(
    'refuses more than 500 records, an oversized record and an empty key, and stores none of the request',
    async () => {
      const stream = await createStream();
      const record = { Data: Buffer.from('x'), PartitionKey: 'a' };
      const send = (Records: (typeof record)[]) =>
        client.send(new PutRecordsCommand({ StreamName: stream, Records }));
      const refused = { name: 'ValidationException' };
      await expect(send(Array(501).fill(record))).rejects.toMatchObject(refused);
      await expect(send([record, { ...record, Data: Buffer.alloc(1024 * 1024 + 1) }])).rejects.toMatchObject(
        refused,
      );
      await expect(send([record, { ...record, PartitionKey: '' }])).rejects.toMatchObject(refused);
      await expect(send([record, { ...record, PartitionKey: 'k'.repeat(257) }])).rejects.toMatchObject(
        refused,
      );
      expect(await bodies(stream)).toEqual([]);
    },
  );

  check(
    'counts the partition key against the size of a record',
    async () => {
      const StreamName = await createStream();
      const command = new PutRecordCommand({
        StreamName,
        Data: Buffer.alloc(1024 * 1024),
        PartitionKey: 'a',
      });
      await expect(client.send(command)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    },
    { kinesalite: { fails: 'it counts the data alone' } },
  );

  check('splits a shard at a hash key; the parent can be read to its end', async () => {
    const StreamName = await createStream();
    await put(StreamName, 'a', 'b');
    const NewStartingHashKey = (2n ** 127n).toString();
    await client.send(new SplitShardCommand({ StreamName, ShardToSplit: SHARD_0, NewStartingHashKey }));
    const shards = await activeShards(StreamName, 3);
    expect(shards.map(({ ParentShardId }) => ParentShardId)).toEqual([undefined, SHARD_0, SHARD_0]);
    expect(shards[0]?.SequenceNumberRange?.EndingSequenceNumber).toBeDefined();
    expect(shards[2]?.HashKeyRange?.StartingHashKey).toBe(NewStartingHashKey);

    const parentBodies: string[] = [];
    for (let next = await iterator(StreamName); next !== undefined; ) {
      const answer = await client.send(new GetRecordsCommand({ ShardIterator: next }));
      parentBodies.push(...(answer.Records ?? []).map(({ Data }) => text(Data)));
      next = answer.NextShardIterator;
    }
    expect(parentBodies).toEqual(['a', 'b']);
  });

  check(
    'names the children at the end of a closed shard',
    async () => {
      const StreamName = await createStream();
      const NewStartingHashKey = (2n ** 127n).toString();
      await client.send(new SplitShardCommand({ StreamName, ShardToSplit: SHARD_0, NewStartingHashKey }));
      await activeShards(StreamName, 3);
      const { ChildShards = [] } = await read(StreamName);
      expect(ChildShards.map(({ ShardId, ParentShards }) => [ShardId, ParentShards])).toEqual([
        ['shardId-000000000001', [SHARD_0]],
        ['shardId-000000000002', [SHARD_0]],
      ]);
    },
    { kinesalite: { fails: 'it does not name children' } },
  );

  check('merges adjacent shards', async () => {
    const StreamName = await createStream(2);
    await client.send(
      new MergeShardsCommand({
        StreamName,
        ShardToMerge: SHARD_0,
        AdjacentShardToMerge: 'shardId-000000000001',
      }),
    );
    const shards = await activeShards(StreamName, 3);
    expect(shards[2]).toMatchObject({
      ParentShardId: SHARD_0,
      AdjacentParentShardId: 'shardId-000000000001',
      HashKeyRange: { StartingHashKey: '0', EndingHashKey: (2n ** 128n - 1n).toString() },
    });
  });

  check('refuses to merge shards that are not adjacent', async () => {
    const StreamName = await createStream(3);
    const command = new MergeShardsCommand({
      StreamName,
      ShardToMerge: SHARD_0,
      AdjacentShardToMerge: 'shardId-000000000002',
    });
    await expect(client.send(command)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  check(
    'brings a stream to a number of even shards',
    async () => {
      const StreamName = await createStream(2);
      const result = await client.send(
        new UpdateShardCountCommand({ StreamName, TargetShardCount: 4, ScalingType: 'UNIFORM_SCALING' }),
      );
      expect(result).toMatchObject({ CurrentShardCount: 2, TargetShardCount: 4 });
      const { Shards = [] } = await client.send(
        new ListShardsCommand({ StreamName, ShardFilter: { Type: 'AT_LATEST' } }),
      );
      expect(Shards.map(({ HashKeyRange }) => HashKeyRange?.StartingHashKey)).toEqual(
        [0n, 2n ** 126n, 2n ** 127n, 3n * 2n ** 126n].map(String),
      );
    },
    { kinesalite: { fails: 'it has no UpdateShardCount' } },
  );

  /** The stream's shards once it is active and has as many. */
  async function activeShards(StreamName: string, count: number) {
    for (;;) {
      const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
      const shards = StreamDescription?.Shards ?? [];
      if (StreamDescription?.StreamStatus === 'ACTIVE' && shards.length === count) return shards;
    }
  }
});
