/** Brings the warehouse's schema up to date on every deployment that changes it. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CustomResource, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { MIGRATE_ENV } from '../contract/names';
import { EVENT_COLUMNS, type EventColumn } from '../event/columns';
import { redshiftColumns } from '../event/tables';
import { acknowledge, acknowledgeArnsEndingWith } from '../foundation/acknowledge';
import { copyDirectory } from '../foundation/copyDirectory';
import { decryptThrough } from '../foundation/keyAccess';
import { LOG_RETENTION, PipelineFunction, PROJECT_ROOT } from '../foundation/pipelineFunction';
import { allowDataApi } from './dataApiAccess';
import type { RedshiftCluster } from './redshiftCluster';

/** Versioned migrations, `NNN-name.sql`. */
export const MIGRATIONS_DIRECTORY = path.join(PROJECT_ROOT, 'sql', 'migrations');

/** Holds the comments on the models, beside their statements. */
const MODELS_DIRECTORY = path.join(PROJECT_ROOT, 'sql', 'models');

/** The longest CloudFormation waits for a custom resource. */
const LONGEST_WAIT = Duration.hours(1);

export interface MigrationsProps {
  readonly cluster: RedshiftCluster;
  /** Encrypts the admin's secret. */
  readonly encryptionKey: IKey;
  /** What the warehouse shows of the lake; left out: nothing. */
  readonly lake?: { readonly databaseName: string; readonly spectrumRoleArn: string };
}

/**
 * A custom resource that brings the events up to the event definition and runs the migrations, as the admin, through
 * the Data API. Its properties carry checksums of both, so that a change of either triggers it.
 */
export class Migrations extends Construct {
  /** Depend on this to come after the schema. */
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: MigrationsProps) {
    super(scope, id);
    const { cluster, lake } = props;
    const onEvent = this.migrateFunction('OnEvent', 'onEvent', props);
    const isComplete = this.migrateFunction('IsComplete', 'isComplete', props);
    const provider = new Provider(this, 'Provider', {
      onEventHandler: onEvent.function,
      isCompleteHandler: isComplete.function,
      queryInterval: Duration.seconds(10),
      totalTimeout: LONGEST_WAIT,
      logGroup: new LogGroup(this, 'ProviderLogs', {
        retention: LOG_RETENTION,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    });
    this.resource = new CustomResource(this, 'Resource', {
      serviceToken: provider.serviceToken,
      resourceType: 'Custom::WarehouseMigrations',
      serviceTimeout: LONGEST_WAIT,
      properties: {
        MigrationsChecksum: migrationsChecksum(MIGRATIONS_DIRECTORY),
        EventColumnsChecksum: columnsChecksum(),
        ModelCommentsChecksum: migrationsChecksum(MODELS_DIRECTORY),
        ...(lake === undefined
          ? {}
          : { LakeDatabase: lake.databaseName, SpectrumRole: lake.spectrumRoleArn }),
      },
    });
    this.resource.node.addDependency(cluster);
    acknowledgeProvider(provider);
  }

  private migrateFunction(id: string, handler: string, props: MigrationsProps): PipelineFunction {
    const { cluster, encryptionKey, lake } = props;
    const migrate = new PipelineFunction(this, id, {
      folder: 'migrate',
      handler,
      description: `Clickstream: warehouse migrations, ${handler}`,
      memoryMebibytes: 256,
      timeout: Duration.minutes(5),
      environment: {
        [MIGRATE_ENV.clusterIdentifier]: cluster.clusterIdentifier,
        [MIGRATE_ENV.databaseName]: cluster.databaseName,
        [MIGRATE_ENV.adminSecretArn]: cluster.adminSecretArn,
        ...(lake === undefined
          ? {}
          : {
              [MIGRATE_ENV.lakeDatabaseName]: lake.databaseName,
              [MIGRATE_ENV.spectrumRoleArn]: lake.spectrumRoleArn,
            }),
      },
      commandHooks: {
        beforeBundling: () => [],
        beforeInstall: () => [],
        afterBundling: (inputDirectory, outputDirectory) => [
          copyDirectory(
            path.join(inputDirectory, 'sql', 'migrations'),
            path.join(outputDirectory, 'migrations'),
          ),
          copyDirectory(path.join(inputDirectory, 'sql', 'models'), path.join(outputDirectory, 'models')),
        ],
      },
    });
    allowDataApi(migrate, cluster.clusterArn);
    migrate.allow(
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        resources: [cluster.adminSecretArn],
      }),
    );
    migrate.allow(decryptThrough(this, encryptionKey, 'secretsmanager'));
    return migrate;
  }
}

/** SHA-256 over names and contents of a directory's .sql files, in the order of their names. */
export function migrationsChecksum(directory: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(directory).filter((file) => file.endsWith('.sql'));
  for (const file of files.sort()) {
    const content = readFileSync(path.join(directory, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** SHA-256 over what the warehouse knows of the event columns: their definitions and comments. */
export function columnsChecksum(columns: readonly EventColumn[] = EVENT_COLUMNS): string {
  const meanings = columns.map(({ meaning }) => meaning);
  return createHash('sha256')
    .update(JSON.stringify([redshiftColumns('final', columns), meanings]))
    .digest('hex');
}

function acknowledgeProvider(provider: Provider): void {
  const framework =
    'CDK’s own provider framework: its functions run on every deployment and handle no events. ';
  acknowledge(
    provider,
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
    `${framework}The managed policy lets them write their log.`,
  );
  acknowledgeArnsEndingWith(
    provider,
    [':*'],
    `${framework}They may invoke every version of the functions named.`,
  );
  acknowledge(provider, 'AwsSolutions-L1', `${framework}The runtime is chosen by the CDK release.`);
  acknowledge(provider, 'AwsSolutions-SF1', `${framework}The state machine only waits; the functions log.`);
  acknowledge(provider, 'AwsSolutions-SF2', `${framework}There is nothing to trace.`);
}
