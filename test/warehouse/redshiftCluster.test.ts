import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { loadEnvironment } from '../../lib/config';
import type { EventColumn } from '../../lib/event/columns';
import { dataRemoval } from '../../lib/foundation/removal';
import { columnsChecksum, migrationsChecksum } from '../../lib/warehouse/migrations';
import { RedshiftCluster, type RedshiftClusterProps } from '../../lib/warehouse/redshiftCluster';
import { testApp } from '../support/testApp';

function cluster(changes: Partial<RedshiftClusterProps>): RedshiftCluster {
  const stack = new Stack(testApp(), 'test');
  return new RedshiftCluster(stack, 'Cluster', {
    vpc: new Vpc(stack, 'Vpc', {
      subnetConfiguration: [{ name: 'warehouse', subnetType: SubnetType.PRIVATE_ISOLATED }],
    }),
    nodeType: 'rg.xlarge',
    nodes: 2,
    databaseName: 'clickstream',
    encryptionKey: new Key(stack, 'Key'),
    workload: loadEnvironment('prod').warehouse.workload,
    roles: [new Role(stack, 'Role', { assumedBy: new ServicePrincipal('redshift.amazonaws.com') })],
    snapshotRetentionDays: 7,
    auditLogBucket: new Bucket(stack, 'Logs'),
    removal: dataRemoval({ name: 'test', removal: { destroyData: false } }),
    ...changes,
  });
}

describe('RedshiftCluster', () => {
  test.each([
    [{ nodes: 0 }, 'nodes: 0 must be a whole number from 1 to 128'],
    [{ nodes: 2.5 }, 'nodes: 2.5 must be a whole number from 1 to 128'],
    [{ nodes: 129 }, 'nodes: 129 must be a whole number from 1 to 128'],
    [{ nodes: 1 }, 'nodes: 1 must be at least 2 for rg.xlarge; alone may run ra3.large, rg.large'],
    [
      { databaseName: 'Click-Stream' },
      'databaseName: "Click-Stream" must be up to 64 lower-case letters, digits or underscores, a letter first',
    ],
    [{ snapshotRetentionDays: 0 }, 'snapshotRetentionDays: 0 must be a whole number from 1 to 35'],
    [{ snapshotRetentionDays: 36 }, 'snapshotRetentionDays: 36 must be a whole number from 1 to 35'],
  ])('refuses %j, saying what would be right', (changes, message) => {
    expect(() => cluster(changes)).toThrow(message);
  });

  test.each([{ nodes: 1, nodeType: 'rg.large' }, { nodes: 128 }, { snapshotRetentionDays: 35 }])(
    'takes %j, which is just allowed',
    (changes) => {
      expect(cluster(changes).databaseName).toBe('clickstream');
    },
  );
});

describe('migrationsChecksum', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'clickstream-migrations-'));
  const write = (file: string, content: string) => writeFileSync(path.join(directory, file), content);

  beforeEach(() => {
    write('001-a.sql', 'SELECT 1;');
    write('002-b.sql', 'SELECT 2;');
  });
  afterEach(() => rmSync(path.join(directory, '003-c.sql'), { force: true }));
  afterAll(() => rmSync(directory, { recursive: true }));

  test('stays the same while the migrations do, whatever else lies beside them', () => {
    const before = migrationsChecksum(directory);
    write('README.md', 'How to add a migration');
    expect(migrationsChecksum(directory)).toBe(before);
  });

  test('changes when a migration is added or edited, or text moves from one to the next', () => {
    const checksums = [migrationsChecksum(directory)];
    write('003-c.sql', '');
    checksums.push(migrationsChecksum(directory));
    write('002-b.sql', 'SELECT 3;');
    checksums.push(migrationsChecksum(directory));
    write('001-a.sql', '');
    write('002-b.sql', 'SELECT 1;SELECT 3;');
    checksums.push(migrationsChecksum(directory));
    expect(new Set(checksums).size).toBe(4);
  });
});

describe('columnsChecksum', () => {
  const column: EventColumn = { name: 'a', type: 'int', nullable: true, origin: 'sent', meaning: 'A.' };
  const more: EventColumn = { ...column, name: 'b' };

  test('changes with what the warehouse knows of a column, and with nothing else', () => {
    const checksum = columnsChecksum([column, more]);
    expect(columnsChecksum([{ ...column, origin: 'derived' }, more])).toBe(checksum);
    const changes = [
      [column],
      [more, column],
      [column, { ...more, type: 'bigint' as const }],
      [column, { ...more, nullable: false }],
      [column, { ...more, meaning: 'B.' }],
    ];
    expect(new Set([checksum, ...changes.map((columns) => columnsChecksum(columns))]).size).toBe(6);
  });
});
