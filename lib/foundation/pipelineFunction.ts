/** A Lambda function of the pipeline: one way of bundling, logging and naming for all of them. */
import path from 'node:path';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type ICommandHooks, LogLevel, NodejsFunction, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** The project's root, which holds `lambda/` and the lock file. */
export const PROJECT_ROOT = path.resolve(__dirname, '..', '..');

/** Logs hold no events, only counts and errors: a month is enough to look back at an incident. */
export const LOG_RETENTION = RetentionDays.ONE_MONTH;

export interface PipelineFunctionProps {
  /** Folder under `lambda/` with a `handler.ts`. */
  readonly folder: string;
  /** @default "handler" */
  readonly handler?: string;
  readonly description: string;
  readonly memoryMebibytes: number;
  readonly timeout: Duration;
  readonly environment: Readonly<Record<string, string>>;
  /** Most executions at a time. @default no limit but the account's */
  readonly reservedConcurrency?: number;
  /** Shell commands around bundling. @default none */
  readonly commandHooks?: ICommandHooks;
}

/**
 * Node.js 24 on arm64, bundled by esbuild with the SDK inside: the version that was tested is the version that runs,
 * on AWS and in the local run, which executes the same bundle. The role may write the function's own log and
 * nothing else until it is granted more.
 */
export class PipelineFunction extends Construct {
  readonly function: NodejsFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: PipelineFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: LOG_RETENTION,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    this.function = new NodejsFunction(this, 'Function', {
      entry: path.join(PROJECT_ROOT, 'lambda', props.folder, 'handler.ts'),
      handler: props.handler ?? 'handler',
      description: props.description,
      projectRoot: PROJECT_ROOT,
      depsLockFilePath: path.join(PROJECT_ROOT, 'package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMebibytes,
      timeout: props.timeout,
      reservedConcurrentExecutions: props.reservedConcurrency,
      environment: { ...props.environment, NODE_OPTIONS: '--enable-source-maps' },
      role: this.role,
      logGroup,
      bundling: {
        // The local run executes this bundle with the Node.js it finds, 20 or later.
        target: 'node20',
        externalModules: [],
        minify: true,
        sourceMap: true,
        sourceMapMode: SourceMapMode.DEFAULT,
        sourcesContent: false,
        logLevel: LogLevel.WARNING,
        commandHooks: props.commandHooks,
      },
    });
  }

  /** Adds a statement to the function's role. */
  allow(statement: PolicyStatement): void {
    this.role.addToPolicy(statement);
  }
}
