/** Hosts one function: execution environments as they are needed, payload limits, reserved concurrency. */
import { randomUUID } from 'node:crypto';
import { LAMBDA_PAYLOAD_BYTES } from '../../lib/contract/limits';
import type { FunctionDefinition } from '../template/definitions';
import { embeddedMetrics, type MetricSample } from './embeddedMetrics';
import { ExecutionEnvironment, type FunctionFailure } from './executionEnvironment';

/** An invocation that brought no answer: the function threw, crashed, timed out or answered too much. */
export class InvocationError extends Error {
  override readonly name = 'InvocationError';
  readonly errorType: string;
  constructor(functionName: string, failure: FunctionFailure) {
    super(`${functionName} failed: ${failure.errorType}: ${failure.errorMessage}`);
    this.errorType = failure.errorType;
    if (failure.trace !== '') this.stack = failure.trace;
  }
}

/** What a host needs besides the function's definition. */
export interface FunctionHostOptions {
  readonly region: string;
  /** Variables every function gets here: endpoints on loopback, made-up credentials. */
  readonly environment: Readonly<Record<string, string>>;
  /** Most execution environments at once; a reserved concurrency in the template lowers it. */
  readonly maxConcurrency: number;
  readonly onMetrics?: (samples: readonly MetricSample[]) => void;
  readonly onOutput?: (line: string) => void;
}

/** A hosted function. */
export class FunctionHost {
  /** Invocations that failed, as CloudWatch's metric Errors counts them. */
  errors = 0;
  private readonly idle: ExecutionEnvironment[] = [];
  private readonly busy = new Set<ExecutionEnvironment>();
  private readonly waiting: (() => void)[] = [];
  private running = 0;
  private readonly limit: number;

  constructor(
    readonly definition: FunctionDefinition,
    private readonly options: FunctionHostOptions,
  ) {
    this.limit = Math.min(options.maxConcurrency, definition.reservedConcurrency ?? options.maxConcurrency);
  }

  /**
   * Invokes the function and waits for its answer. Invocations beyond the concurrency wait their turn.
   * @throws InvocationError when the function fails, times out, or a payload passes Lambda's 6 MB
   */
  async invoke(event: unknown): Promise<unknown> {
    const { name } = this.definition;
    const payload = JSON.stringify(event);
    refuseLargePayload(name, 'request', payload);
    await this.takeTurn();
    try {
      const environment = this.idle.pop() ?? this.start();
      this.busy.add(environment);
      const outcome = await environment.invoke(randomUUID(), payload);
      this.busy.delete(environment);
      if (environment.alive) this.idle.push(environment);
      if (outcome.kind === 'failure') this.errors++;
      if (outcome.kind === 'failure') throw new InvocationError(name, outcome.failure);
      refuseLargePayload(name, 'answer', outcome.payload);
      return JSON.parse(outcome.payload);
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }

  /** Ends what runs at once, in the middle of whatever it does; its invocations fail. */
  async kill(): Promise<void> {
    await Promise.all([...this.busy].map((environment) => environment.close()));
  }

  /** Ends all idle environments. Call it when no invocation is under way. */
  async close(): Promise<void> {
    await Promise.all(this.idle.splice(0).map((environment) => environment.close()));
  }

  private async takeTurn(): Promise<void> {
    while (this.running >= this.limit) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.running++;
  }

  private start(): ExecutionEnvironment {
    const { name, memoryMebibytes, environment, handler } = this.definition;
    const { region, environment: ours } = this.options;
    return new ExecutionEnvironment(
      this.definition,
      {
        ...environment,
        ...ours,
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMebibytes),
        AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
        AWS_LAMBDA_LOG_STREAM_NAME: 'local',
        LAMBDA_TASK_ROOT: this.definition.bundleDirectory,
        _HANDLER: handler,
        TZ: ':UTC',
      },
      (text) => this.print(text),
    );
  }

  private print(text: string): void {
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const samples = embeddedMetrics(line);
      if (samples === undefined) this.options.onOutput?.(line);
      else this.options.onMetrics?.(samples);
    }
  }
}

function refuseLargePayload(name: string, what: 'request' | 'answer', payload: string): void {
  const bytes = Buffer.byteLength(payload);
  if (bytes <= LAMBDA_PAYLOAD_BYTES) return;
  throw new InvocationError(name, {
    errorType: what === 'request' ? 'RequestTooLargeException' : 'Function.ResponseSizeTooLarge',
    errorMessage: `its ${what} has ${bytes} bytes, Lambda takes at most ${LAMBDA_PAYLOAD_BYTES}`,
    trace: '',
  });
}
