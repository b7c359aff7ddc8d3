import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ParquetWriter } from '../../../local/firehose/parquetWriter';
import { KinesisStreams } from '../../../local/kinesis/streams';
import { LocalDelivery } from '../../../local/run/delivery';
import type { PipelineDefinition } from '../../../local/template/definitions';
import { definition } from '../../support/deliveryStreams';

const SOURCE = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';

const pipeline: PipelineDefinition = {
  region: 'us-east-1',
  account: '000000000000',
  streams: [{ arn: SOURCE, name: 's', shardCount: 1, retentionHours: 24 }],
  buckets: [],
  queues: [],
  tables: [],
  deliveryStreams: [
    definition({
      sourceStreamArn: SOURCE,
      transform: { functionArn: 'fn', bufferBytes: 6, bufferMillis: 3_600_000, retries: 0 },
    }),
  ],
  functions: [],
  schedules: [],
  customResources: [],
  cluster: { identifier: 'c', databaseName: 'd', adminSecretArn: 'a' },
};

describe('draining the delivery', () => {
  const scratchDirectory = mkdtempSync(path.join(tmpdir(), 'drain-'));
  afterAll(() => rmSync(scratchDirectory, { recursive: true }));

  it('goes on until events that the transform puts back, again and again, have come through', async () => {
    const kinesis = new KinesisStreams(Number.POSITIVE_INFINITY, Date.now);
    const stream = kinesis.create({ name: 's', shardCount: 1 });
    const put = (text: string) => stream.put({ partitionKey: text, data: Buffer.from(text) });
    const objects: string[] = [];
    const errors: unknown[] = [];
    const parquetWriter = await ParquetWriter.open();
    const delivery = new LocalDelivery(pipeline, {
      // "name:2" goes back as "name:1"; "name:0" is delivered.
      invoke: async (_arn, event) => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        const { records } = event as { records: { recordId: string; data: string }[] };
        const answers = records.map(({ recordId, data }) => {
          const [name = '', left = ''] = Buffer.from(data, 'base64').toString().split(':');
          if (left === '0') return { recordId, result: 'Ok', data };
          put(`${name}:${Number(left) - 1}`);
          return { recordId, result: 'Dropped' };
        });
        return { records: answers };
      },
      putObject: async (_bucket, _key, body) => {
        objects.push(String(body));
      },
      parquetWriter,
      scratchDirectory,
      speedUp: 1_000,
      onError: (error) => errors.push(error),
    });
    await delivery.start(kinesis);
    // Two records a batch: "a" is put back and read again while the other batch is being transformed.
    for (const text of ['a:2', 'b:0', 'c:0', 'd:0']) put(text);
    await delivery.drain();
    await delivery.close();
    parquetWriter.close();
    expect(errors).toEqual([]);
    expect(objects.join('').match(/\w:0/g)?.sort()).toEqual(['a:0', 'b:0', 'c:0', 'd:0']);
    expect(delivery.streams.get('clicks')?.counts).toMatchObject({
      recordsIn: 6,
      recordsDropped: 2,
      rowsDelivered: 4,
    });
  });
});
