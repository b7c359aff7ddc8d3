/** Reads the manifest of a COPY and finds the files it lists. */
import { readFile, stat } from 'node:fs/promises';
import { RedshiftError } from '../redshiftError';
import type { ResolveS3 } from '../session';
import { parseS3Url } from './copyStatement';

/** A file to load. */
export interface CopyFile {
  /** s3://bucket/key */
  readonly url: string;
  readonly path: string;
}

interface ManifestEntry {
  readonly url: string;
  readonly mandatory: boolean;
  readonly contentLength: number;
}

/**
 * The files of a manifest, each there with exactly the length the manifest says.
 * A missing file that is not `mandatory` is left out, as COPY does.
 * @throws RedshiftError when the manifest is missing or malformed, a mandatory file is missing, or a length differs
 */
export async function readManifest(
  source: { readonly bucket: string; readonly key: string },
  resolveS3: ResolveS3,
): Promise<CopyFile[]> {
  const text = await readObject(source, resolveS3);
  const files: CopyFile[] = [];
  for (const { url, mandatory, contentLength } of parseManifest(text, source.key)) {
    const { bucket, key } = parseS3Url(url);
    const path = resolveS3(bucket, key);
    const size = path === undefined ? undefined : await sizeOf(path);
    if (path === undefined || size === undefined) {
      if (mandatory) throw noSuchKey(key);
      continue;
    }
    if (size !== contentLength) {
      throw new RedshiftError(
        `File size mismatch: the manifest says content_length ${contentLength} for ${url}, the file has ${size} bytes`,
      );
    }
    files.push({ url, path });
  }
  if (files.length === 0)
    throw new RedshiftError(`The manifest s3://${source.bucket}/${source.key} lists no file that exists`);
  return files;
}

async function readObject(source: { bucket: string; key: string }, resolveS3: ResolveS3): Promise<string> {
  const path = resolveS3(source.bucket, source.key);
  if (path === undefined || (await sizeOf(path)) === undefined) throw noSuchKey(source.key);
  return readFile(path, 'utf8');
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const stats = await stat(path);
    return stats.isFile() ? stats.size : undefined;
  } catch (error) {
    const code = member(error, 'code');
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function noSuchKey(key: string): RedshiftError {
  return new RedshiftError(
    `S3ServiceException:The specified key does not exist.,Status 404,Error NoSuchKey,Key ${key}`,
  );
}

function parseManifest(text: string, key: string): ManifestEntry[] {
  const fail = (problem: string) =>
    new RedshiftError(`Problem reading manifest file - S3 key ${key}: ${problem}`);
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch (error) {
    throw fail(`it is not JSON (${error})`);
  }
  const entries = member(manifest, 'entries');
  if (!Array.isArray(entries) || entries.length === 0)
    throw fail('"entries" must be a list with at least one entry');
  return entries.map((entry: unknown, index) => {
    const url = member(entry, 'url');
    const mandatory = member(entry, 'mandatory') ?? false;
    const contentLength = member(member(entry, 'meta'), 'content_length');
    if (typeof url !== 'string') throw fail(`entry ${index} has no "url"`);
    if (typeof mandatory !== 'boolean') throw fail(`"mandatory" of ${url} must be true or false`);
    if (typeof contentLength !== 'number' || !Number.isInteger(contentLength) || contentLength < 0) {
      throw fail(`"meta.content_length" of ${url} must be its length in bytes: columnar formats need it`);
    }
    return { url, mandatory, contentLength };
  });
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
