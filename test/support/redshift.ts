/** A local warehouse in a temporary directory, with S3 objects as plain files, and Parquet to load. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** A directory that stands for S3: `<directory>/<bucket>/<key>`. */
export interface ObjectDirectory {
  readonly root: string;
  resolve(bucket: string, key: string): string;
  /** Writes an object; its s3:// URL. */
  put(bucket: string, key: string, body: string): string;
  /** Writes the rows of a DuckDB query as a Parquet object; its s3:// URL. */
  putParquet(bucket: string, key: string, query: string): Promise<string>;
  /** A manifest over objects, as the loader writes it; its s3:// URL. */
  putManifest(bucket: string, key: string, urls: readonly string[]): string;
  remove(): void;
}

export function objectDirectory(): ObjectDirectory {
  const root = mkdtempSync(path.join(os.tmpdir(), 'redshift-test-'));
  const resolve = (bucket: string, key: string) => path.join(root, 's3', bucket, key);
  const prepare = (bucket: string, key: string) => {
    const file = resolve(bucket, key);
    mkdirSync(path.dirname(file), { recursive: true });
    return file;
  };
  const put = (bucket: string, key: string, body: string) => {
    writeFileSync(prepare(bucket, key), body);
    return `s3://${bucket}/${key}`;
  };
  return {
    root,
    resolve,
    put,
    async putParquet(bucket, key, query) {
      const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
      const connection = await instance.connect();
      await connection.run(
        `COPY (${query}) TO '${prepare(bucket, key)}' (FORMAT parquet, COMPRESSION snappy)`,
      );
      connection.closeSync();
      instance.closeSync();
      return `s3://${bucket}/${key}`;
    },
    putManifest(bucket, key, urls) {
      const entries = urls.map((url) => {
        const [, , urlBucket = '', ...keyParts] = url.split('/');
        const { size } = statSync(resolve(urlBucket, keyParts.join('/')));
        return { url, mandatory: true, meta: { content_length: size } };
      });
      return put(bucket, key, JSON.stringify({ entries }));
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
