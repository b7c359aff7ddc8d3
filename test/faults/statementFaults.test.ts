/** Statements that a drill lets fail must look as those that fail by themselves. */
import path from 'node:path';
import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  DescribeStatementCommand,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { localClientSettings } from '../../local/endpoints';
import { type RedshiftDataServer, startRedshiftDataServer } from '../../local/redshift/dataApi/server';
import type { StatementFault } from '../../local/redshift/dataApi/statements';
import { tempDirectory } from '../support/tempDirectory';

const TARGET = {
  ClusterIdentifier: 'cluster',
  Database: 'clickstream',
  SecretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:admin',
};

describe('a statement with a fault', () => {
  const directory = tempDirectory('statement-faults');
  let server: RedshiftDataServer;
  let client: RedshiftDataClient;
  let fault: StatementFault | undefined;

  beforeAll(async () => {
    server = await startRedshiftDataServer({
      databaseFile: path.join(directory, 'w.duckdb'),
      clusterIdentifier: TARGET.ClusterIdentifier,
      databaseName: TARGET.Database,
      resolveS3: () => undefined,
      statementFaults: { beforeRun: ({ name }) => (name === 'faulty' ? fault : undefined) },
    });
    client = new RedshiftDataClient(localClientSettings(server.url));
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });

  async function submit(StatementName: string, ...Sqls: string[]) {
    const { Id } = await client.send(new BatchExecuteStatementCommand({ ...TARGET, StatementName, Sqls }));
    return Id;
  }
  const ended = (Id: string | undefined) =>
    client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 30 }));

  it('fails at the SQL it names, and leaves nothing', async () => {
    fault = { failure: { index: 1, message: 'Disk Full' } };
    const failed = await ended(
      await submit('faulty', 'CREATE TABLE t (a INT)', 'INSERT INTO t VALUES (1)', 'SELECT 1'),
    );
    expect(failed).toMatchObject({
      Status: 'FAILED',
      Error: 'Query #2 failed with ERROR: Disk Full',
      SubStatements: [
        { Status: 'FINISHED' },
        { Status: 'FAILED', Error: 'ERROR: Disk Full' },
        { Status: 'ABORTED' },
      ],
    });
    const again = await ended(await submit('sound', 'CREATE TABLE t (a INT)', 'DROP TABLE t'));
    expect(again.Status).toBe('FINISHED');
  });

  it('that is delayed runs meanwhile, and can be cancelled', async () => {
    fault = { delayMillis: 600_000 };
    const id = await submit('faulty', 'SELECT 1', 'SELECT 2');
    await client.send(new CancelStatementCommand({ Id: id }));
    expect(await ended(id)).toMatchObject({
      Status: 'ABORTED',
      Error: expect.stringContaining('cancelled'),
    });
  });
});
