/** Files of an archive of logs: on this machine or in a bucket, in a fixed order. */
import { createWriteStream, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { sourceName } from '../send/source';
import { UsageError } from '../terminal/program';
import { isArchived, listStored, type StoredObject } from './stored';

/** One file. */
export interface ArchiveFile {
  /** Names it in the state: path, or s3://bucket/key. */
  readonly name: string;
  readonly bytes: number;
  /** Name in event ids. */
  readonly source: string;
  /** Set when it is an object. */
  readonly object?: { readonly bucketName: string; readonly stored: StoredObject };
}

/** What source names are made of. */
export type SourceNames = 'base' | 'path';

const S3_URL = /^s3:\/\/([^/]+)\/(.*)$/;

/**
 * All files of what was named: files, directories with all below them, s3://bucket/prefix.
 * @throws UsageError when something is not there, or two files would give equal lines equal event ids
 */
export async function archiveFiles(
  s3: S3Client,
  inputs: readonly string[],
  names: SourceNames,
): Promise<ArchiveFile[]> {
  const files = new Map<string, ArchiveFile>();
  for (const input of inputs) {
    const [, bucketName, prefix] = S3_URL.exec(input) ?? [];
    const found =
      bucketName === undefined || prefix === undefined
        ? localFiles(path.resolve(input), names)
        : await storedFiles(s3, bucketName, prefix, names);
    if (found.length === 0) throw new UsageError(`There is no file in ${input}`);
    for (const file of found) files.set(file.name, file);
  }
  const sorted = [...files.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  checkSources(sorted);
  return sorted;
}

function checkSources(files: readonly ArchiveFile[]): void {
  const bySource = new Map<string, string>();
  for (const { name, source } of files) {
    const other = bySource.get(source);
    if (other !== undefined) {
      throw new UsageError(
        `${other} and ${name} have the same source name "${source}", so equal lines of both would be one event: ` +
          'say --source-names path',
      );
    }
    bySource.set(source, name);
  }
}

function localFiles(root: string, names: SourceNames): ArchiveFile[] {
  const stats = statSync(root, { throwIfNoEntry: false });
  if (stats === undefined) throw new UsageError(`${root} is not there`);
  const files = stats.isDirectory()
    ? readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
        .map((entry) => path.join(entry.parentPath, entry.name))
    : [root];
  const base = stats.isDirectory() ? root : path.dirname(root);
  return files.map((name) => ({
    name,
    bytes: statSync(name).size,
    source: sourceOf(path.relative(base, name).split(path.sep).join('/'), names),
  }));
}

async function storedFiles(
  s3: S3Client,
  bucketName: string,
  prefix: string,
  names: SourceNames,
): Promise<ArchiveFile[]> {
  const files: ArchiveFile[] = [];
  for await (const stored of listStored({ s3, bucketName }, { prefix })) {
    const { key, bytes } = stored;
    const relative = key.slice(prefix.lastIndexOf('/') + 1);
    const name = `s3://${bucketName}/${key}`;
    files.push({ name, bytes, source: sourceOf(relative, names), object: { bucketName, stored } });
  }
  return files;
}

/** As `npm run send` names it, or with the directories before it. */
function sourceOf(relative: string, names: SourceNames): string {
  return names === 'base' ? sourceName(relative) : relative.replace(/\.gz$/i, '');
}

/**
 * Has a file at hand: an object is fetched first, and removed again afterwards.
 * @returns undefined when the object has to be restored from an archive class first
 */
export async function withFile<T>(
  s3: S3Client,
  { name, object }: ArchiveFile,
  use: (file: string) => Promise<T>,
): Promise<T | undefined> {
  if (object === undefined) return use(name);
  const { bucketName, stored } = object;
  if (await isArchived({ s3, bucketName }, stored)) return undefined;
  const directory = mkdtempSync(path.join(tmpdir(), 'replay-'));
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketName, Key: stored.key }));
    if (!(Body instanceof Readable)) throw new Error(`S3 gave no content for ${name}`);
    const file = path.join(directory, 'object');
    await pipeline(Body, createWriteStream(file, { mode: 0o600 }));
    return await use(file);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
