import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import {
  AUDIT_ENV,
  LOADER_ENV,
  MIGRATE_ENV,
  MODELER_ENV,
  TRANSFORM_ENV,
  UPKEEP_ENV,
} from '../../lib/contract/names';
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
      IamRoles: [
        { 'Fn::GetAtt': [Match.stringLikeRegexp('^CopyRole'), 'Arn'] },
        { 'Fn::GetAtt': [Match.stringLikeRegexp('^SpectrumRole'), 'Arn'] },
      ],
    });
    warehouse.hasResourceProperties('AWS::Redshift::ClusterParameterGroup', {
      Parameters: Match.arrayWith([
        { ParameterName: 'require_ssl', ParameterValue: 'true' },
        { ParameterName: 'enable_user_activity_logging', ParameterValue: 'true' },
        { ParameterName: 'max_concurrency_scaling_clusters', ParameterValue: '2' },
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
    'the network of $config.name leads nowhere but to AWS services',
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
    },
  );

  test('without the lake’s history the network admits nobody, reaches S3 alone, and costs nothing', () => {
    dev.templates.warehouse.allResourcesProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: Match.absent(),
    });
    dev.templates.warehouse.allResourcesProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
    dev.templates.warehouse.resourceCountIs('AWS::EC2::VPCEndpoint', 1);
  });

  test('with it, the network reaches Glue, too, from inside only', () => {
    warehouse.resourceCountIs('AWS::EC2::VPCEndpoint', 2);
    warehouse.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      VpcEndpointType: 'Interface',
      ServiceName: Match.anyValue(),
      PrivateDnsEnabled: true,
    });
    const admitted = Object.values(resourcesOf(warehouse, 'AWS::EC2::SecurityGroup')).flatMap(
      ({ Properties }) => Properties.SecurityGroupIngress ?? [],
    );
    expect(admitted).toEqual([
      expect.objectContaining({ CidrIp: reference.config.warehouse.vpcCidr, FromPort: 443, ToPort: 443 }),
    ]);
  });

  test('the history of the lake is read with a role of its own, which sees events and nothing else', () => {
    const spectrum = allowedBy(warehouse).filter(({ where }) => where.startsWith('SpectrumRole'));
    expect(objectEndings(spectrum)).toEqual(['/events/*']);
    expect(
      spectrum.flatMap(({ actions }) => actions).filter((action) => /Put|Delete|Create|Update/.test(action)),
    ).toEqual([]);
    expect(allowedBy(dev.templates.warehouse).some(({ where }) => where.startsWith('SpectrumRole'))).toBe(
      false,
    );
  });

  test('what may be spent beyond the nodes is limited by the day', () => {
    const limits = Object.values(resourcesOf(warehouse, 'Custom::UsageLimit')).map(({ Properties }) =>
      JSON.stringify(Properties.Create),
    );
    expect(limits).toHaveLength(2);
    expect(limits.join()).toContain(
      '\\"FeatureType\\":\\"concurrency-scaling\\",\\"LimitType\\":\\"time\\",\\"Amount\\":240,\\"Period\\":\\"daily\\"',
    );
    expect(limits.join()).toContain(
      '\\"FeatureType\\":\\"spectrum\\",\\"LimitType\\":\\"data-scanned\\",\\"Amount\\":20,\\"Period\\":\\"daily\\"',
    );
    dev.templates.warehouse.resourceCountIs('Custom::UsageLimit', 0);
  });

  test('COPY reads events, manifests and staged identifiers of erasures, and not the originals in errors/ and rejected/', () => {
    const copy = allowedBy(warehouse).filter(({ where }) => where.startsWith('CopyRole'));
    expect(copy.flatMap(({ actions }) => actions).sort()).toEqual([
      'kms:Decrypt',
      's3:GetBucketLocation',
      's3:GetObject',
      's3:ListBucket',
    ]);
    expect(objectEndings(copy)).toEqual(['/erasures/ids/*', '/events/*', '/manifests/*']);
    expect(copy.find(({ actions }) => actions.includes('s3:ListBucket'))?.condition).toEqual({
      StringLike: { 's3:prefix': ['events/*', 'manifests/*', 'erasures/ids/*'] },
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

  test('only migrations and upkeep can read the admin’s secret', () => {
    const readers = Object.values(reference.templates)
      .flatMap(allowedBy)
      .filter(({ actions }) => actions.includes('secretsmanager:GetSecretValue'));
    expect(readers.map(({ where }) => where.replace(/[A-F0-9]{8}$/, ''))).toEqual([
      'MigrationsOnEventRoleDefaultPolicy',
      'MigrationsIsCompleteRoleDefaultPolicy',
      'UpkeepRoleDefaultPolicy',
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

  test('the loader reads events, moves them to quarantine, and writes manifests', () => {
    const loader = allowedBy(loading).filter(({ where }) => where.startsWith('Loader'));
    const endings = (action: string) =>
      objectEndings(loader.filter(({ actions }) => actions.includes(action)));
    expect(endings('s3:GetObject')).toEqual(['/events/*']);
    expect(endings('s3:DeleteObject')).toEqual(['/events/*']);
    expect(endings('s3:PutObject').toSorted()).toEqual(['/manifests/*', '/quarantine/*']);
  });
});

describe('audit', () => {
  const { loading } = reference.templates;

  test('runs alone, every hour', () => {
    loading.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(1 hour)',
      State: 'ENABLED',
    });
    loading.hasResourceProperties('AWS::Lambda::Function', {
      Description: Match.stringLikeRegexp('^Clickstream: holds what was accepted'),
      ReservedConcurrentExecutions: 1,
      Environment: {
        // Twice 60 + 300 s of buffers; two load intervals of 5 minutes and a load of 15.
        Variables: Match.objectLike({ SETTLE_SECONDS: '720', GRACE_SECONDS: '1500' }),
      },
    });
  });

  test('reads events, counts and quarantine, lists errors/ too, tells the queue, and writes no object', () => {
    const audit = allowedBy(loading).filter(({ where }) => /^Audit(?!Schedule)/.test(where));
    expect(objectEndings(audit.filter(({ actions }) => actions.includes('s3:GetObject'))).toSorted()).toEqual(
      ['/counts/*', '/events/*', '/quarantine/*'],
    );
    expect(audit.find(({ actions }) => actions.includes('s3:ListBucket'))?.condition).toEqual({
      StringLike: { 's3:prefix': ['events/*', 'counts/*', 'quarantine/*', 'errors/*'] },
    });
    const actions = audit.flatMap((statement) => statement.actions);
    expect(actions).toEqual(expect.arrayContaining(['sqs:SendMessage', 'sqs:GetQueueAttributes']));
    expect(actions.filter((action) => /^s3:(Put|Delete)|sqs:(Receive|Delete)/.test(action))).toEqual([]);
    const login = audit.find((statement) => statement.actions.includes('redshift:GetClusterCredentials'));
    expect(login?.resources.join()).toContain('/auditor');
  });
});

describe('models', () => {
  const { loading } = reference.templates;

  test('log in as their own user, and touch nothing but the warehouse', () => {
    const own = allowedBy(loading).filter(({ where }) => /^Modeler/.test(where));
    const login = own.find(({ actions }) => actions.includes('redshift:GetClusterCredentials'));
    expect(login?.resources.join()).toContain('/modeler');
    const services = new Set(own.flatMap(({ actions }) => actions.map((action) => action.split(':')[0])));
    expect([...services].sort()).toEqual(['logs', 'redshift', 'redshift-data']);
  });

  test('are called as often as the loader, with the settings of the environment', () => {
    loading.hasResourceProperties('AWS::Scheduler::Schedule', {
      Description: 'Runs the clickstream models',
      ScheduleExpression: `rate(${reference.config.warehouse.loadIntervalMinutes} minutes)`,
      Target: { Input: JSON.stringify(reference.config.analysis) },
    });
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
    const expected = [
      TRANSFORM_ENV,
      MIGRATE_ENV,
      MIGRATE_ENV,
      UPKEEP_ENV,
      LOADER_ENV,
      AUDIT_ENV,
      MODELER_ENV,
    ].map((names) => [...Object.values(names), extra].sort());
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
