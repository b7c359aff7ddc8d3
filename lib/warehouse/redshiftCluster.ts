/** A provisioned Redshift cluster, made the safe way: private, encrypted, TLS only, audited. */
import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import { type IVpc, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { type IRole, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnCluster, CfnClusterParameterGroup, CfnClusterSubnetGroup } from 'aws-cdk-lib/aws-redshift';
import type { Bucket } from 'aws-cdk-lib/aws-s3';

import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config';
import { acknowledge } from '../foundation/acknowledge';
import type { DataRemoval } from '../foundation/removal';
import { workloadManagement } from './workload';

/** Node types that may run alone; all others come in twos or more (Amazon Redshift management guide). */
const SINGLE_NODE_TYPES = ['ra3.large', 'rg.large'];
/** Most nodes of any type. */
const MAX_NODES = 128;
const ADMIN_USER = 'clickstream_admin';
const PORT = 5439;
const AUDIT_LOG_PREFIX = 'redshift-audit/';

export interface RedshiftClusterProps {
  readonly vpc: IVpc;
  /** Such as "rg.xlarge". */
  readonly nodeType: string;
  /** 1 makes a single-node cluster. */
  readonly nodes: number;
  /** Lower-case letters, digits and underscores, a letter first. */
  readonly databaseName: string;
  /** Encrypts the cluster, its snapshots and the admin's secret. */
  readonly encryptionKey: IKey;
  /** Roles SQL may read the lake with. */
  readonly roles: readonly IRole[];
  readonly workload: EnvironmentConfig['warehouse']['workload'];
  /** Days automated snapshots are kept, 1 to 35. */
  readonly snapshotRetentionDays: number;
  /** Takes connection, user and user-activity logs. */
  readonly auditLogBucket: Bucket;
  /** Weekly, in UTC, such as "sun:03:00-sun:03:30". @default "sun:03:00-sun:03:30" */
  readonly maintenanceWindow?: string;
  readonly removal: DataRemoval;
}

/**
 * The admin's password is managed and rotated by Redshift in Secrets Manager; nobody needs to know it.
 * @throws Error naming the property, the value and the rule when a property breaks one
 */
export class RedshiftCluster extends Construct {
  /** What the Data API calls ClusterIdentifier. */
  readonly clusterIdentifier: string;
  readonly clusterArn: string;
  readonly databaseName: string;
  readonly endpointAddress: string;
  readonly endpointPort: string;
  /** Secrets Manager ARN of the admin's user name and password. */
  readonly adminSecretArn: string;
  /** Admits nobody until rules are added. */
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, props: RedshiftClusterProps) {
    super(scope, id);
    validateNodes(props);
    validateDatabaseName(props);
    validateSnapshotRetention(props);

    allowAuditLogs(props.auditLogBucket);
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: props.vpc,
      description: 'Clickstream warehouse',
      // The subnets' only route leads to S3's gateway endpoint.
      allowAllOutbound: true,
    });
    const cluster = new CfnCluster(this, 'Cluster', {
      ...sizing(props),
      dbName: props.databaseName,
      port: PORT,
      masterUsername: ADMIN_USER,
      manageMasterPassword: true,
      masterPasswordSecretKmsKeyId: props.encryptionKey.keyId,
      encrypted: true,
      kmsKeyId: props.encryptionKey.keyId,
      iamRoles: props.roles.map(({ roleArn }) => roleArn),
      publiclyAccessible: false,
      enhancedVpcRouting: true,
      vpcSecurityGroupIds: [this.securityGroup.securityGroupId],
      clusterSubnetGroupName: this.subnetGroup(props.vpc).ref,
      clusterParameterGroupName: this.parameterGroup(props.workload).ref,
      automatedSnapshotRetentionPeriod: props.snapshotRetentionDays,
      loggingProperties: { bucketName: props.auditLogBucket.bucketName, s3KeyPrefix: AUDIT_LOG_PREFIX },
      allowVersionUpgrade: true,
      preferredMaintenanceWindow: props.maintenanceWindow ?? 'sun:03:00-sun:03:30',
    });
    // Redshift checks on creation that it may write the logs.
    cluster.node.addDependency(props.auditLogBucket);
    cluster.applyRemovalPolicy(props.removal.policy);
    acknowledge(
      cluster,
      'AwsSolutions-RS4',
      'The cluster is in isolated subnets and its security group admits nobody; a hidden port would only break the defaults of drivers.',
    );

    this.clusterIdentifier = cluster.ref;
    this.clusterArn = Stack.of(this).formatArn({
      service: 'redshift',
      resource: 'cluster',
      resourceName: cluster.ref,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.databaseName = props.databaseName;
    this.endpointAddress = cluster.attrEndpointAddress;
    this.endpointPort = cluster.attrEndpointPort;
    this.adminSecretArn = cluster.attrMasterPasswordSecretArn;
  }

  private subnetGroup(vpc: IVpc): CfnClusterSubnetGroup {
    return new CfnClusterSubnetGroup(this, 'Subnets', {
      description: 'Isolated subnets of the clickstream warehouse',
      subnetIds: vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_ISOLATED }).subnetIds,
    });
  }

  private parameterGroup(workload: RedshiftClusterProps['workload']): CfnClusterParameterGroup {
    return new CfnClusterParameterGroup(this, 'Parameters', {
      description: 'TLS required, user activity logged, loads before queries',
      parameterGroupFamily: 'redshift-1.0',
      parameters: [
        { parameterName: 'require_ssl', parameterValue: 'true' },
        { parameterName: 'enable_user_activity_logging', parameterValue: 'true' },
        { parameterName: 'wlm_json_configuration', parameterValue: workloadManagement({ workload }) },
        {
          parameterName: 'max_concurrency_scaling_clusters',
          parameterValue: String(workload.concurrencyScalingClusters),
        },
      ],
    });
  }
}

function sizing({ nodeType, nodes }: RedshiftClusterProps) {
  return nodes === 1
    ? { nodeType, clusterType: 'single-node' }
    : { nodeType, clusterType: 'multi-node', numberOfNodes: nodes };
}

/** What Redshift's documentation of audit logging asks of the bucket's policy. */
function allowAuditLogs(bucket: Bucket): void {
  bucket.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('redshift.amazonaws.com')],
      actions: ['s3:GetBucketAcl', 's3:PutObject'],
      resources: [bucket.bucketArn, bucket.arnForObjects(`${AUDIT_LOG_PREFIX}*`)],
    }),
  );
}

function validateNodes({ nodeType, nodes }: RedshiftClusterProps): void {
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > MAX_NODES) {
    throw new Error(`nodes: ${nodes} must be a whole number from 1 to ${MAX_NODES}`);
  }
  if (nodes === 1 && !SINGLE_NODE_TYPES.includes(nodeType)) {
    throw new Error(
      `nodes: 1 must be at least 2 for ${nodeType}; alone may run ${SINGLE_NODE_TYPES.join(', ')}`,
    );
  }
}

function validateDatabaseName({ databaseName }: RedshiftClusterProps): void {
  if (!Token.isUnresolved(databaseName) && !/^[a-z][a-z0-9_]{0,63}$/.test(databaseName)) {
    throw new Error(
      `databaseName: "${databaseName}" must be up to 64 lower-case letters, digits or underscores, a letter first`,
    );
  }
}

function validateSnapshotRetention({ snapshotRetentionDays: days }: RedshiftClusterProps): void {
  if (!Number.isInteger(days) || days < 1 || days > 35) {
    throw new Error(`snapshotRetentionDays: ${days} must be a whole number from 1 to 35`);
  }
}
