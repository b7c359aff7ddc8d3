/** The pipeline's functions, hosted: each bundle with its template's environment, and endpoints on loopback. */
import { AUDIT_ENV } from '../../lib/contract/names';
import { LOCAL_CREDENTIALS } from '../endpoints';
import { FunctionHost } from '../lambda/functionHost';
import type { FunctionDefinition, PipelineDefinition } from '../template/definitions';

/** Base URLs of the loopback servers that functions talk to. */
export interface ServiceUrls {
  readonly kinesis: string;
  readonly firehose: string;
  readonly s3: string;
  readonly sqs: string;
  readonly redshiftData: string;
  readonly glue: string;
}

/** How functions are hosted. */
export interface LocalFunctionsOptions {
  readonly pipeline: PipelineDefinition;
  readonly urls: ServiceUrls;
  /** Times in functions' variables are divided by this. */
  readonly speedUp: number;
  /** Gets every log line of a function. */
  readonly onOutput: (functionName: string, line: string) => void;
  /** Most execution environments of a function at once. @default 1: a laptop has no more than a few cores */
  readonly maxConcurrency?: number;
}

/** All functions of a pipeline, and the sums of the metrics they publish. */
export class LocalFunctions {
  private readonly hosts: ReadonlyMap<string, FunctionHost>;
  private readonly metrics = new Map<string, number>();

  constructor({ pipeline, urls, speedUp, onOutput, maxConcurrency = 1 }: LocalFunctionsOptions) {
    const environment = environmentOf(urls);
    this.hosts = new Map(
      pipeline.functions.map((definition) => [
        definition.arn,
        new FunctionHost(faster(definition, speedUp), {
          region: pipeline.region,
          environment,
          maxConcurrency,
          onMetrics: (samples) => {
            for (const { name, value } of samples) {
              this.metrics.set(name, (this.metrics.get(name) ?? 0) + value);
            }
          },
          onOutput: (line) => onOutput(definition.name, line),
        }),
      ]),
    );
  }

  /**
   * Invokes a function and waits for its answer.
   * @throws InvocationError when it fails
   */
  readonly invoke = (functionArn: string, event: unknown): Promise<unknown> =>
    this.host(functionArn).invoke(event);

  /** Ends what runs of a function, in the middle of whatever it does. */
  readonly kill = (functionArn: string): Promise<void> => this.host(functionArn).kill();

  /** Invocations of a function that failed. */
  readonly errors = (functionArn: string): number => this.host(functionArn).errors;

  /** Sum of a metric over all invocations; 0 when it was never published. */
  metric(name: string): number {
    return this.metrics.get(name) ?? 0;
  }

  /** Sums of all metrics whose name starts so, by the rest of the name. */
  metricsBelow(prefix: string): Record<string, number> {
    return Object.fromEntries(
      [...this.metrics]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, value]) => [name.slice(prefix.length), value]),
    );
  }

  private host(functionArn: string): FunctionHost {
    const host = this.hosts.get(functionArn);
    if (host === undefined) throw new Error(`No template defines the function ${functionArn}`);
    return host;
  }

  /** Ends all functions. Call it when no invocation is under way. */
  async close(): Promise<void> {
    await Promise.all([...this.hosts.values()].map((host) => host.close()));
  }
}

/** Variables that hold a time in seconds, which passes as many times faster as everything else. */
const SECONDS_VARIABLES: readonly string[] = [AUDIT_ENV.settleSeconds, AUDIT_ENV.graceSeconds];

function faster(definition: FunctionDefinition, speedUp: number): FunctionDefinition {
  const environment = Object.fromEntries(
    Object.entries(definition.environment).map(([name, value]) =>
      SECONDS_VARIABLES.includes(name) ? [name, String(Number(value) / speedUp)] : [name, value],
    ),
  );
  return { ...definition, environment };
}

function environmentOf(urls: ServiceUrls): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL_KINESIS: urls.kinesis,
    AWS_ENDPOINT_URL_FIREHOSE: urls.firehose,
    AWS_ENDPOINT_URL_S3: urls.s3,
    AWS_ENDPOINT_URL_SQS: urls.sqs,
    AWS_ENDPOINT_URL_REDSHIFT_DATA: urls.redshiftData,
    AWS_ENDPOINT_URL_GLUE: urls.glue,
    // Everything a function may still look for elsewhere is not on this machine.
    AWS_EC2_METADATA_DISABLED: 'true',
    // The bundle holds a pinned SDK; what later ones will need is no news here.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}
