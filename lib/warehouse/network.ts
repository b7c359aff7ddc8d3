/** The warehouse's network: no way in from and no way out to the internet. */
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface WarehouseNetworkProps {
  /** IPv4 range of the VPC. */
  readonly cidr: string;
  /** The only bucket reachable from inside. */
  readonly lakeBucket: IBucket;
  /** Takes the flow logs of refused traffic. */
  readonly logBucket: IBucket;
}

/**
 * Isolated subnets in two zones, no NAT. COPY reaches the lake through S3's gateway endpoint, which is free and
 * admits no other bucket: data cannot be unloaded elsewhere.
 */
export class WarehouseNetwork extends Construct {
  readonly vpc: Vpc;

  constructor(scope: Construct, id: string, { cidr, lakeBucket, logBucket }: WarehouseNetworkProps) {
    super(scope, id);
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(cidr),
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'warehouse', subnetType: SubnetType.PRIVATE_ISOLATED }],
    });
    const s3 = this.vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    s3.addToPolicy(
      new PolicyStatement({
        principals: [new AnyPrincipal()],
        actions: ['s3:GetBucketLocation', 's3:GetObject', 's3:ListBucket'],
        resources: [lakeBucket.bucketArn, lakeBucket.arnForObjects('*')],
      }),
    );
    this.vpc.addFlowLog('RefusedTraffic', {
      destination: FlowLogDestination.toS3(logBucket, 'vpc-flow/'),
      trafficType: FlowLogTrafficType.REJECT,
    });
  }
}
