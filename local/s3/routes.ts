/** Which operation a request asks for: S3 tells them by method, path, query and one header. */
import { notImplemented } from './errors';
import type { S3Request } from './requests';

/** Query parameters that only refine an operation; any other one names another operation of S3. */
const REFINEMENTS = new Set([
  'x-id',
  'list-type',
  'prefix',
  'delimiter',
  'max-keys',
  'start-after',
  'continuation-token',
  'encoding-type',
  'fetch-owner',
  'key-marker',
  'version-id-marker',
  'versionId',
  'max-buckets',
  'uploadId',
  'partNumber',
]);

/**
 * AWS's name of the operation.
 * @throws AwsError NotImplemented for what is not served
 */
export function operationName(request: S3Request): string {
  const { method, bucket, key, query } = request;
  const resources = [...query.keys()].filter((name) => !REFINEMENTS.has(name) && !name.startsWith('X-Amz-'));
  const target = key !== '' ? 'object' : bucket !== '' ? 'bucket' : 'account';
  const resource = resources[0] ?? (query.has('uploadId') ? 'uploadId' : '');
  const name =
    resources.length > 1 ? undefined : OPERATIONS[`${method} ${target} ${resource}`.trim()]?.(request);
  if (name === undefined) throw notImplemented(`${method} ${request.http.url}`);
  return name;
}

const OPERATIONS: Readonly<Record<string, (request: S3Request) => string | undefined>> = {
  'GET account': () => 'ListBuckets',
  'PUT bucket': () => 'CreateBucket',
  'DELETE bucket': () => 'DeleteBucket',
  'HEAD bucket': () => 'HeadBucket',
  'GET bucket': ({ query }) => (query.get('list-type') === '2' ? 'ListObjectsV2' : undefined),
  'GET bucket location': () => 'GetBucketLocation',
  'GET bucket versions': () => 'ListObjectVersions',
  'GET bucket versioning': () => 'GetBucketVersioning',
  'PUT bucket versioning': () => 'PutBucketVersioning',
  'POST bucket delete': () => 'DeleteObjects',
  'PUT object': ({ http }) => ('x-amz-copy-source' in http.headers ? 'CopyObject' : 'PutObject'),
  'GET object': () => 'GetObject',
  'HEAD object': () => 'HeadObject',
  'DELETE object': () => 'DeleteObject',
  'POST object uploads': () => 'CreateMultipartUpload',
  'PUT object uploadId': ({ http }) => ('x-amz-copy-source' in http.headers ? undefined : 'UploadPart'),
  'POST object uploadId': () => 'CompleteMultipartUpload',
  'DELETE object uploadId': () => 'AbortMultipartUpload',
};
