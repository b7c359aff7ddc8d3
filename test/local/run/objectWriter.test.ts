import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AwsError } from '../../../local/http/awsError';
import { ObjectWriter } from '../../../local/run/objectWriter';
import { type S3Server, startS3Server } from '../../../local/s3/server';

describe('writing delivered objects', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'writer-'));
  let server: S3Server;
  let writer: ObjectWriter;
  let failures: number;

  beforeAll(async () => {
    server = await startS3Server({
      directory: path.join(directory, 's3'),
      faults: {
        beforeOperation: () =>
          failures-- > 0 ? { error: new AwsError('AccessDenied', 'not now', 403) } : undefined,
      },
    });
    server.buckets.create('lake');
  });
  beforeEach(() => {
    failures = 0;
  });
  afterEach(() => writer.close());
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true });
  });

  const stored = (key: string) => readFileSync(server.buckets.pathOf('lake', key) ?? '', 'utf8');

  it('takes bytes, or the name of a file', async () => {
    writer = new ObjectWriter(server.url, 'us-east-1', 10_000);
    await writer.put('lake', 'events/bytes', Buffer.from('from memory'));
    const file = path.join(directory, 'object');
    writeFileSync(file, 'from disk');
    await writer.put('lake', 'events/file', file);
    expect([stored('events/bytes'), stored('events/file')]).toEqual(['from memory', 'from disk']);
  });

  it('keeps trying while S3 refuses', async () => {
    writer = new ObjectWriter(server.url, 'us-east-1', 10_000);
    failures = 1;
    await writer.put('lake', 'events/late', Buffer.from('late'));
    expect(stored('events/late')).toBe('late');
  });

  it('gives up, loudly, when its patience is over', async () => {
    writer = new ObjectWriter(server.url, 'us-east-1', 0);
    failures = Number.POSITIVE_INFINITY;
    await expect(writer.put('lake', 'events/never', Buffer.from('x'))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });
});
