/** The queues of the account: what the HTTP operations and in-process users both work on. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { sqsError } from './errors';
import { Queue, type QueueMessage, type QueueSettings } from './queue';

/** Longest sleep between looks at a queue: clocks of tests may run otherwise than timers. */
const MAX_POLL_MILLIS = 1_000;

export class Queues {
  private readonly byName = new Map<string, Queue>();
  private readonly closing = new AbortController();

  /**
   * @param directory where each queue has its journal
   * @param clock milliseconds since the epoch
   */
  constructor(
    private readonly directory: string,
    readonly clock: () => number,
  ) {}

  /**
   * Creates a queue, with the messages a journal of that name holds.
   * @throws AwsError QueueNameExists, InvalidParameterValue
   */
  create(settings: QueueSettings): Queue {
    const { name } = settings;
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) {
      throw sqsError(
        'InvalidParameterValue',
        `Queue name "${name}" can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length`,
      );
    }
    if (this.byName.has(name)) {
      throw sqsError('QueueNameExists', `A queue already exists with the name ${name}`, 'QueueAlreadyExists');
    }
    const queue = new Queue(settings, this.journalFile(name), this.clock);
    this.byName.set(name, queue);
    return queue;
  }

  /** @throws AwsError QueueDoesNotExist */
  get(name: string): Queue {
    const queue = this.byName.get(name);
    if (queue) return queue;
    throw sqsError(
      'QueueDoesNotExist',
      `The specified queue does not exist: ${name}`,
      'AWS.SimpleQueueService.NonExistentQueue',
    );
  }

  find(name: string): Queue | undefined {
    return this.byName.get(name);
  }

  /** @throws AwsError QueueDoesNotExist */
  byArn(arn: string): Queue {
    for (const queue of this.byName.values()) if (queue.arn === arn) return queue;
    throw sqsError(
      'QueueDoesNotExist',
      `The specified queue does not exist: ${arn}`,
      'AWS.SimpleQueueService.NonExistentQueue',
    );
  }

  /** Deletes a queue with its messages. */
  delete(name: string): void {
    this.get(name).close();
    this.byName.delete(name);
    rmSync(this.journalFile(name), { force: true });
  }

  /** Names in order. */
  names(): string[] {
    return [...this.byName.keys()].sort();
  }

  /**
   * Receives messages, waiting for the first one up to `waitSeconds`.
   * @param signal ends the wait: the client went away, and must not be given messages
   */
  async receive(
    queue: Queue,
    maxMessages: number,
    visibilityTimeoutSeconds: number,
    waitSeconds: number,
    signal: AbortSignal,
  ): Promise<QueueMessage[]> {
    const deadline = performance.now() + waitSeconds * 1000;
    for (;;) {
      const messages = queue.receive(maxMessages, visibilityTimeoutSeconds, (message) =>
        this.redrive(queue, message),
      );
      const leftMillis = deadline - performance.now();
      const isOver = signal.aborted || this.closing.signal.aborted;
      if (messages.length > 0 || leftMillis <= 0 || isOver) return messages;
      await this.changeOf(queue, Math.min(leftMillis, MAX_POLL_MILLIS), signal);
      if (signal.aborted) return [];
    }
  }

  /** Ends all waits: who waits is answered that there is no message. */
  stopWaiting(): void {
    this.closing.abort();
  }

  close(): void {
    for (const queue of this.byName.values()) queue.close();
  }

  /** Resolves when the queue changed, a hidden message becomes visible, the time is up or the wait is ended. */
  private changeOf(queue: Queue, maxMillis: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        stopListening();
        for (const ending of endings) ending.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.max(1, Math.min(maxMillis, queue.millisUntilVisible())));
      const stopListening = queue.onChange(wake);
      const endings = [signal, this.closing.signal];
      for (const ending of endings) ending.addEventListener('abort', wake);
    });
  }

  private redrive(queue: Queue, message: QueueMessage): void {
    if (queue.settings.redrive)
      this.byArn(queue.settings.redrive.deadLetterQueueArn).takeOver(message, queue.arn);
  }

  private journalFile(name: string): string {
    return path.join(this.directory, `${name}.ndjson`);
  }
}
