/** The headers of an object: those an upload gives, and those a read answers. */
import type { IncomingHttpHeaders } from 'node:http';
import { notImplemented } from './errors';
import type { StoredObject } from './objectIndex';
import { DEFAULT_CONTENT_TYPE } from './recovery';
import { header } from './upload';

const KEPT_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-language',
  'expires',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-bucket-key-enabled',
];
const USER_METADATA = 'x-amz-meta-';
/** What would change an object's meaning and is not kept here: refused rather than passed over. */
const REFUSED_HEADERS = [
  'x-amz-tagging',
  'x-amz-acl',
  'x-amz-object-lock-mode',
  'x-amz-object-lock-legal-hold',
  'x-amz-object-lock-retain-until-date',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-website-redirect-location',
  'x-amz-write-offset-bytes',
];

/**
 * The headers to keep of an upload.
 * @throws AwsError NotImplemented
 */
export function uploadedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const refused = REFUSED_HEADERS.find((name) => name in headers);
  if (refused) throw notImplemented(`the header ${refused}`);
  const kept: Record<string, string> = {
    'content-type': header(headers, 'content-type') ?? DEFAULT_CONTENT_TYPE,
    'x-amz-server-side-encryption': header(headers, 'x-amz-server-side-encryption') ?? 'AES256',
  };
  const encoding = (header(headers, 'content-encoding') ?? '')
    .split(',')
    .map((coding) => coding.trim())
    // How the body travelled, not what the object is.
    .filter((coding) => coding !== '' && coding !== 'aws-chunked');
  if (encoding.length > 0) kept['content-encoding'] = encoding.join(',');
  for (const name of Object.keys(headers)) {
    if (!KEPT_HEADERS.includes(name) && !name.startsWith(USER_METADATA)) continue;
    const value = header(headers, name);
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

/** The headers of GetObject and HeadObject, but for length, range and checksum. */
export function readHeaders(object: StoredObject): Record<string, string> {
  return {
    ...object.headers,
    etag: `"${object.eTag}"`,
    'last-modified': new Date(object.lastModifiedMillis).toUTCString(),
    'accept-ranges': 'bytes',
    ...versionHeader(object),
  };
}

/** The header that tells the version of an object, when it has one. */
export function versionHeader({ versionId }: Pick<StoredObject, 'versionId'>): Record<string, string> {
  return versionId === undefined ? {} : { 'x-amz-version-id': versionId };
}

/** The headers about encryption that a write answers. */
export function encryptionHeaders(object: StoredObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object.headers).filter(([name]) => name.startsWith('x-amz-server-side-encryption')),
  );
}
