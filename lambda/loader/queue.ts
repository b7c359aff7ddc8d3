/** The queue of notifications: receive, delete, give back. A thin shell around SQS's batches of ten. */
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { SQS_BATCH_COUNT } from '../../lib/contract/limits';
import type { HeldMessage } from './backlog';

/** A long poll, however short, asks all of the queue's servers: an empty answer then means an empty queue. */
const RECEIVE_WAIT_SECONDS = 1;

/** The queue S3 tells of new objects. */
export class NotificationQueue {
  constructor(
    private readonly client: SQSClient,
    private readonly queueUrl: string,
  ) {}

  /** Up to ten messages; none when the queue is empty. */
  async receive(): Promise<Message[]> {
    const { Messages } = await this.client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.queueUrl,
        MaxNumberOfMessages: SQS_BATCH_COUNT,
        WaitTimeSeconds: RECEIVE_WAIT_SECONDS,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      }),
    );
    return Messages ?? [];
  }

  /**
   * Deletes messages; returns how many could not be deleted. Those come again, and what they name is loaded again
   * without effect.
   */
  async delete(messages: readonly HeldMessage[]): Promise<number> {
    let failed = 0;
    for (const Entries of entryBatches(messages)) {
      const answer = await this.client.send(
        new DeleteMessageBatchCommand({ QueueUrl: this.queueUrl, Entries }),
      );
      failed += answer.Failed?.length ?? 0;
    }
    return failed;
  }

  /** Makes messages visible at once, so that the next run need not wait for their visibility timeout. */
  async giveBack(messages: readonly HeldMessage[]): Promise<void> {
    for (const entries of entryBatches(messages)) {
      const Entries = entries.map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
      await this.client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.queueUrl, Entries }));
    }
  }
}

function* entryBatches(messages: readonly HeldMessage[]) {
  for (let start = 0; start < messages.length; start += SQS_BATCH_COUNT) {
    yield messages
      .slice(start, start + SQS_BATCH_COUNT)
      .map(({ receiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle: receiptHandle }));
  }
}
