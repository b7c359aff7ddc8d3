/** Warehouse: network, Redshift cluster and its schema. Stateful. */
import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { WAREHOUSE } from '../contract/names';
import { LogBucket } from '../foundation/logBucket';
import { CopyRole } from '../warehouse/copyRole';
import { Migrations } from '../warehouse/migrations';
import { WarehouseNetwork } from '../warehouse/network';
import { RedshiftCluster } from '../warehouse/redshiftCluster';
import { sliceDaysFor } from '../warehouse/slices';
import { SpectrumRole } from '../warehouse/spectrumRole';
import { Upkeep } from '../warehouse/upkeep';
import { UsageLimits } from '../warehouse/usageLimits';
import type { LakeStack } from './lakeStack';
import { type ClickstreamStackProps, statefulStackProps } from './stackProps';

export interface WarehouseStackProps extends ClickstreamStackProps {
  readonly lake: Pick<LakeStack, 'bucket' | 'dataKey' | 'database'>;
}

/** The VPC, the cluster with the roles it reads the lake with and audit logs, and the migrations. */
export class WarehouseStack extends Stack {
  readonly cluster: RedshiftCluster;
  readonly copyRole: CopyRole;
  readonly upkeep: Upkeep;

  constructor(scope: Construct, id: string, props: WarehouseStackProps) {
    super(scope, id, statefulStackProps(props, 'Clickstream warehouse: Redshift'));
    const { config, plan, removal, lake } = props;
    const logBucket = new LogBucket(this, 'AuditLogs', removal);
    const { vpc } = new WarehouseNetwork(this, 'Network', {
      cidr: config.warehouse.vpcCidr,
      lakeBucket: lake.bucket,
      reachesGlue: config.warehouse.lakeHistory,
      logBucket,
    });
    this.copyRole = new CopyRole(this, 'CopyRole', { bucket: lake.bucket, encryptionKey: lake.dataKey });
    const spectrumRole = config.warehouse.lakeHistory
      ? new SpectrumRole(this, 'SpectrumRole', {
          bucket: lake.bucket,
          encryptionKey: lake.dataKey,
          database: lake.database,
        })
      : undefined;
    this.cluster = new RedshiftCluster(this, 'Redshift', {
      vpc,
      nodeType: plan.warehouse.nodeType,
      nodes: plan.warehouse.nodes,
      databaseName: WAREHOUSE.database,
      encryptionKey: lake.dataKey,
      roles: spectrumRole === undefined ? [this.copyRole] : [this.copyRole, spectrumRole],
      workload: config.warehouse.workload,
      snapshotRetentionDays: config.warehouse.snapshotRetentionDays,
      auditLogBucket: logBucket,
      removal,
    });
    new Migrations(this, 'Migrations', {
      cluster: this.cluster,
      encryptionKey: lake.dataKey,
      ...(spectrumRole === undefined
        ? {}
        : { lake: { databaseName: lake.database.ref, spectrumRoleArn: spectrumRole.roleArn } }),
    });
    const { workload, retentionDays, modelRetentionDays } = config.warehouse;
    this.upkeep = new Upkeep(this, 'Upkeep', {
      environmentName: config.name,
      cluster: this.cluster,
      encryptionKey: lake.dataKey,
      sliceDays: sliceDaysFor(retentionDays),
      retentionDays,
      modelRetentionDays,
    });
    new UsageLimits(this, 'UsageLimits', {
      clusterIdentifier: this.cluster.clusterIdentifier,
      limits: [
        ...(workload.concurrencyScalingClusters === 0
          ? []
          : [
              {
                name: 'ConcurrencyScaling',
                feature: 'concurrency-scaling' as const,
                amountPerDay: workload.concurrencyScalingMinutesPerDay,
              },
            ]),
        ...(spectrumRole === undefined
          ? []
          : [{ name: 'Spectrum', feature: 'spectrum' as const, amountPerDay: workload.lakeTerabytesPerDay }]),
      ],
    });
    this.addOutputs(vpc.vpcId);
  }

  /** What a BI tool's connection needs; see docs/warehouse-connect.md. */
  private addOutputs(vpcId: string): void {
    const { cluster } = this;
    const outputs: Record<string, [value: string, description: string]> = {
      ClusterIdentifier: [cluster.clusterIdentifier, 'Redshift cluster, as the Data API names it'],
      EndpointAddress: [cluster.endpointAddress, 'Host for JDBC and ODBC, reachable inside the VPC'],
      EndpointPort: [cluster.endpointPort, 'Port for JDBC and ODBC; TLS is required'],
      DatabaseName: [cluster.databaseName, 'Database to connect to'],
      AnalystRole: [WAREHOUSE.analystRole, 'Database role to grant to those who query'],
      CopyRoleArn: [this.copyRole.roleArn, 'Role COPY reads the lake with'],
      AdminSecretArn: [cluster.adminSecretArn, 'Secret with the admin’s user name and password'],
      VpcId: [vpcId, 'VPC a BI tool’s connection goes through'],
      SecurityGroupId: [cluster.securityGroup.securityGroupId, 'Security group to admit a BI tool into'],
    };
    for (const [name, [value, description]] of Object.entries(outputs)) {
      new CfnOutput(this, name, { value, description });
    }
  }
}
