/** A lake and a warehouse on loopback to erase from, and what they hold. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { parquetReadObjects } from 'hyparquet';
import { DataApi } from '../../lambda/shared/dataApi';
import { memorySource } from '../../lib/erasure/parquet/source';
import { type RedshiftDataServer, startRedshiftDataServer } from '../../local/redshift/dataApi/server';
import { type S3Server, startS3Server } from '../../local/s3/server';
import type { ErasureTarget } from '../../scripts/erase/erase';
import { clientConfig } from './conformance';

const CLUSTER = 'the-cluster';
const DATABASE = 'clickstream';
const TABLES = [
  'CREATE SCHEMA landing',
  'CREATE SCHEMA ops',
  'CREATE SCHEMA analysis',
  'CREATE TABLE landing.events (event_id VARCHAR(64), site_id VARCHAR(64), visitor_id VARCHAR(128), user_id VARCHAR(128))',
  'CREATE TABLE analysis.visitors (visitor_id VARCHAR(128), visits INTEGER)',
  'CREATE TABLE analysis.pages (page_path VARCHAR(128), views INTEGER)',
  'CREATE VIEW analysis.events AS SELECT * FROM landing.events',
  'CREATE TABLE ops.load_lock (note VARCHAR(1))',
  'CREATE TABLE ops.model_lock (note VARCHAR(1))',
  readFileSync(path.resolve(__dirname, '../../sql/migrations/010-erasures.sql'), 'utf8'),
  'CREATE TABLE ops.load_files (object_key VARCHAR(1024))',
];

/** Both servers, and clients. */
export class ErasureStage {
  readonly s3: S3Client;
  private readonly redshiftData: RedshiftDataClient;
  private buckets = 0;

  private constructor(
    readonly lakeServer: S3Server,
    readonly warehouseServer: RedshiftDataServer,
  ) {
    this.s3 = new S3Client(clientConfig(lakeServer.url));
    this.redshiftData = new RedshiftDataClient(clientConfig(warehouseServer.url));
  }

  static async start(directory: string): Promise<ErasureStage> {
    const lake = await startS3Server({ directory: path.join(directory, 's3') });
    const warehouse = await startRedshiftDataServer({
      databaseFile: path.join(directory, 'warehouse.duckdb'),
      clusterIdentifier: CLUSTER,
      databaseName: DATABASE,
      resolveS3: (bucket, key) => lake.buckets.pathOf(bucket, key),
    });
    for (const sql of TABLES) await warehouse.warehouse.query(sql);
    return new ErasureStage(lake, warehouse);
  }

  /** A new, empty bucket, versioned as said; its pipeline. */
  newLake(isVersioned: boolean): ErasureLake {
    this.buckets++;
    const bucketName = `lake-${this.buckets}`;
    this.lakeServer.buckets.create(bucketName, [], isVersioned);
    return new ErasureLake(this, bucketName);
  }

  target(bucketName: string): ErasureTarget {
    const target = {
      ClusterIdentifier: CLUSTER,
      Database: DATABASE,
      SecretArn: 'arn:aws:secretsmanager:admin',
    };
    // Statements are done at once here.
    const clock = { now: Date.now, sleep: () => new Promise<void>((resolve) => setTimeout(resolve, 2)) };
    return {
      title: 'test',
      environment: 'dev',
      bucketName,
      clusterIdentifier: CLUSTER,
      copyRoleArn: 'arn:aws:iam::000000000000:role/copy',
      s3: this.s3,
      dataApi: () => new DataApi(this.redshiftData, target, clock),
    };
  }

  async query(sql: string): Promise<unknown[][]> {
    const { rows = [] } = await this.warehouseServer.warehouse.query(sql);
    return rows.map((row) => [...row]);
  }

  async close(): Promise<void> {
    this.s3.destroy();
    this.redshiftData.destroy();
    await this.warehouseServer.close();
    await this.lakeServer.close();
  }
}

/** One bucket. */
export class ErasureLake {
  readonly target: ErasureTarget;

  constructor(
    private readonly stage: ErasureStage,
    readonly bucketName: string,
  ) {
    this.target = stage.target(bucketName);
  }

  async put(Key: string, Body: Uint8Array | string, Metadata: Record<string, string> = {}): Promise<void> {
    await this.stage.s3.send(new PutObjectCommand({ Bucket: this.bucketName, Key, Body, Metadata }));
  }

  async get(Key: string): Promise<{ bytes: Buffer; metadata: Record<string, string> }> {
    const { Body, Metadata = {} } = await this.stage.s3.send(
      new GetObjectCommand({ Bucket: this.bucketName, Key }),
    );
    return { bytes: Buffer.from((await Body?.transformToByteArray()) ?? []), metadata: Metadata };
  }

  async keys(Prefix = ''): Promise<string[]> {
    const { Contents = [] } = await this.stage.s3.send(
      new ListObjectsV2Command({ Bucket: this.bucketName, Prefix }),
    );
    return Contents.map(({ Key = '' }) => Key);
  }

  /** Versions and delete markers by key. */
  async versionCounts(Prefix = ''): Promise<Record<string, number>> {
    const { Versions = [], DeleteMarkers = [] } = await this.stage.s3.send(
      new ListObjectVersionsCommand({ Bucket: this.bucketName, Prefix }),
    );
    const counts: Record<string, number> = {};
    for (const { Key = '' } of [...Versions, ...DeleteMarkers]) counts[Key] = (counts[Key] ?? 0) + 1;
    return counts;
  }

  /** Ids of the events in a Parquet object. */
  async eventIds(key: string): Promise<unknown[]> {
    const rows = await parquetReadObjects({
      file: memorySource((await this.get(key)).bytes),
      columns: ['event_id'],
    });
    return rows.map(({ event_id }) => event_id);
  }
}
