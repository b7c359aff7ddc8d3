/** Operations on versioning: switching it on, and listing versions. */
import { LOCAL_ACCOUNT_ID } from '../http/identity';
import { readBody } from '../http/loopbackServer';
import { encodeForUrl } from './bucketOperations';
import type { Buckets } from './buckets';
import { invalidArgument, notImplemented } from './errors';
import { compareKeys } from './keys';
import type { ObjectStore } from './objectStore';
import { queryInteger, type S3Operation } from './requests';
import { type OldVersion, versionIdOf } from './versions';
import { malformedXml, parseXml, xmlDocument } from './xml';

/** S3: versions in one page of a listing. */
const MAX_KEYS = 1_000;
const MAX_XML_BYTES = 64 * 1024;

/** A version in a listing; one without an object is a delete marker. */
interface ListedVersion extends OldVersion {
  readonly isLatest: boolean;
}

export function versionOperations({ store }: Buckets): Record<string, S3Operation> {
  return {
    async PutBucketVersioning({ bucket, http }) {
      store.bucket(bucket);
      const body = (await readBody(http, MAX_XML_BYTES)).toString('utf8');
      const status = parseXml(body, 'VersioningConfiguration').child('Status');
      if (status === 'Suspended') throw notImplemented('suspending versioning');
      if (status !== 'Enabled') throw malformedXml();
      store.enableVersioning(bucket);
      return {};
    },

    GetBucketVersioning({ bucket }) {
      store.bucket(bucket);
      const Status = store.isVersioned(bucket) ? 'Enabled' : undefined;
      return { body: xmlDocument('VersioningConfiguration', { Status }) };
    },

    ListObjectVersions({ bucket, query }) {
      store.bucket(bucket);
      const encodingType = query.get('encoding-type') ?? undefined;
      if (encodingType !== undefined && encodingType !== 'url') {
        throw invalidArgument('encoding-type', encodingType, 'must be url');
      }
      const encode = (text: string) => (encodingType === 'url' ? encodeForUrl(text) : text);
      const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
      const [keyMarker, idMarker] = [query.get('key-marker') ?? '', query.get('version-id-marker') ?? ''];
      if (idMarker !== '' && keyMarker === '') {
        throw invalidArgument('version-id-marker', idMarker, 'cannot be specified without key-marker');
      }
      const maxKeys = Math.min(queryInteger(query, 'max-keys', 0, 2 ** 31 - 1) ?? MAX_KEYS, MAX_KEYS);
      const versions: ListedVersion[] = [];
      const commonPrefixes: string[] = [];
      let next: { readonly key: string; readonly id: string } | undefined;
      let last = { key: keyMarker, id: idMarker };
      for (const version of allVersions(store, bucket, prefix, keyMarker, idMarker)) {
        const { key, versionId } = version;
        const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
        const commonPrefix = end < 0 ? undefined : key.slice(0, end + delimiter.length);
        // All keys below a common prefix count as one, also when the page before ended with it.
        if (commonPrefix !== undefined && commonPrefix === last.key) continue;
        if (versions.length + commonPrefixes.length === maxKeys) {
          next = last;
          break;
        }
        last = commonPrefix === undefined ? { key, id: versionId } : { key: commonPrefix, id: '' };
        if (commonPrefix === undefined) versions.push(version);
        else commonPrefixes.push(commonPrefix);
      }
      return {
        body: xmlDocument('ListVersionsResult', {
          Name: bucket,
          Prefix: encode(prefix),
          Delimiter: delimiter === '' ? undefined : encode(delimiter),
          KeyMarker: encode(keyMarker),
          VersionIdMarker: idMarker,
          MaxKeys: maxKeys,
          EncodingType: encodingType,
          IsTruncated: next !== undefined,
          NextKeyMarker: next && encode(next.key),
          NextVersionIdMarker: next?.id || undefined,
          Version: versions.filter(({ object }) => object).map((version) => listed(version, encode)),
          DeleteMarker: versions.filter(({ object }) => !object).map((version) => listed(version, encode)),
          CommonPrefixes: commonPrefixes.map((common) => ({ Prefix: encode(common) })),
        }),
      };
    },
  };
}

function listed(version: ListedVersion, encode: (text: string) => string) {
  const { key, versionId, isLatest, lastModifiedMillis, object } = version;
  return {
    Key: encode(key),
    VersionId: versionId,
    IsLatest: isLatest,
    LastModified: new Date(lastModifiedMillis).toISOString(),
    ...(object ? { ETag: `"${object.eTag}"`, Size: object.size, StorageClass: 'STANDARD' } : {}),
    Owner: { ID: LOCAL_ACCOUNT_ID, DisplayName: 'local' },
  };
}

/** Versions in S3's order, by key and then newest first, that come after the markers. */
function* allVersions(
  store: ObjectStore,
  bucket: string,
  prefix: string,
  keyMarker: string,
  idMarker: string,
): Generator<ListedVersion> {
  const index = store.bucket(bucket);
  const old = store.versions(bucket);
  const keys = new Set(old.keys());
  for (const { key } of index.objects()) keys.add(key);
  const wanted = [...keys].filter((key) => {
    const order = compareKeys(key, keyMarker);
    return key.startsWith(prefix) && (order > 0 || (order === 0 && idMarker !== ''));
  });
  for (const key of wanted.sort(compareKeys)) {
    const current = index.get(key);
    const versions: OldVersion[] = [...old.of(key)];
    if (current) {
      const { lastModifiedMillis } = current;
      versions.unshift({ key, versionId: versionIdOf(current), lastModifiedMillis, object: current });
    }
    const after = key === keyMarker ? versions.findIndex(({ versionId }) => versionId === idMarker) : -1;
    for (const [at, version] of versions.entries()) {
      if (at > after) yield { ...version, isLatest: at === 0 };
    }
  }
}
