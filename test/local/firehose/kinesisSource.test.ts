import { KinesisSource } from '../../../local/firehose/kinesisSource';
import { localStreamReader } from '../../../local/firehose/localStreamReader';
import { KinesisStreams } from '../../../local/kinesis/streams';
import { type Harness, harness } from '../../support/deliveryStreams';

describe('a delivery stream that reads a Kinesis stream', () => {
  let delivery: Harness;
  let errors: unknown[];
  let sources: { close(): Promise<void> }[];
  const streams = () => new KinesisStreams(Number.POSITIVE_INFINITY, Date.now);

  beforeEach(async () => {
    delivery = await harness();
    errors = [];
    sources = [];
  });
  afterEach(async () => {
    await Promise.all(sources.map((source) => source.close()));
    delivery.close();
    expect(errors).toEqual([]);
  });

  async function read(kinesis: KinesisStreams, name: string) {
    const source = await KinesisSource.start(
      localStreamReader(kinesis.get(name)),
      delivery.stream,
      5,
      (error) => errors.push(error),
    );
    sources.push(source);
    return source;
  }
  const delivered = () => [...delivery.objects.values()].map(String).join('');

  it('starts at the end and delivers everything that is put after that, from all shards', async () => {
    const kinesis = streams();
    const stream = kinesis.create({ name: 's', shardCount: 3 });
    stream.put({ partitionKey: 'a', data: Buffer.from('before') });
    const source = await read(kinesis, 's');
    for (let n = 0; n < 50; n++) stream.put({ partitionKey: `key${n}`, data: Buffer.from(`<${n}>`) });
    await source.catchUp();
    await delivery.stream.flush();
    expect(delivery.stream.counts.recordsIn).toBe(50);
    expect(delivered().match(/<\d+>/g)?.sort()).toEqual(
      Array.from({ length: 50 }, (_none, n) => `<${n}>`).sort(),
    );
    expect(delivered()).not.toContain('before');
  });

  it('tells the transform where each record came from, and when it arrived', async () => {
    const kinesis = new KinesisStreams(1, () => Date.UTC(2026, 10, 1, 12));
    const stream = kinesis.create({ name: 's', shardCount: 1 });
    const reader = localStreamReader(stream);
    const position = await reader.position('shardId-000000000000', 'LATEST');
    stream.put({ partitionKey: 'key', data: Buffer.from('x') });
    const { records, caughtUp } = await reader.read(position);
    expect(caughtUp).toBe(true);
    expect(records).toEqual([
      {
        data: Buffer.from('x'),
        arrivalMillis: Date.UTC(2026, 10, 1, 12),
        kinesis: {
          shardId: 'shardId-000000000000',
          partitionKey: 'key',
          sequenceNumber: expect.stringMatching(/^\d+$/),
        },
      },
    ]);
  });

  it('keeps to the limits of a shard: a read beyond them brings nothing and is tried again', async () => {
    const stream = new KinesisStreams(1, () => 0).create({ name: 's', shardCount: 1 });
    const reader = localStreamReader(stream);
    const position = await reader.position('shardId-000000000000', 'LATEST');
    stream.put({ partitionKey: 'key', data: Buffer.from('x') });
    const reads = [];
    for (let call = 0; call < 6; call++) reads.push(await reader.read(position));
    expect(reads.map(({ records }) => records.length)).toEqual([1, 1, 1, 1, 1, 0]);
    expect(reads[5]).toEqual({ records: [], next: position, caughtUp: false });
  });
});
