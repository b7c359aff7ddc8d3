/** One execution environment of a function: a worker thread that runs its bundle, one invocation at a time. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FunctionDefinition } from '../template/definitions';

/** What a bundle's handler threw, or why its environment ended, in Lambda's terms. */
export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: string;
}

type Message =
  | { readonly kind: 'ready' }
  | { readonly kind: 'output'; readonly text: string }
  | { readonly kind: 'answer'; readonly requestId: string; readonly payload: string }
  | { readonly kind: 'failure'; readonly requestId: string; readonly failure: FunctionFailure };

/** How an invocation ended. */
export type InvocationOutcome =
  | { readonly kind: 'answer'; readonly payload: string }
  | { readonly kind: 'failure'; readonly failure: FunctionFailure };

/** A warm function. After a crash or a timeout it is over, as on Lambda; its host makes another one. */
export class ExecutionEnvironment {
  private readonly worker: Worker;
  private pending: ((outcome: InvocationOutcome) => void) | undefined;
  private crash: FunctionFailure | undefined;

  /**
   * @param definition the function as the template has it
   * @param environment all environment variables, the template's and Lambda's own
   * @param onOutput gets what the function prints
   */
  constructor(
    private readonly definition: FunctionDefinition,
    environment: Readonly<Record<string, string>>,
    private readonly onOutput: (text: string) => void,
  ) {
    const { arn, bundleDirectory, handler, memoryMebibytes } = definition;
    this.worker = new Worker(path.join(__dirname, 'bootstrap.cjs'), {
      workerData: { arn, bundleDirectory, handler },
      env: { ...environment },
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: memoryMebibytes },
    });
    this.worker.on('message', (message: Message) => this.receive(message));
    this.worker.on('error', (error) => {
      this.end({ errorType: error.name, errorMessage: error.message, trace: error.stack ?? '' });
    });
    this.worker.on('exit', (code) => {
      const errorMessage = `The function's process ended with code ${code}`;
      this.end({ errorType: 'Runtime.ExitError', errorMessage, trace: '' });
    });
  }

  /** False once the environment has crashed or timed out. */
  get alive(): boolean {
    return this.crash === undefined;
  }

  /** Runs one invocation. The next one must wait for its outcome. */
  async invoke(requestId: string, payload: string): Promise<InvocationOutcome> {
    if (this.crash !== undefined) return { kind: 'failure', failure: this.crash };
    const { timeoutMillis } = this.definition;
    const outcome = new Promise<InvocationOutcome>((resolve) => {
      this.pending = resolve;
    });
    const timer = setTimeout(() => {
      const errorMessage = `Task timed out after ${(timeoutMillis / 1_000).toFixed(2)} seconds`;
      this.end({ errorType: 'Sandbox.Timedout', errorMessage, trace: '' });
      void this.worker.terminate();
    }, timeoutMillis);
    this.worker.postMessage({ requestId, payload, deadline: Date.now() + timeoutMillis });
    try {
      return await outcome;
    } finally {
      clearTimeout(timer);
      this.pending = undefined;
    }
  }

  /** Ends the worker. */
  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private receive(message: Message): void {
    switch (message.kind) {
      case 'ready':
        return;
      case 'output':
        this.onOutput(message.text);
        return;
      case 'answer':
        this.pending?.({ kind: 'answer', payload: message.payload });
        return;
      case 'failure':
        this.pending?.({ kind: 'failure', failure: message.failure });
        return;
    }
  }

  private end(failure: FunctionFailure): void {
    this.crash ??= failure;
    this.pending?.({ kind: 'failure', failure: this.crash });
  }
}
