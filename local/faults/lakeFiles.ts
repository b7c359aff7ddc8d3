/** Breaks and mends objects of the lake in a drill. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import { EVENTS_PREFIX } from '../../lib/contract/lakeLayout';
import type { Target } from '../../scripts/target/target';

/** An object as it lay in the lake. */
export interface LakeFile {
  readonly key: string;
  readonly bytes: Buffer;
}

type Lake = Pick<Target, 's3' | 'bucketName'>;

/** Keys of all objects with events. */
export async function eventKeys({ s3, bucketName }: Lake): Promise<string[]> {
  const keys: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucketName, Prefix: EVENTS_PREFIX, ContinuationToken }),
    );
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return keys;
}

export async function readLakeFile({ s3, bucketName }: Lake, key: string): Promise<LakeFile> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketName, Key: key }));
  if (Body === undefined) throw new Error(`${key} has no content`);
  return { key, bytes: Buffer.from(await Body.transformToByteArray()) };
}

/** Writes an object, or other bytes under its key; S3 tells the loader of it. */
export async function writeLakeFile({ s3, bucketName }: Lake, key: string, bytes: Buffer): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: bucketName, Key: key, Body: bytes }));
}

export async function deleteLakeFile({ s3, bucketName }: Lake, key: string): Promise<void> {
  await s3.send(new DeleteObjectCommand({ Bucket: bucketName, Key: key }));
}

/**
 * A Parquet file with other columns or rows.
 * @param select DuckDB's SQL, in which `file` names the rows of the file
 */
export async function rewritten(bytes: Buffer, select: string): Promise<Buffer> {
  const directory = await mkdtemp(path.join(tmpdir(), 'lake-file-'));
  try {
    const input = path.join(directory, 'in.parquet');
    const output = path.join(directory, 'out.parquet');
    await writeFile(input, bytes);
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`CREATE VIEW file AS SELECT * FROM read_parquet('${input}')`);
    await connection.run(`COPY (${select}) TO '${output}' (FORMAT parquet, COMPRESSION snappy)`);
    connection.closeSync();
    instance.closeSync();
    return await readFile(output);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
