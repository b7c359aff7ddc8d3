import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { LOADER_ENV, MIGRATE_ENV, TRANSFORM_ENV } from '../../lib/contract/names';
import { allowedBy, type Statement } from '../support/policies';
import { onlyResource, resourcesOf, synthesize } from '../support/testApp';

const reference = synthesize('reference');
const dev = synthesize('dev');

describe('warehouse', () => {
  const { warehouse } = reference.templates;

  test('the cluster is private, encrypted, audited, and its admin password is managed', () => {
    warehouse.hasResourceProperties('AWS::Redshift::Cluster', {
      DBName: 'clickstream',
      NodeType: 'rg.4xlarge',
      ClusterType: 'multi-node',
      NumberOfNodes: reference.plan.warehouse.nodes,
      Encrypted: true,
      KmsKeyId: Match.anyValue(),
      ManageMasterPassword: true,
      MasterUserPassword: Match.absent(),
      PubliclyAccessible: false,
      EnhancedVpcRouting: true,
      AutomatedSnapshotRetentionPeriod: 7,
      LoggingProperties: { BucketName: { Ref: Match.stringLikeRegexp('^AuditLogs') } },
      IamRoles: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^CopyRole'), 'Arn'] }],
    });
    warehouse.hasResourceProperties('AWS::Redshift::ClusterParameterGroup', {
      Parameters: Match.arrayWith([
        { ParameterName: 'require_ssl', ParameterValue: 'true' },
        { ParameterName: 'enable_user_activity_logging', ParameterValue: 'true' },
      ]),
    });
  });

  test('one node makes a single-node cluster', () => {
    dev.templates.warehouse.hasResourceProperties('AWS::Redshift::Cluster', {
      NodeType: 'rg.large',
      ClusterType: 'single-node',
      NumberOfNodes: Match.absent(),
    });
  });

  test.each([dev, reference])(
    'the network of $config.name leads nowhere but to S3, and costs nothing',
    ({ templates }) => {
      for (const type of [
        'AWS::EC2::NatGateway',
        'AWS::EC2::InternetGateway',
        'AWS::EC2::Route',
        'AWS::EC2::SecurityGroupIngress',
      ]) {
        templates.warehouse.resourceCountIs(type, 0);
      }
      templates.warehouse.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
      templates.warehouse.allResourcesProperties('AWS::EC2::SecurityGroup', {
        SecurityGroupIngress: Match.absent(),
      });
      templates.warehouse.allResourcesProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
      templates.warehouse.resourceCountIs('AWS::EC2::VPCEndpoint', 1);
    },
  );

  test('COPY reads events and manifests, and not the originals in errors/ and rejected/', () => {
    const copy = allowedBy(warehouse).filter(({ where }) => where.startsWith('CopyRole'));
    expect(copy.flatMap(({ actions }) => actions).sort()).toEqual([
      'kms:Decrypt',
      's3:GetBucketLocation',
      's3:GetObject',
      's3:ListBucket',
    ]);
    expect(objectEndings(copy)).toEqual(['/events/*', '/manifests/*']);
    expect(copy.find(({ actions }) => actions.includes('s3:ListBucket'))?.condition).toEqual({
      StringLike: { 's3:prefix': ['events/*', 'manifests/*'] },
    });
  });

  test('migrations run after the cluster is there, and again when one is added or the event columns change', () => {
    const { Properties, DependsOn } = onlyResource(warehouse, 'Custom::WarehouseMigrations') as ReturnType<
      typeof onlyResource
    > & { DependsOn: string[] };
    expect(Properties.MigrationsChecksum).toMatch(/^[0-9a-f]{64}$/);
    expect(Properties.EventColumnsChecksum).toMatch(/^[0-9a-f]{64}$/);
    expect(DependsOn).toContainEqual(expect.stringMatching(/^RedshiftCluster/));
  });

  test('only migrations can read the admin’s secret', () => {
    const readers = Object.values(reference.templates)
      .flatMap(allowedBy)
      .filter(({ actions }) => actions.includes('secretsmanager:GetSecretValue'));
    expect(readers.map(({ where }) => where.replace(/[A-F0-9]{8}$/, ''))).toEqual([
      'MigrationsOnEventRoleDefaultPolicy',
      'MigrationsIsCompleteRoleDefaultPolicy',
    ]);
    expect(
      readers.every(({ resources }) => resources.every((arn) => arn.includes('MasterPasswordSecretArn'))),
    ).toBe(true);
  });

  test('the outputs hold what a BI tool asks for, as docs/warehouse-connect.md lists it', () => {
    const guide = readFileSync(path.resolve(__dirname, '../../docs/warehouse-connect.md'), 'utf8');
    const listed = [...guide.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    const outputs = Object.keys(warehouse.toJSON().Outputs).filter(
      (name) => !name.startsWith('PublishOutput'),
    );
    expect(listed).toContain('EndpointAddress');
    expect(listed.sort()).toEqual(outputs.sort());
  });
});

describe('loading', () => {
  const { loading } = reference.templates;

  test.each([
    [reference, 'rate(5 minutes)', 300],
    [dev, 'rate(15 minutes)', 900],
  ])('the loader of $config.name runs alone and on its schedule', ({ templates }, rate, seconds) => {
    templates.loading.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: rate,
      State: 'ENABLED',
      Target: {
        RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: seconds },
        DeadLetterConfig: { Arn: Match.anyValue() },
      },
    });
    templates.loading.hasResourceProperties('AWS::Lambda::Function', {
      ReservedConcurrentExecutions: 1,
      Timeout: 900,
    });
    templates.loading.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: seconds,
    });
  });

  test('the loader logs in to one database as its own user, on one cluster', () => {
    const loader = allowedBy(loading).filter(({ where }) => where.startsWith('Loader'));
    const login = loader.find(({ actions }) => actions.includes('redshift:GetClusterCredentials'));
    expect(login?.resources.map((arn) => arn.replaceAll(/\{.*?\}{1,2}/g, '*'))).toEqual([
      'arn:aws:redshift:us-east-1:*:dbname:*/clickstream',
      'arn:aws:redshift:us-east-1:*:dbuser:*/loader',
    ]);
    const run = loader.find(({ actions }) => actions.includes('redshift-data:BatchExecuteStatement'));
    expect(run?.resources).toHaveLength(1);
    expect(run?.resources[0]).toContain(':cluster:');
  });

  test('the loader reads events and writes manifests', () => {
    const loader = allowedBy(loading).filter(({ where }) => where.startsWith('Loader'));
    const endings = (action: string) =>
      objectEndings(loader.filter(({ actions }) => actions.includes(action)));
    expect(endings('s3:GetObject')).toEqual(['/events/*']);
    expect(endings('s3:PutObject')).toEqual(['/manifests/*']);
  });
});

describe('functions', () => {
  const functions = [
    reference.templates.delivery,
    reference.templates.warehouse,
    reference.templates.loading,
  ].flatMap(functionsOf);

  test('each is given exactly the environment variables it reads', () => {
    const extra = 'NODE_OPTIONS';
    const expected = [TRANSFORM_ENV, MIGRATE_ENV, MIGRATE_ENV, LOADER_ENV].map((names) =>
      [...Object.values(names), extra].sort(),
    );
    expect(functions.map(({ Environment }) => Object.keys(Environment.Variables).sort())).toEqual(expected);
  });

  test('each runs on Node.js 24 on arm64 and keeps its log for a month', () => {
    expect(new Set(functions.map(({ Runtime, Architectures }) => `${Runtime} ${Architectures}`))).toEqual(
      new Set(['nodejs24.x arm64']),
    );
    for (const template of [
      reference.templates.delivery,
      reference.templates.loading,
      reference.templates.warehouse,
    ]) {
      template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
    }
  });
});

interface FunctionProperties {
  readonly Timeout: number;
  readonly Runtime: string;
  readonly Architectures: string[];
  readonly Environment: { readonly Variables: Record<string, unknown> };
}

/** Our own functions of a stack: those with a log group. */
function functionsOf(template: Template): FunctionProperties[] {
  return Object.values(resourcesOf(template, 'AWS::Lambda::Function'))
    .map(({ Properties }) => Properties as unknown as FunctionProperties & { Description?: string })
    .filter(({ Description }) => Description?.startsWith('Clickstream: '));
}

/** What ARNs with a wildcard at the end, such as objects of a bucket, end with. */
function objectEndings(statements: readonly Statement[]): string[] {
  return statements
    .flatMap(({ resources }) => resources)
    .filter((arn) => arn.endsWith('/*'))
    .map((arn) => arn.slice(arn.lastIndexOf('}') + 1));
}
