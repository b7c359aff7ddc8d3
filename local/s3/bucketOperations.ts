/** Operations on buckets and on many objects at once. */
import { AwsError } from '../http/awsError';
import { LOCAL_ACCOUNT_ID, LOCAL_REGION } from '../http/identity';
import { readBody } from '../http/loopbackServer';
import type { Buckets } from './buckets';
import { invalidArgument, noSuchBucket } from './errors';
import { listPage } from './listing';
import { queryInteger, type S3Operation } from './requests';
import { malformedXml, parseXml, type XmlNode, xmlDocument } from './xml';

/** S3: keys in one page of a listing, and in one DeleteObjects. */
const MAX_KEYS = 1_000;
const MAX_XML_BYTES = 2 * 1024 * 1024;

export function bucketOperations(buckets: Buckets): Record<string, S3Operation> {
  const { store } = buckets;
  const owner = { ID: LOCAL_ACCOUNT_ID, DisplayName: 'local' };

  return {
    ListBuckets() {
      // Buckets carry no time of creation on disk; nothing here asks for it.
      const Bucket = store.bucketNames().map((Name) => ({ Name, CreationDate: new Date(0).toISOString() }));
      return { body: xmlDocument('ListAllMyBucketsResult', { Owner: owner, Buckets: { Bucket } }) };
    },

    CreateBucket({ bucket }) {
      if (store.hasBucket(bucket)) {
        const message = 'Your previous request to create the named bucket succeeded and you already own it.';
        throw new AwsError('BucketAlreadyOwnedByYou', message, 409, { BucketName: bucket });
      }
      buckets.create(bucket);
      return { headers: { location: `/${bucket}` } };
    },

    DeleteBucket({ bucket }) {
      store.deleteBucket(bucket);
      return { status: 204 };
    },

    HeadBucket({ bucket }) {
      if (!store.hasBucket(bucket)) throw noSuchBucket(bucket);
      return { headers: { 'x-amz-bucket-region': LOCAL_REGION } };
    },

    GetBucketLocation({ bucket }) {
      store.bucket(bucket);
      // Empty means us-east-1.
      return { body: xmlDocument('LocationConstraint', {}) };
    },

    ListObjectsV2({ bucket, query }) {
      const encodingType = query.get('encoding-type') ?? undefined;
      if (encodingType !== undefined && encodingType !== 'url') {
        throw invalidArgument('encoding-type', encodingType, 'must be url');
      }
      const encode = (text: string) => (encodingType === 'url' ? encodeForUrl(text) : text);
      const token = query.get('continuation-token');
      const maxKeys = Math.min(queryInteger(query, 'max-keys', 0, 2 ** 31 - 1) ?? MAX_KEYS, MAX_KEYS);
      const request = {
        prefix: query.get('prefix') ?? '',
        delimiter: query.get('delimiter') ?? '',
        maxKeys,
        startAfter: token === null ? (query.get('start-after') ?? '') : decodeToken(token),
      };
      const page = listPage(store.bucket(bucket), request);
      const isTruncated = page.nextStartAfter !== undefined && maxKeys > 0;
      return {
        body: xmlDocument('ListBucketResult', {
          Name: bucket,
          Prefix: encode(request.prefix),
          Delimiter: request.delimiter === '' ? undefined : encode(request.delimiter),
          MaxKeys: maxKeys,
          EncodingType: encodingType,
          KeyCount: page.objects.length + page.commonPrefixes.length,
          IsTruncated: isTruncated,
          ContinuationToken: token ?? undefined,
          NextContinuationToken: isTruncated ? encodeToken(page.nextStartAfter ?? '') : undefined,
          StartAfter: token === null && request.startAfter !== '' ? encode(request.startAfter) : undefined,
          Contents: page.objects.map((object) => ({
            Key: encode(object.key),
            LastModified: new Date(object.lastModifiedMillis).toISOString(),
            ETag: `"${object.eTag}"`,
            Size: object.size,
            StorageClass: 'STANDARD',
            Owner: query.get('fetch-owner') === 'true' ? owner : undefined,
          })),
          CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
        }),
      };
    },

    async DeleteObjects({ bucket, http }) {
      store.bucket(bucket);
      const request = parseXml((await readBody(http, MAX_XML_BYTES)).toString('utf8'), 'Delete');
      const objects = request.all('Object');
      if (objects.length < 1 || objects.length > MAX_KEYS) throw malformedXml();
      const deleted: XmlNode[] = [];
      for (const object of objects) {
        const Key = object.child('Key');
        const VersionId = object.child('VersionId');
        if (Key === undefined || Key === '') throw malformedXml();
        if (VersionId !== undefined) {
          buckets.deleteVersion(bucket, Key, VersionId);
          deleted.push({ Key, VersionId });
        } else {
          const marker = buckets.delete(bucket, Key);
          deleted.push(
            marker ? { Key, DeleteMarker: true, DeleteMarkerVersionId: marker.versionId } : { Key },
          );
        }
      }
      const isQuiet = request.child('Quiet') === 'true';
      return { body: xmlDocument('DeleteResult', { Deleted: isQuiet ? [] : deleted }) };
    },
  };
}

/** Percent-encoding as S3 does it in listings: slashes stay, a space is `+`. */
export function encodeForUrl(text: string): string {
  return encodeURIComponent(text).replace(/%2F/g, '/').replace(/%20/g, '+');
}

function encodeToken(startAfter: string): string {
  return Buffer.from(startAfter).toString('base64');
}

function decodeToken(token: string): string {
  const startAfter = Buffer.from(token, 'base64').toString();
  if (encodeToken(startAfter) !== token || token === '') {
    throw invalidArgument('continuation-token', token, 'is none that this server gave');
  }
  return startAfter;
}
