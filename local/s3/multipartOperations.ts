/** Multipart uploads. Parts lie in files named by number and ETag, so that an upload survives a restart. */
import { createHash, randomUUID } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AwsError } from '../http/awsError';
import { readBody } from '../http/loopbackServer';
import type { Buckets } from './buckets';
import { checkWrite } from './conditions';
import { invalidArgument, noSuchUpload } from './errors';
import { checkKey } from './keys';
import { encryptionHeaders, uploadedHeaders, versionHeader } from './objectHeaders';
import { queryInteger, type S3Operation, type S3Request } from './requests';
import { checksumHeaders, receiveBody } from './upload';
import { malformedXml, parseXml, xmlDocument } from './xml';

/** S3: least bytes of every part but the last, 5 MiB. */
const MIN_PART_BYTES = 5 * 1024 * 1024;
const MAX_PARTS = 10_000;
const MAX_XML_BYTES = 2 * 1024 * 1024;

/** What is kept of an upload until it is complete. */
interface Upload {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Part {
  readonly file: string;
  readonly eTag: string;
}

export function multipartOperations(buckets: Buckets): Record<string, S3Operation> {
  const { store } = buckets;

  function findUpload({ bucket, key, query }: S3Request): {
    readonly directory: string;
    readonly upload: Upload;
  } {
    store.bucket(bucket);
    const id = query.get('uploadId') ?? '';
    const directory = store.privatePath(bucket, 'uploads', id);
    const description = path.join(directory, 'upload.json');
    if (!/^[0-9a-f-]{36}$/.test(id) || !existsSync(description)) throw noSuchUpload(id);
    const upload: Upload = JSON.parse(readFileSync(description, 'utf8'));
    if (upload.key !== key) throw noSuchUpload(id);
    return { directory, upload };
  }

  return {
    CreateMultipartUpload({ bucket, key, http }) {
      store.bucket(bucket);
      checkKey(key);
      const id = randomUUID();
      const directory = store.privatePath(bucket, 'uploads', id);
      const upload: Upload = { key, headers: uploadedHeaders(http.headers) };
      mkdirSync(directory, { recursive: true });
      writeFileSync(path.join(directory, 'upload.json'), JSON.stringify(upload));
      return {
        body: xmlDocument('InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId: id }),
      };
    },

    async UploadPart(request) {
      const { directory } = findUpload(request);
      const number = queryInteger(request.query, 'partNumber', 1, MAX_PARTS);
      if (number === undefined) throw invalidArgument('partNumber', '', `must be from 1 to ${MAX_PARTS}`);
      const file = store.stagingPath();
      const { md5, checksum } = await receiveBody(request.http, file);
      findUpload(request);
      renameSync(file, path.join(directory, partName(number, md5)));
      return { headers: { etag: `"${md5}"`, ...checksumHeaders(checksum) } };
    },

    async CompleteMultipartUpload(request) {
      const { bucket, key, http } = request;
      const { directory, upload } = findUpload(request);
      const parts = requestedParts((await readBody(http, MAX_XML_BYTES)).toString('utf8'), directory);
      checkWrite(http.headers, key, store.bucket(bucket).get(key));
      const file = store.stagingPath();
      for (const part of parts)
        await pipeline(createReadStream(part.file), createWriteStream(file, { flags: 'a' }));
      checkWrite(http.headers, key, store.bucket(bucket).get(key));
      const staged = { file, eTag: multipartTag(parts), headers: upload.headers };
      const object = buckets.commit(bucket, key, staged, 'ObjectCreated:CompleteMultipartUpload');
      await rm(directory, { recursive: true });
      return {
        headers: { ...versionHeader(object), ...encryptionHeaders(object) },
        body: xmlDocument('CompleteMultipartUploadResult', {
          Location: `/${bucket}/${key}`,
          Bucket: bucket,
          Key: key,
          ETag: `"${object.eTag}"`,
        }),
      };
    },

    async AbortMultipartUpload(request) {
      const { directory } = findUpload(request);
      await rm(directory, { recursive: true });
      return { status: 204 };
    },
  };
}

function partName(number: number, eTag: string): string {
  return `${number}-${eTag}`;
}

/** The parts a CompleteMultipartUpload names, checked as S3 does. */
function requestedParts(xml: string, directory: string): Part[] {
  const listed = parseXml(xml, 'CompleteMultipartUpload').all('Part');
  if (listed.length === 0) throw malformedXml();
  const numbers = listed.map((element) => Number(element.child('PartNumber')));
  if (!numbers.every((number, i) => number > (numbers[i - 1] ?? 0))) {
    throw new AwsError(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    );
  }
  return listed.map((element, i) => {
    const number = numbers[i] ?? 0;
    const eTag = (element.child('ETag') ?? '').replace(/^"|"$/g, '');
    const file = path.join(directory, partName(number, eTag));
    if (!/^[0-9a-f]{32}$/.test(eTag) || !existsSync(file)) {
      throw new AwsError(
        'InvalidPart',
        'One or more of the specified parts could not be found. The part may not have been uploaded, or the ' +
          "specified entity tag may not match the part's entity tag.",
        400,
        { PartNumber: String(number), ETag: eTag },
      );
    }
    const { size } = statSync(file);
    if (size < MIN_PART_BYTES && i < listed.length - 1) {
      throw new AwsError(
        'EntityTooSmall',
        'Your proposed upload is smaller than the minimum allowed size',
        400,
        { PartNumber: String(number), ProposedSize: String(size), MinSizeAllowed: String(MIN_PART_BYTES) },
      );
    }
    return { file, eTag };
  });
}

/** ETag of an object put in parts: the MD5 of the parts' MD5s, and their number. */
function multipartTag(parts: readonly Part[]): string {
  const hash = createHash('md5');
  for (const { eTag } of parts) hash.update(Buffer.from(eTag, 'hex'));
  return `${hash.digest('hex')}-${parts.length}`;
}
