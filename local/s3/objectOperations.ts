/** Operations on one object: put, get, head, delete, copy. */
import { copyFileSync, openSync } from 'node:fs';
import { AwsError } from '../http/awsError';
import type { Buckets } from './buckets';
import { type ByteRange, checkCopySource, checkRead, checkWrite, requestedRange } from './conditions';
import { invalidArgument, isDeleteMarker, noSuchKey, noSuchVersion } from './errors';
import { checkKey } from './keys';
import { encryptionHeaders, readHeaders, uploadedHeaders, versionHeader } from './objectHeaders';
import type { StoredObject } from './objectIndex';
import type { S3Answer, S3Operation, S3Request } from './requests';
import { checksumHeaders, header, receiveBody } from './upload';
import { versionIdOf } from './versions';
import { xmlDocument } from './xml';

export function objectOperations(buckets: Buckets): Record<string, S3Operation> {
  const { store } = buckets;

  function find(bucket: string, key: string, versionId?: string | null): StoredObject {
    const object = store.bucket(bucket).get(key);
    if (versionId === undefined || versionId === null) {
      if (!object) throw noSuchKey(key);
      return object;
    }
    if (object && versionIdOf(object) === versionId) return object;
    const old = store
      .versions(bucket)
      .of(key)
      .find((version) => version.versionId === versionId);
    if (!old) throw noSuchVersion(key, versionId);
    if (!old.object) throw isDeleteMarker(key);
    return old.object;
  }

  return {
    async PutObject({ bucket, key, http }) {
      const index = store.bucket(bucket);
      checkKey(key);
      const headers = uploadedHeaders(http.headers);
      checkWrite(http.headers, key, index.get(key));
      const file = store.stagingPath();
      const body = await receiveBody(http, file);
      // Another request may have written the key while this one's body came in.
      checkWrite(http.headers, key, index.get(key));
      const staged = { file, eTag: body.md5, headers, checksum: body.checksum };
      const object = buckets.commit(bucket, key, staged, 'ObjectCreated:Put');
      return {
        headers: {
          etag: `"${object.eTag}"`,
          ...versionHeader(object),
          ...encryptionHeaders(object),
          ...checksumHeaders(object.checksum),
        },
      };
    },

    GetObject(request) {
      const object = find(request.bucket, request.key, request.query.get('versionId'));
      if (!checkRead(request.http.headers, object)) return notModified(object);
      const range = requestedRange(header(request.http.headers, 'range'), object.size);
      const [start, bytes] = range ? [range.start, range.end - range.start + 1] : [0, object.size];
      return {
        ...headAnswer(request, object, range),
        // Opened now: a later write puts another file in this one's place.
        body: { descriptor: openSync(store.pathOf(object), 'r'), start, bytes },
      };
    },

    HeadObject(request) {
      const object = find(request.bucket, request.key, request.query.get('versionId'));
      if (!checkRead(request.http.headers, object)) return notModified(object);
      const range = requestedRange(header(request.http.headers, 'range'), object.size);
      return headAnswer(request, object, range);
    },

    DeleteObject({ bucket, key, query, http }) {
      checkWrite(http.headers, key, store.bucket(bucket).get(key));
      const versionId = query.get('versionId');
      if (versionId !== null) {
        buckets.deleteVersion(bucket, key, versionId);
        return { status: 204, headers: { 'x-amz-version-id': versionId } };
      }
      const marker = buckets.delete(bucket, key);
      return {
        status: 204,
        headers: marker === undefined ? {} : markerHeaders(marker.versionId),
      };
    },

    CopyObject({ bucket, key, http }) {
      const index = store.bucket(bucket);
      checkKey(key);
      const { sourceBucket, sourceKey, sourceVersion } = copySource(
        header(http.headers, 'x-amz-copy-source') ?? '',
      );
      const source = find(sourceBucket, sourceKey, sourceVersion);
      checkCopySource(http.headers, source);
      const directive = header(http.headers, 'x-amz-metadata-directive') ?? 'COPY';
      if (directive !== 'COPY' && directive !== 'REPLACE') {
        throw invalidArgument('x-amz-metadata-directive', directive, 'must be COPY or REPLACE');
      }
      if (
        directive === 'COPY' &&
        sourceBucket === bucket &&
        sourceKey === key &&
        sourceVersion === undefined
      ) {
        throw new AwsError(
          'InvalidRequest',
          'This copy request is illegal because it is trying to copy an object to itself without changing its metadata.',
        );
      }
      checkWrite(http.headers, key, index.get(key));
      const headers = directive === 'COPY' ? source.headers : uploadedHeaders(http.headers);
      const file = store.stagingPath();
      copyFileSync(store.pathOf(source), file);
      const staged = { file, eTag: source.eTag, headers, checksum: source.checksum };
      const object = buckets.commit(bucket, key, staged, 'ObjectCreated:Copy');
      return {
        headers: { ...versionHeader(object), ...encryptionHeaders(object) },
        body: xmlDocument('CopyObjectResult', {
          LastModified: new Date(object.lastModifiedMillis).toISOString(),
          ETag: `"${object.eTag}"`,
        }),
      };
    },
  };
}

function markerHeaders(versionId: string): Record<string, string> {
  return { ...versionHeader({ versionId }), 'x-amz-delete-marker': 'true' };
}

function headAnswer({ http }: S3Request, object: StoredObject, range: ByteRange | undefined): S3Answer {
  // The checksum is the whole object's: with a part of it the client would find it wrong.
  const wantsChecksum = header(http.headers, 'x-amz-checksum-mode') === 'ENABLED' && !range;
  return {
    status: range ? 206 : 200,
    headers: {
      ...readHeaders(object),
      'content-length': String(range ? range.end - range.start + 1 : object.size),
      ...(range ? { 'content-range': `bytes ${range.start}-${range.end}/${object.size}` } : {}),
      ...(wantsChecksum ? checksumHeaders(object.checksum) : {}),
    },
  };
}

function notModified(object: StoredObject): S3Answer {
  const { etag = '', 'last-modified': lastModified = '' } = readHeaders(object);
  return { status: 304, headers: { etag, 'last-modified': lastModified } };
}

function copySource(text: string): {
  readonly sourceBucket: string;
  readonly sourceKey: string;
  readonly sourceVersion: string | undefined;
} {
  const [source = '', sourceVersion] = text.split('?versionId=', 2);
  const match = /^\/?([^/]+)\/(.+)$/s.exec(source);
  const [, sourceBucket, sourceKey] = match ?? [];
  if (sourceBucket === undefined || sourceKey === undefined) {
    throw invalidArgument('x-amz-copy-source', text, 'must be bucket/key');
  }
  return {
    sourceBucket: decodeURIComponent(sourceBucket),
    sourceKey: decodeURIComponent(sourceKey),
    sourceVersion,
  };
}
