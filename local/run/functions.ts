/** The pipeline's functions, hosted: each bundle with its template's environment, and endpoints on loopback. */
import { LOCAL_CREDENTIALS } from '../endpoints';
import { FunctionHost } from '../lambda/functionHost';
import type { PipelineDefinition } from '../template/definitions';

/** Base URLs of the loopback servers that functions talk to. */
export interface ServiceUrls {
  readonly kinesis: string;
  readonly firehose: string;
  readonly s3: string;
  readonly sqs: string;
  readonly redshiftData: string;
}

/** How functions are hosted. */
export interface LocalFunctionsOptions {
  readonly pipeline: PipelineDefinition;
  readonly urls: ServiceUrls;
  /** Gets every log line of a function. */
  readonly onOutput: (functionName: string, line: string) => void;
}

/** One environment a function: a laptop has no more than a few cores. */
const MAX_CONCURRENCY = 1;

/** All functions of a pipeline, and the sums of the metrics they publish. */
export class LocalFunctions {
  private readonly hosts: ReadonlyMap<string, FunctionHost>;
  private readonly metrics = new Map<string, number>();

  constructor({ pipeline, urls, onOutput }: LocalFunctionsOptions) {
    const environment = environmentOf(urls);
    this.hosts = new Map(
      pipeline.functions.map((definition) => [
        definition.arn,
        new FunctionHost(definition, {
          region: pipeline.region,
          environment,
          maxConcurrency: MAX_CONCURRENCY,
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
  readonly invoke = (functionArn: string, event: unknown): Promise<unknown> => {
    const host = this.hosts.get(functionArn);
    if (host === undefined) throw new Error(`No template defines the function ${functionArn}`);
    return host.invoke(event);
  };

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

  /** Ends all functions. Call it when no invocation is under way. */
  async close(): Promise<void> {
    await Promise.all([...this.hosts.values()].map((host) => host.close()));
  }
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
    // Everything a function may still look for elsewhere is not on this machine.
    AWS_EC2_METADATA_DISABLED: 'true',
    // The bundle holds a pinned SDK; what later ones will need is no news here.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}
