/** Resources that the local run knowingly leaves out, each with the reason. */
import { SCALER_ENV } from '../../lib/contract/names';

/** Reason by type, or by the part of the type before `::*`. */
const IGNORED: Readonly<Record<string, string>> = {
  'AWS::IAM::*': 'no permissions are checked on this machine',
  'AWS::KMS::*': 'data on this machine is not encrypted',
  'AWS::EC2::*': 'everything runs on loopback, there is no network to build',
  'AWS::CloudWatch::*': 'alarms and dashboards watch the deployed pipeline',
  'AWS::Logs::*': 'what functions log is printed with --verbose',
  'AWS::SNS::*': 'alarms tell nobody on this machine',
  'AWS::Lambda::Permission': 'no permissions are checked on this machine',
  'AWS::Lambda::EventInvokeConfig': 'the local run invokes functions synchronously and reports each failure',
  'AWS::Lambda::LayerVersion': 'only helper functions of the CDK use layers',
  'AWS::Lambda::Function': 'read when a stream, a schedule or a custom resource uses it',
  'AWS::StepFunctions::StateMachine':
    'part of the CDK’s provider framework, whose work the local run does itself',
  'AWS::S3::BucketPolicy': 'no permissions are checked on this machine',
  'AWS::SQS::QueuePolicy': 'no permissions are checked on this machine',
  'AWS::SecretsManager::*': 'the local warehouse has no passwords',
  'AWS::Redshift::ClusterParameterGroup': 'TLS and audit settings of the deployed cluster',
  'AWS::Redshift::ClusterSubnetGroup': 'everything runs on loopback, there is no network to build',
  'AWS::Scheduler::ScheduleGroup': 'groups only name schedules',
  'AWS::SSM::Parameter': 'holds what a deployed function remembers',
  'AWS::CDK::Metadata': 'tells the CDK’s makers what is used',
  'AWS::Glue::Database': 'read with its tables',
  'Custom::S3AutoDeleteObjects': 'empties a bucket when its stack is deleted',
  'Custom::UsageLimit': 'limits what the deployed cluster may spend',
  'Custom::VpcRestrictDefaultSG': 'everything runs on loopback, there is no network to build',
};

/** Why a type of resource is left out, or undefined when it has to be understood. */
export function reasonToIgnore(type: string): string | undefined {
  return IGNORED[type] ?? IGNORED[type.replace(/::[^:]+$/, '::*')];
}

/** Reason by an environment variable that only this function has. */
const IGNORED_FUNCTIONS: Readonly<Record<string, string>> = {
  [SCALER_ENV.stateParameterName]: 'a local stream keeps the shards its template gives it',
};

/** Why a scheduled function is left out with its schedule, or undefined when it has to run. */
export function reasonToIgnoreFunction(environment: Readonly<Record<string, unknown>>): string | undefined {
  const name = Object.keys(environment).find((variable) => Object.hasOwn(IGNORED_FUNCTIONS, variable));
  return name === undefined ? undefined : IGNORED_FUNCTIONS[name];
}
