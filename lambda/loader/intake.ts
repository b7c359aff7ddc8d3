/** From the queue to objects that are fit to load: receive, read, inspect; and what becomes of the messages. */
import type { S3Client } from '@aws-sdk/client-s3';
import type { Message } from '@aws-sdk/client-sqs';
import { Backlog, type HeldMessage } from './backlog';
import { RECEIVES_UNTIL_BROKEN } from './court';
import { inspectObjects } from './inspect';
import type { LakeObject } from './lakeObject';
import { readNotification } from './notifications';
import type { BrokenObject } from './quarantine';
import type { NotificationQueue } from './queue';
import type { LoadSummary } from './summary';

/** Where a run writes what it noticed. */
export interface Log {
  info(message: string, details: Record<string, unknown>): void;
  warn(message: string, details: Record<string, unknown>): void;
  error(message: string, details: Record<string, unknown>): void;
}

/** Where messages and objects come from, and where they are counted. */
export interface IntakeOptions {
  readonly s3: S3Client;
  readonly bucketName: string;
  readonly queue: NotificationQueue;
  readonly log: Log;
  /** Counted into. */
  readonly summary: LoadSummary;
  /** The warehouse that is loaded. */
  readonly clusterIdentifier: string;
  /** Takes objects that can never be loaded. */
  readonly onBroken: (objects: readonly BrokenObject[]) => Promise<void>;
}

/** The messages of one run. */
export class Intake {
  /** True once the queue had nothing more to give. */
  isQueueEmpty = false;
  private readonly backlog = new Backlog();

  constructor(private readonly options: IntakeOptions) {}

  /**
   * Receives until there are `wanted` new objects or the queue is empty, and looks at each.
   * @param mayGoOn asked before every receive
   * @returns those that can be loaded
   */
  async take(wanted: number, mayGoOn: () => boolean): Promise<LakeObject[]> {
    const keys: string[] = [];
    this.isQueueEmpty = false;
    while (keys.length < wanted && !this.isQueueEmpty && mayGoOn()) {
      const messages = await this.options.queue.receive();
      this.isQueueEmpty = messages.length === 0;
      const done: HeldMessage[] = [];
      for (const message of messages) {
        const { newKeys, isDone } = this.read(message);
        keys.push(...newKeys);
        if (isDone) done.push(heldMessage(message));
      }
      await this.delete(done);
    }
    return await this.inspect(keys);
  }

  /** Deletes the messages of objects that were loaded. */
  async settle(keys: Iterable<string>): Promise<void> {
    await this.delete(this.backlog.settle(keys));
  }

  /** Deletes the messages of objects that are not there any more. */
  async release(keys: Iterable<string>): Promise<void> {
    await this.delete(this.backlog.release(keys));
  }

  /** Times SQS has handed out news of an object, this run included. */
  receives(key: string): number {
    return this.backlog.receives(key);
  }

  /**
   * What this run could not finish, the next one may have at once, but for the messages of `hiddenKeys`, which come
   * back when their visibility timeout ends.
   */
  async giveBack(hiddenKeys: ReadonlySet<string>): Promise<void> {
    const { queue, log, summary } = this.options;
    summary.messagesLeft = this.backlog.size + summary.messagesMalformed;
    try {
      await queue.giveBack(this.backlog.heldExcept(hiddenKeys));
    } catch (error) {
      // They too come back when their visibility timeout ends.
      log.warn('Messages could not be given back', { error: `${error}` });
    }
  }

  /** What a message is about: keys that are new, and whether there is nothing to do but to delete it. */
  private read(message: Message): { newKeys: readonly string[]; isDone: boolean } {
    const { bucketName, log, summary } = this.options;
    const messageId = message.MessageId;
    const notification = readNotification(message.Body ?? '', bucketName);
    switch (notification.fate) {
      case 'objects':
        return this.backlog.add(heldMessage(message), notification.keys);
      case 'ignored':
        log.info('Message ignored', { messageId, reason: notification.reason });
        summary.messagesIgnored++;
        return { newKeys: [], isDone: true };
      case 'malformed':
        log.error('Message is no notification; left for the dead-letter queue', {
          messageId,
          reason: notification.reason,
        });
        summary.messagesMalformed++;
        return { newKeys: [], isDone: false };
    }
  }

  /** What cannot be loaded never reaches a batch. */
  private async inspect(keys: readonly string[]): Promise<LakeObject[]> {
    const { s3, bucketName, clusterIdentifier, log, summary, onBroken } = this.options;
    const loadable: LakeObject[] = [];
    const broken: BrokenObject[] = [];
    const vanished: string[] = [];
    const loaded: string[] = [];
    for (const result of await inspectObjects(s3, bucketName, keys, clusterIdentifier)) {
      switch (result.fate) {
        case 'loadable':
          loadable.push(result.object);
          break;
        case 'vanished':
          log.warn('Object is gone; nothing to load', { key: result.key });
          vanished.push(result.key);
          break;
        case 'loaded':
          log.info('Object was rewritten after it was loaded; nothing to load', { key: result.key });
          loaded.push(result.key);
          break;
        case 'broken':
          if (this.mayBeLoadable(result.object)) this.leave(result.object.key, result.object.detail);
          else broken.push(result.object);
          break;
        case 'unavailable':
          this.leave(result.key, result.reason);
      }
    }
    summary.objectsVanished += vanished.length;
    summary.objectsRewritten += loaded.length;
    await this.release(loaded);
    await this.release(vanished);
    if (broken.length > 0) await onBroken(broken);
    return loadable;
  }

  /** A deployment that was rolled back leaves objects with columns that the next one knows again. */
  private mayBeLoadable({ key, reason }: BrokenObject): boolean {
    return reason === 'unknown_columns' && this.receives(key) < RECEIVES_UNTIL_BROKEN;
  }

  private leave(key: string, reason: string): void {
    this.options.log.error('Object cannot be read now; left for a later run', { key, reason });
    this.options.summary.objectsUnreadable++;
  }

  private async delete(messages: readonly HeldMessage[]): Promise<void> {
    const failed = await this.options.queue.delete(messages);
    if (failed > 0) this.options.log.warn('Messages could not be deleted; they come again', { failed });
  }
}

function heldMessage({ MessageId, ReceiptHandle, Attributes }: Message): HeldMessage {
  if (MessageId === undefined || ReceiptHandle === undefined) {
    throw new Error('SQS gave a message without id or receipt handle');
  }
  const receives = Number(Attributes?.ApproximateReceiveCount ?? 1);
  return { messageId: MessageId, receiptHandle: ReceiptHandle, receives };
}
