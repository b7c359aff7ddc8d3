/** Asks the local warehouse through the Data API, as a tool on AWS would. */
import { randomUUID } from 'node:crypto';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { DataApi, type ResultRow } from '../../lambda/shared/dataApi';
import { localClientSettings } from '../endpoints';
import type { ClusterDefinition } from '../template/definitions';

/** Longest wait for an answer. */
const QUERY_TIMEOUT_MILLIS = 120_000;

export type { ResultRow };

/** The admin's connection to the warehouse. */
export class WarehouseClient {
  private readonly client: RedshiftDataClient;
  private readonly dataApi: DataApi;

  constructor(url: string, region: string, cluster: ClusterDefinition) {
    this.client = new RedshiftDataClient(localClientSettings(url, region));
    this.dataApi = new DataApi(this.client, {
      ClusterIdentifier: cluster.identifier,
      Database: cluster.databaseName,
      SecretArn: cluster.adminSecretArn,
    });
  }

  /**
   * Rows of a query in Redshift SQL, by column name.
   * @throws StatementFailedError with Redshift's words when it fails
   */
  async query(sql: string): Promise<ResultRow[]> {
    const id = await this.dataApi.submit([sql], 'local-run-query', randomUUID());
    await this.dataApi.follow(id, Date.now() + QUERY_TIMEOUT_MILLIS);
    return this.dataApi.rows(id, 0);
  }

  close(): void {
    this.client.destroy();
  }
}
