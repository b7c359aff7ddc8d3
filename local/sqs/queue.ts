/** One standard queue: visibility timeouts, receipt handles, redrive. Its messages are kept in a journal. */
import { randomUUID } from 'node:crypto';
import { localArn } from '../http/identity';
import { Journal } from '../storage/journal';
import { sqsError } from './errors';
import type { OutgoingMessage } from './messages';

/** How a queue is set up. */
export interface QueueSettings {
  readonly name: string;
  /** @default in the region everything on loopback claims to be in */
  readonly arn?: string;
  /** @default 30 */
  readonly visibilityTimeoutSeconds?: number;
  /** @default 345600, four days */
  readonly retentionSeconds?: number;
  /** @default 0 */
  readonly delaySeconds?: number;
  /** @default 0 */
  readonly receiveWaitSeconds?: number;
  /** Where a message goes that was received `maxReceiveCount` times and is to be received again. */
  readonly redrive?: { readonly deadLetterQueueArn: string; readonly maxReceiveCount: number };
}

/** A message in a queue. */
export interface QueueMessage extends OutgoingMessage {
  readonly id: string;
  readonly sentAtMillis: number;
  /** ARN of the queue that gave it up, in a dead-letter queue. */
  readonly deadLetterSourceArn?: string;
  /** Hidden until then. */
  readonly visibleAtMillis: number;
  readonly receiveCount: number;
  readonly firstReceivedAtMillis?: number;
  /** Counts receives by handle: only the latest handle can delete the message. */
  readonly receiptHandle?: string;
}

/** A change as the journal keeps it: a message as it now is, or the ids of messages that are gone. */
type Change = { readonly kept: QueueMessage } | { readonly gone: readonly string[] };

const DAY_SECONDS = 86_400;

export class Queue {
  readonly arn: string;
  readonly settings: Required<Omit<QueueSettings, 'redrive' | 'arn'>> & Pick<QueueSettings, 'redrive'>;
  readonly createdAtMillis: number;
  private readonly messages = new Map<string, QueueMessage>();
  private readonly journal: Journal<Change>;
  private readonly listeners = new Set<() => void>();

  /**
   * Opens the queue with the messages an earlier server left in its journal. They are visible: who had received
   * them is gone with that server, or will find its handle still good.
   * @param clock milliseconds since the epoch
   */
  constructor(
    settings: QueueSettings,
    journalFile: string,
    private readonly clock: () => number,
  ) {
    this.settings = {
      visibilityTimeoutSeconds: 30,
      retentionSeconds: 4 * DAY_SECONDS,
      delaySeconds: 0,
      receiveWaitSeconds: 0,
      ...settings,
    };
    this.arn = settings.arn ?? localArn('sqs', settings.name);
    this.createdAtMillis = clock();
    this.journal = Journal.open<Change>(journalFile, (change) => {
      if ('kept' in change) this.messages.set(change.kept.id, change.kept);
      else for (const id of change.gone) this.messages.delete(id);
    });
    for (const message of this.messages.values()) {
      if (message.receiveCount > 0) this.messages.set(message.id, { ...message, visibleAtMillis: 0 });
    }
    this.journal.compact(Array.from(this.messages.values(), (kept) => ({ kept })));
  }

  /** Adds a message. */
  send(message: OutgoingMessage, delaySeconds = this.settings.delaySeconds): QueueMessage {
    const now = this.clock();
    const { body, attributes } = message;
    const visibleAtMillis = now + delaySeconds * 1000;
    const sent = { id: randomUUID(), body, attributes, sentAtMillis: now, visibleAtMillis, receiveCount: 0 };
    this.keep(sent);
    return sent;
  }

  /** Takes over a message that another queue gave up; id and time of sending stay, receives count anew. */
  takeOver(message: QueueMessage, sourceArn: string): void {
    const { id, body, attributes, sentAtMillis } = message;
    this.keep({
      id,
      body,
      attributes,
      sentAtMillis,
      visibleAtMillis: 0,
      receiveCount: 0,
      deadLetterSourceArn: sourceArn,
    });
  }

  /**
   * Receives what is visible and hides it for the timeout.
   * @param giveUp takes the messages that were received too often
   */
  receive(
    maxMessages: number,
    visibilityTimeoutSeconds: number,
    giveUp: (message: QueueMessage) => void,
  ): QueueMessage[] {
    const now = this.clock();
    this.dropExpired(now);
    const received: QueueMessage[] = [];
    for (const message of this.messages.values()) {
      if (received.length === maxMessages) break;
      if (message.visibleAtMillis > now) continue;
      if (this.settings.redrive && message.receiveCount >= this.settings.redrive.maxReceiveCount) {
        // The other queue has it before this one lets go: killed in between, it is there twice, not nowhere.
        giveUp(message);
        this.remove([message.id]);
        continue;
      }
      const hidden: QueueMessage = {
        ...message,
        visibleAtMillis: now + visibilityTimeoutSeconds * 1000,
        receiveCount: message.receiveCount + 1,
        firstReceivedAtMillis: message.firstReceivedAtMillis ?? now,
        receiptHandle: this.newHandle(message.id),
      };
      this.keep(hidden);
      received.push(hidden);
    }
    return received;
  }

  /**
   * Deletes the message a handle was given for. As on AWS, a message that is gone, or was received again since, is
   * no error; the latter stays.
   * @throws AwsError ReceiptHandleIsInvalid when the handle is none of this queue's
   */
  delete(receiptHandle: string): void {
    const message = this.messages.get(this.messageId(receiptHandle));
    if (message?.receiptHandle === receiptHandle) this.remove([message.id]);
  }

  /**
   * Hides a message that is under way for so long from now.
   * @throws AwsError ReceiptHandleIsInvalid; MessageNotInflight when it is visible, gone or received again
   */
  changeVisibility(receiptHandle: string, seconds: number): void {
    const message = this.messages.get(this.messageId(receiptHandle));
    const now = this.clock();
    if (message?.receiptHandle !== receiptHandle || message.visibleAtMillis <= now) {
      throw sqsError(
        'MessageNotInflight',
        'The message is not in flight: it was deleted, became visible or was received again.',
        'AWS.SimpleQueueService.MessageNotInflight',
      );
    }
    this.keep({ ...message, visibleAtMillis: now + seconds * 1000 });
  }

  /** Deletes every message. */
  purge(): void {
    this.remove([...this.messages.keys()]);
  }

  /** How many messages are visible, hidden by a receive, and delayed. */
  counts(): { readonly visible: number; readonly notVisible: number; readonly delayed: number } {
    const now = this.clock();
    this.dropExpired(now);
    const counts = { visible: 0, notVisible: 0, delayed: 0 };
    for (const { visibleAtMillis, receiveCount } of this.messages.values()) {
      if (visibleAtMillis <= now) counts.visible += 1;
      else if (receiveCount > 0) counts.notVisible += 1;
      else counts.delayed += 1;
    }
    return counts;
  }

  /** Milliseconds until the next hidden message becomes visible; Infinity when none is hidden. */
  millisUntilVisible(): number {
    const now = this.clock();
    let next = Number.POSITIVE_INFINITY;
    for (const { visibleAtMillis } of this.messages.values()) next = Math.min(next, visibleAtMillis - now);
    return next;
  }

  /** Calls back whenever a message was added or changed, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.journal.close();
  }

  private keep(message: QueueMessage): void {
    this.messages.set(message.id, message);
    this.journal.append({ kept: message });
    for (const listener of this.listeners) listener();
  }

  private remove(ids: readonly string[]): void {
    for (const id of ids) this.messages.delete(id);
    this.journal.append({ gone: ids });
  }

  private dropExpired(nowMillis: number): void {
    const oldest = nowMillis - this.settings.retentionSeconds * 1000;
    const expired = [...this.messages.values()].filter(({ sentAtMillis }) => sentAtMillis < oldest);
    if (expired.length > 0) this.remove(expired.map(({ id }) => id));
  }

  private newHandle(id: string): string {
    return Buffer.from(`${this.settings.name}/${id}/${randomUUID()}`).toString('base64');
  }

  private messageId(receiptHandle: string): string {
    const [name, id, nonce] = Buffer.from(receiptHandle, 'base64').toString().split('/');
    if (name === this.settings.name && id !== undefined && nonce !== undefined) return id;
    throw sqsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${receiptHandle}" is not a valid receipt handle.`,
    );
  }
}
