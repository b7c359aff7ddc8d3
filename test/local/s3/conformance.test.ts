import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  ChecksumAlgorithm,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { startS3Server } from '../../../local/s3/server';
import {
  clientConfig,
  conformanceTest,
  startFauxqs,
  type Target,
  type TargetName,
} from '../../support/conformance';
import { tempDirectory } from '../../support/tempDirectory';

const directory = tempDirectory('s3');

const TARGETS: readonly { name: TargetName; start: () => Promise<Target> }[] = [
  { name: 'ours', start: () => startS3Server({ directory }) },
  { name: 'fauxqs', start: startFauxqs },
];

const md5 = (body: Buffer | string) => createHash('md5').update(body).digest('hex');
const bytes = (length: number) => Buffer.from(Array.from({ length }, (_, i) => (i * 7) % 256));

describe.each(TARGETS)('the S3 API of $name', ({ name, start }) => {
  const check = conformanceTest(name);
  let target: Target;
  let client: S3Client;
  let buckets = 0;

  beforeAll(async () => {
    target = await start();
    client = new S3Client(clientConfig(target.url));
  });

  afterAll(async () => {
    client.destroy();
    await target.close();
  });

  async function createBucket(): Promise<string> {
    buckets += 1;
    await client.send(new CreateBucketCommand({ Bucket: `bucket-${buckets}` }));
    return `bucket-${buckets}`;
  }

  const put = (Bucket: string, Key: string, Body: PutObjectCommandInput['Body'] = 'x', more = {}) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));

  async function get(Bucket: string, Key: string, more: Partial<GetObjectCommandInput> = {}) {
    const answer = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
    return { ...answer, bytes: Buffer.from((await answer.Body?.transformToByteArray()) ?? []) };
  }

  async function list(Bucket: string, more: Partial<ListObjectsV2CommandInput> = {}) {
    const page = await client.send(new ListObjectsV2Command({ Bucket, ...more }));
    return { ...page, keys: (page.Contents ?? []).map(({ Key }) => Key) };
  }

  const noVersions = { fauxqs: { fails: 'it has no versioning' } };

  async function createVersionedBucket(): Promise<string> {
    const Bucket = await createBucket();
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    return Bucket;
  }

  /** Versions and delete markers, `+` the latest, in the order given. */
  async function versions(Bucket: string, more: Partial<ListObjectVersionsCommandInput> = {}) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, ...more }));
    const show = (mark: string) => (version: { Key?: string; IsLatest?: boolean }) =>
      `${version.Key}${mark}${version.IsLatest ? '+' : ''}`;
    return {
      ...page,
      shown: [...(page.Versions ?? []).map(show('')), ...(page.DeleteMarkers ?? []).map(show(' deleted'))],
    };
  }

  check(
    'keeps what is written over or deleted in a versioned bucket, and gives it by version',
    async () => {
      const Bucket = await createVersionedBucket();
      expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
      const first = await put(Bucket, 'a', 'first');
      const second = await put(Bucket, 'a', 'second', { Metadata: { origin: 'test' } });
      const marker = await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
      expect(new Set([first.VersionId, second.VersionId, marker.VersionId]).size).toBe(3);
      expect(marker.DeleteMarker).toBe(true);
      expect((await list(Bucket)).keys).toEqual([]);
      expect((await versions(Bucket)).shown).toEqual(['a', 'a', 'a deleted+']);
      await expect(get(Bucket, 'a')).rejects.toMatchObject({ name: 'NoSuchKey' });
      await expect(get(Bucket, 'a', { VersionId: marker.VersionId })).rejects.toMatchObject({
        name: 'MethodNotAllowed',
      });
      const read = await get(Bucket, 'a', { VersionId: first.VersionId });
      expect([read.bytes.toString(), read.VersionId]).toEqual(['first', first.VersionId]);
      const head = await client.send(
        new HeadObjectCommand({ Bucket, Key: 'a', VersionId: second.VersionId }),
      );
      expect(head).toMatchObject({ ContentLength: 6, Metadata: { origin: 'test' } });
    },
    noVersions,
  );

  check(
    'makes the newest version that is left the current one when the latest is deleted',
    async () => {
      const Bucket = await createVersionedBucket();
      const first = await put(Bucket, 'a', 'first');
      const second = await put(Bucket, 'a', 'second');
      const marker = await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
      const remove = (VersionId: string | undefined) =>
        client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'a', VersionId }] } }));
      await remove(marker.VersionId);
      expect((await get(Bucket, 'a')).bytes.toString()).toBe('second');
      await client.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: second.VersionId }));
      expect((await get(Bucket, 'a')).bytes.toString()).toBe('first');
      await remove(first.VersionId);
      expect((await versions(Bucket)).shown).toEqual([]);
      await expect(get(Bucket, 'a', { VersionId: first.VersionId })).rejects.toMatchObject({
        name: 'NoSuchVersion',
      });
    },
    noVersions,
  );

  check(
    'has one version, called null, of what was written before versioning',
    async () => {
      const Bucket = await createBucket();
      await put(Bucket, 'a', 'before');
      expect((await versions(Bucket)).Versions).toMatchObject([
        { Key: 'a', VersionId: 'null', IsLatest: true },
      ]);
      const VersioningConfiguration = { Status: 'Enabled' as const };
      await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
      await put(Bucket, 'a', 'after');
      expect((await get(Bucket, 'a', { VersionId: 'null' })).bytes.toString()).toBe('before');
      await client.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: 'null' }));
      expect((await versions(Bucket)).shown).toEqual(['a+']);
    },
    noVersions,
  );

  check(
    'lists versions in pages, newest first, and common prefixes',
    async () => {
      const Bucket = await createVersionedBucket();
      for (const Key of ['a', 'b/1', 'b/1', 'b/2', 'c', 'c']) await put(Bucket, Key);
      const shown: string[] = [];
      let markers: Partial<ListObjectVersionsCommandInput> = {};
      do {
        const page = await versions(Bucket, { MaxKeys: 2, ...markers });
        shown.push(...page.shown);
        markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      } while (markers.KeyMarker !== undefined);
      expect(shown).toEqual(['a+', 'b/1+', 'b/1', 'b/2+', 'c+', 'c']);
      const page = await versions(Bucket, { Delimiter: '/', MaxKeys: 2 });
      expect([page.shown, page.CommonPrefixes, page.IsTruncated]).toEqual([['a+'], [{ Prefix: 'b/' }], true]);
      const rest = await versions(Bucket, { Delimiter: '/', KeyMarker: page.NextKeyMarker });
      expect([rest.shown, rest.CommonPrefixes]).toEqual([['c+', 'c'], undefined]);
    },
    noVersions,
  );

  check('answers an object byte for byte, with type, tag, time and metadata', async () => {
    const Bucket = await createBucket();
    const body = bytes(100_000);
    const before = Date.now();
    const { ETag } = await put(Bucket, 'a/b.bin', body, {
      ContentType: 'application/x-test',
      Metadata: { origin: 'test' },
    });
    expect(ETag).toBe(`"${md5(body)}"`);
    const answer = await get(Bucket, 'a/b.bin');
    expect(answer.bytes.equals(body)).toBe(true);
    expect(answer).toMatchObject({
      ETag,
      ContentLength: body.length,
      ContentType: 'application/x-test',
      Metadata: { origin: 'test' },
    });
    expect(answer.LastModified?.getTime()).toBeGreaterThanOrEqual(before - 1_000);
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'a/b.bin' }));
    expect(head).toMatchObject({ ETag, ContentLength: body.length, Metadata: { origin: 'test' } });
  });

  check(
    'keeps the content encoding of the object, without how the body travelled',
    async () => {
      const Bucket = await createBucket();
      await put(Bucket, 'a.gz', Readable.from([bytes(10)]), { ContentEncoding: 'gzip', ContentLength: 10 });
      expect((await get(Bucket, 'a.gz')).ContentEncoding).toBe('gzip');
    },
    { fauxqs: { fails: 'it drops Content-Encoding' } },
  );

  check(
    'keeps further headers of the upload',
    async () => {
      const Bucket = await createBucket();
      const headers = { CacheControl: 'no-cache', ContentDisposition: 'inline', ContentLanguage: 'de' };
      await put(Bucket, 'a', 'x', headers);
      expect(await get(Bucket, 'a')).toMatchObject({ ...headers, AcceptRanges: 'bytes' });
    },
    { fauxqs: { fails: 'it drops them' } },
  );

  check('takes a streamed body, whose checksum follows as a trailer', async () => {
    const Bucket = await createBucket();
    const chunks = [bytes(70_000), bytes(3), bytes(65_536)];
    const whole = Buffer.concat(chunks);
    const { ETag } = await put(Bucket, 'streamed', Readable.from(chunks), { ContentLength: whole.length });
    expect(ETag).toBe(`"${md5(whole)}"`);
    expect((await get(Bucket, 'streamed')).bytes.equals(whole)).toBe(true);
  });

  check('takes an empty body', async () => {
    const Bucket = await createBucket();
    await put(Bucket, 'empty', Buffer.alloc(0));
    expect((await get(Bucket, 'empty')).bytes).toHaveLength(0);
  });

  check(
    'verifies checksums of every algorithm',
    async () => {
      const Bucket = await createBucket();
      for (const algorithm of [
        ChecksumAlgorithm.CRC32,
        ChecksumAlgorithm.CRC32C,
        ChecksumAlgorithm.SHA1,
        ChecksumAlgorithm.SHA256,
      ]) {
        await put(Bucket, algorithm, bytes(1_000), { ChecksumAlgorithm: algorithm });
        const { ChecksumCRC32, ChecksumCRC32C, ChecksumSHA1, ChecksumSHA256 } = await get(Bucket, algorithm, {
          ChecksumMode: 'ENABLED',
        });
        const found = [ChecksumCRC32, ChecksumCRC32C, ChecksumSHA1, ChecksumSHA256].filter(Boolean);
        expect(found).toHaveLength(1);
      }
    },
    { fauxqs: { fails: 'it keeps no checksums' } },
  );

  check(
    'refuses a body that does not match its checksum or its MD5',
    async () => {
      const Bucket = await createBucket();
      const refused = { name: 'BadDigest', $metadata: { httpStatusCode: 400 } };
      await expect(put(Bucket, 'a', 'x', { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject(refused);
      const ContentMD5 = createHash('md5').update('y').digest('base64');
      await expect(put(Bucket, 'a', 'x', { ContentMD5 })).rejects.toMatchObject(refused);
      expect((await list(Bucket)).keys).toEqual([]);
    },
    { fauxqs: { fails: 'it verifies nothing' } },
  );

  check('answers ranges of every form', async () => {
    const Bucket = await createBucket();
    await put(Bucket, 'a', '0123456789');
    const ranged = async (Range: string) => {
      const answer = await get(Bucket, 'a', { Range });
      return [answer.bytes.toString(), answer.ContentRange, answer.$metadata.httpStatusCode];
    };
    expect(await ranged('bytes=2-4')).toEqual(['234', 'bytes 2-4/10', 206]);
    expect(await ranged('bytes=7-')).toEqual(['789', 'bytes 7-9/10', 206]);
    expect(await ranged('bytes=-3')).toEqual(['789', 'bytes 7-9/10', 206]);
    expect(await ranged('bytes=5-100')).toEqual(['56789', 'bytes 5-9/10', 206]);
    await expect(ranged('bytes=10-')).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
    });
  });

  check(
    'answers the whole object for a suffix longer than it',
    async () => {
      const Bucket = await createBucket();
      await put(Bucket, 'a', '0123456789');
      expect((await get(Bucket, 'a', { Range: 'bytes=-100' })).bytes.toString()).toBe('0123456789');
    },
    { fauxqs: { fails: 'it answers InvalidRange' } },
  );

  check(
    'writes only if the key is free, when asked to',
    async () => {
      const Bucket = await createBucket();
      await put(Bucket, 'a', 'first', { IfNoneMatch: '*' });
      await expect(put(Bucket, 'a', 'second', { IfNoneMatch: '*' })).rejects.toMatchObject({
        name: 'PreconditionFailed',
        $metadata: { httpStatusCode: 412 },
      });
      expect((await get(Bucket, 'a')).bytes.toString()).toBe('first');
    },
    { fauxqs: { fails: 'it ignores conditions of writes' } },
  );

  check(
    'lets one of many conditional writers win',
    async () => {
      const Bucket = await createBucket();
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, (_, i) => put(Bucket, 'a', bytes(50_000 + i), { IfNoneMatch: '*' })),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    },
    { fauxqs: { fails: 'it ignores conditions of writes' } },
  );

  check(
    'writes only over the version that is named',
    async () => {
      const Bucket = await createBucket();
      const { ETag } = await put(Bucket, 'a', 'first');
      await put(Bucket, 'a', 'second', { IfMatch: ETag });
      await expect(put(Bucket, 'a', 'third', { IfMatch: ETag })).rejects.toMatchObject({
        name: 'PreconditionFailed',
      });
      expect((await get(Bucket, 'a')).bytes.toString()).toBe('second');
    },
    { fauxqs: { fails: 'it ignores conditions of writes' } },
  );

  check('answers 304 and 412 to conditional reads', async () => {
    const Bucket = await createBucket();
    const { ETag } = await put(Bucket, 'a');
    await expect(get(Bucket, 'a', { IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    await expect(get(Bucket, 'a', { IfMatch: '"other"' })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 412 },
    });
    expect((await get(Bucket, 'a', { IfMatch: ETag, IfNoneMatch: '"other"' })).bytes.toString()).toBe('x');
  });

  check('knows no key and no bucket that is not there', async () => {
    const Bucket = await createBucket();
    await expect(get(Bucket, 'nope')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'nope' }))).rejects.toMatchObject({
      name: 'NotFound',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(get('no-such-bucket', 'a')).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await expect(put('no-such-bucket', 'a')).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await expect(list('no-such-bucket')).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  check('keeps keys of every kind apart', async () => {
    const Bucket = await createBucket();
    const keys = [
      'a',
      'a/b',
      'a//b',
      'a/',
      '../up',
      'x/../../y',
      './a',
      'with space+plus%20percent',
      'ümläut/日本/😀',
      'query?a=b&c#d',
      'A',
      'quote"<&>',
      `${'long/'.repeat(100)}${'n'.repeat(300)}`,
    ];
    for (const key of keys) await put(Bucket, key, `body of ${key}`);
    for (const key of keys) expect((await get(Bucket, key)).bytes.toString()).toBe(`body of ${key}`);
    expect((await list(Bucket)).keys.sort()).toEqual([...keys].sort());
    for (const key of keys) await client.send(new DeleteObjectCommand({ Bucket, Key: key }));
    expect((await list(Bucket)).keys).toEqual([]);
  });

  check(
    'lists keys in the order of their UTF-8 bytes',
    async () => {
      const Bucket = await createBucket();
      for (const key of ['a', 'B', 'ü', 'a/b', 'a.b', '\u{1F600}', '\uFFFD', '~']) await put(Bucket, key);
      expect((await list(Bucket)).keys).toEqual(['B', 'a', 'a.b', 'a/b', '~', 'ü', '\uFFFD', '\u{1F600}']);
    },
    { fauxqs: { fails: 'it lists in the order of a locale' } },
  );

  check('deletes without an error what is not there', async () => {
    const Bucket = await createBucket();
    const { $metadata } = await client.send(new DeleteObjectCommand({ Bucket, Key: 'nope' }));
    expect($metadata.httpStatusCode).toBe(204);
  });

  check('deletes many objects at once', async () => {
    const Bucket = await createBucket();
    for (const key of ['a', 'b&<>', 'c']) await put(Bucket, key);
    const Objects = ['a', 'b&<>', 'nope'].map((Key) => ({ Key }));
    const { Deleted, Errors = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects } }),
    );
    expect(Deleted?.map(({ Key }) => Key)).toEqual(['a', 'b&<>', 'nope']);
    expect(Errors).toEqual([]);
    expect((await list(Bucket)).keys).toEqual(['c']);
  });

  check('lists a prefix page by page', async () => {
    const Bucket = await createBucket();
    const keys = Array.from({ length: 7 }, (_, i) => `in/${i}`);
    for (const key of ['before', ...keys, 'zz']) await put(Bucket, key);
    const pages: (string | undefined)[][] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await list(Bucket, { Prefix: 'in/', MaxKeys: 3, ContinuationToken });
      pages.push(page.keys);
      expect(page.KeyCount).toBe(page.keys.length);
      ContinuationToken = page.NextContinuationToken;
      expect(page.IsTruncated).toBe(ContinuationToken !== undefined);
    } while (ContinuationToken !== undefined);
    expect(pages).toEqual([keys.slice(0, 3), keys.slice(3, 6), keys.slice(6)]);
  });

  check('folds what follows a delimiter into common prefixes, which count as entries of a page', async () => {
    const Bucket = await createBucket();
    for (const key of ['p/a/1', 'p/a/2', 'p/b', 'p/c/1', 'p/d', 'q']) await put(Bucket, key);
    const entries = async (ContinuationToken?: string) => {
      const page = await list(Bucket, { Prefix: 'p/', Delimiter: '/', MaxKeys: 2, ContinuationToken });
      return { ...page, prefixes: (page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix) };
    };
    const first = await entries();
    expect([first.prefixes, first.keys, first.IsTruncated]).toEqual([['p/a/'], ['p/b'], true]);
    const second = await entries(first.NextContinuationToken);
    expect([second.prefixes, second.keys, second.IsTruncated]).toEqual([['p/c/'], ['p/d'], false]);
  });

  check('lists from after a key', async () => {
    const Bucket = await createBucket();
    for (const key of ['a', 'b', 'c']) await put(Bucket, key);
    expect((await list(Bucket, { StartAfter: 'a' })).keys).toEqual(['b', 'c']);
    expect((await list(Bucket, { StartAfter: 'aa' })).keys).toEqual(['b', 'c']);
  });

  check('lists size, tag and time of each object', async () => {
    const Bucket = await createBucket();
    await put(Bucket, 'a', '12345');
    const [object] = (await list(Bucket)).Contents ?? [];
    expect(object).toMatchObject({ Key: 'a', Size: 5, ETag: `"${md5('12345')}"`, StorageClass: 'STANDARD' });
    expect(object?.LastModified).toBeInstanceOf(Date);
  });

  check(
    'encodes keys for URLs when asked to',
    async () => {
      const Bucket = await createBucket();
      await put(Bucket, 'a b/c=ü&');
      const page = await list(Bucket, { EncodingType: 'url' });
      expect(page.keys).toEqual(['a+b/c%3D%C3%BC%26']);
      expect(page.EncodingType).toBe('url');
    },
    { fauxqs: { fails: 'it ignores encoding-type' } },
  );

  check('copies an object, with its metadata or with other', async () => {
    const Bucket = await createBucket();
    await put(Bucket, 'from here', 'body', { ContentType: 'text/x-a', Metadata: { a: '1' } });
    const CopySource = `${Bucket}/${encodeURIComponent('from here')}`;
    const copy = await client.send(new CopyObjectCommand({ Bucket, Key: 'same', CopySource }));
    expect(copy.CopyObjectResult?.ETag).toBe(`"${md5('body')}"`);
    const replaced = { MetadataDirective: 'REPLACE', Metadata: { b: '2' } } as const;
    await client.send(new CopyObjectCommand({ Bucket, Key: 'other', CopySource, ...replaced }));
    expect(await get(Bucket, 'same')).toMatchObject({ ContentType: 'text/x-a', Metadata: { a: '1' } });
    const other = await get(Bucket, 'other');
    expect(other).toMatchObject({ Metadata: { b: '2' } });
    expect(other.bytes.toString()).toBe('body');
    const missing = new CopyObjectCommand({ Bucket, Key: 'x', CopySource: `${Bucket}/nope` });
    await expect(client.send(missing)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  check(
    'copies and deletes only the content that was meant, when told its ETag',
    async () => {
      const Bucket = await createBucket();
      const { ETag } = await put(Bucket, 'a', 'meant');
      const failure = { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } };
      await put(Bucket, 'a', 'replaced');
      const copy = { Bucket, Key: 'b', CopySource: `${Bucket}/a`, CopySourceIfMatch: ETag };
      await expect(client.send(new CopyObjectCommand(copy))).rejects.toMatchObject(failure);
      const removal = { Bucket, Key: 'a', IfMatch: ETag };
      await expect(client.send(new DeleteObjectCommand(removal))).rejects.toMatchObject(failure);
      await put(Bucket, 'a', 'meant');
      await client.send(new CopyObjectCommand({ ...copy, IfNoneMatch: '*' }));
      await expect(client.send(new CopyObjectCommand({ ...copy, IfNoneMatch: '*' }))).rejects.toMatchObject(
        failure,
      );
      await client.send(new DeleteObjectCommand(removal));
      expect((await list(Bucket)).keys).toEqual(['b']);
    },
    { fauxqs: { fails: 'it ignores conditions of writes' } },
  );

  check(
    'gives a copy another content type',
    async () => {
      const Bucket = await createBucket();
      await put(Bucket, 'a', 'x', { ContentType: 'text/x-a' });
      const replaced = { MetadataDirective: 'REPLACE', ContentType: 'text/x-b' } as const;
      await client.send(new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a`, ...replaced }));
      expect((await get(Bucket, 'b')).ContentType).toBe('text/x-b');
    },
    { fauxqs: { fails: 'it keeps the content type' } },
  );

  check('creates, lists and deletes buckets', async () => {
    const Bucket = await createBucket();
    expect((await client.send(new ListBucketsCommand())).Buckets?.map((bucket) => bucket.Name)).toContain(
      Bucket,
    );
    await client.send(new HeadBucketCommand({ Bucket }));
    await put(Bucket, 'a');
    await expect(client.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: 'BucketNotEmpty',
    });
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    await client.send(new DeleteBucketCommand({ Bucket }));
    await expect(client.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'NotFound' });
  });

  check('takes an object in parts', async () => {
    const Bucket = await createBucket();
    const key = { Bucket, Key: 'parts' };
    const parts = [Buffer.alloc(5 * 1024 * 1024, 'a'), Buffer.from('the end')];
    const created = await client.send(new CreateMultipartUploadCommand({ ...key, ContentType: 'text/x-c' }));
    const upload = { ...key, UploadId: created.UploadId };
    const Parts = [];
    for (const [i, Body] of parts.entries()) {
      const { ETag } = await client.send(new UploadPartCommand({ ...upload, PartNumber: i + 1, Body }));
      expect(ETag).toBe(`"${md5(Body)}"`);
      Parts.push({ ETag, PartNumber: i + 1 });
    }
    const done = await client.send(
      new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }),
    );
    const tags = Buffer.concat(parts.map((part) => Buffer.from(md5(part), 'hex')));
    expect(done.ETag).toBe(`"${md5(tags)}-2"`);
    const whole = await get(Bucket, 'parts');
    expect(whole.bytes.equals(Buffer.concat(parts))).toBe(true);
    expect(whole.ContentType).toBe('text/x-c');
  });

  check(
    'refuses to complete an upload of unknown, unordered or small parts, and to go on after an abort',
    async () => {
      const Bucket = await createBucket();
      const key = { Bucket, Key: 'parts' };
      const created = await client.send(new CreateMultipartUploadCommand(key));
      const upload = { ...key, UploadId: created.UploadId };
      const uploadPart = async (PartNumber: number) => {
        const { ETag } = await client.send(
          new UploadPartCommand({ ...upload, PartNumber, Body: `${PartNumber}` }),
        );
        return { ETag, PartNumber };
      };
      const [one, two] = [await uploadPart(1), await uploadPart(2)];
      const complete = (...Parts: { ETag: string | undefined; PartNumber: number }[]) =>
        client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
      await expect(complete(one, two)).rejects.toMatchObject({ name: 'EntityTooSmall' });
      await expect(complete(two, one)).rejects.toMatchObject({ name: 'InvalidPartOrder' });
      await expect(complete({ ...one, ETag: two.ETag })).rejects.toMatchObject({ name: 'InvalidPart' });
      await client.send(new AbortMultipartUploadCommand(upload));
      await expect(complete(one)).rejects.toMatchObject({ name: 'NoSuchUpload' });
      expect((await list(Bucket)).keys).toEqual([]);
    },
  );
});
