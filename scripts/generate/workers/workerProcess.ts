/** A process of its own that does work. */
import { type ChildProcess, fork } from 'node:child_process';
import { on } from 'node:events';
import path from 'node:path';
import type { FromWorker, LinesSlice, ToWorker, Work, WorkDone } from './protocol';

const WORKER_FILE = path.join(__dirname, 'worker.ts');
/** What reads TypeScript. */
const LOADER = ['--import', 'tsx'];

/** A worker process failed; the message says why. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError';
}

export class WorkerProcess {
  private readonly child: ChildProcess = fork(WORKER_FILE, [], {
    serialization: 'advanced',
    execArgv: LOADER,
  });

  /**
   * `carryOut` in the process, a few slices ahead of whoever takes them. Once.
   * @throws WorkerError when the process failed or went away
   */
  async *carryOut(
    work: Work,
    onProgress: (events: number) => void,
  ): AsyncGenerator<LinesSlice | WorkDone, void> {
    // By the time the channel has closed, everything that was sent has arrived.
    const messages = on(this.child, 'message', { close: ['disconnect'] }) as AsyncIterable<[FromWorker]>;
    this.tell({ kind: 'work', work });
    for await (const [message] of messages) {
      switch (message.kind) {
        case 'progress':
          onProgress(message.events);
          break;
        case 'slice':
          this.tell({ kind: 'taken' });
          yield message;
          break;
        case 'done':
          yield message;
          return;
        case 'failed':
          throw new WorkerError(message.message);
      }
    }
    throw new WorkerError(`A worker process ended before its work (${await this.end()})`);
  }

  /** Ends the process, whatever it is doing. */
  stop(): void {
    this.child.kill();
  }

  private tell(message: ToWorker): void {
    // A worker that is gone shows by the end of its messages, and one that is done needs no answer.
    this.child.send(message, () => undefined);
  }

  private end(): Promise<string> {
    const { child } = this;
    const how = () => child.signalCode ?? `exit code ${child.exitCode}`;
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(how());
    return new Promise((resolve) => child.once('exit', () => resolve(how())));
  }
}
