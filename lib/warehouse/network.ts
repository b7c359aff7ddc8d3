/** The warehouse's network: no way in from and no way out to the internet. */
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ASSUMPTIONS } from '../capacity/facts';

export interface WarehouseNetworkProps {
  /** IPv4 range of the VPC. */
  readonly cidr: string;
  /** The only bucket reachable from inside. */
  readonly lakeBucket: IBucket;
  /** Opens a way to Glue's catalog, which external schemas need. */
  readonly reachesGlue: boolean;
  /** Takes the flow logs of refused traffic. */
  readonly logBucket: IBucket;
}

/**
 * Isolated subnets in two zones, no NAT. COPY reaches the lake through S3's gateway endpoint, which is free and
 * admits no other bucket: data cannot be unloaded elsewhere.
 */
export class WarehouseNetwork extends Construct {
  readonly vpc: Vpc;

  constructor(scope: Construct, id: string, props: WarehouseNetworkProps) {
    super(scope, id);
    const { cidr, lakeBucket, logBucket } = props;
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(cidr),
      maxAzs: ASSUMPTIONS.warehouseZones.value,
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
    // With enhanced VPC routing the cluster asks the catalog through its VPC (Redshift management guide, "Redshift
    // Spectrum and enhanced VPC routing"); Spectrum itself reads the lake from outside of it.
    if (props.reachesGlue) {
      const securityGroup = new SecurityGroup(this, 'GlueSecurityGroup', {
        vpc: this.vpc,
        description: 'Glue, for the clickstream warehouse',
        allowAllOutbound: false,
      });
      securityGroup.addIngressRule(Peer.ipv4(cidr), Port.HTTPS);
      this.vpc.addInterfaceEndpoint('Glue', {
        service: InterfaceVpcEndpointAwsService.GLUE,
        securityGroups: [securityGroup],
        open: false,
      });
    }
    this.vpc.addFlowLog('RefusedTraffic', {
      destination: FlowLogDestination.toS3(logBucket, 'vpc-flow/'),
      trafficType: FlowLogTrafficType.REJECT,
    });
  }
}
