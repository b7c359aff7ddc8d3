/** A queue in memory that answers the SQS commands of the loader as SQS does. */
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

interface Stored {
  readonly id: string;
  readonly body: string;
  receipts: number;
  isHidden: boolean;
}

export class FakeQueue {
  /** Told of each message that was deleted. */
  onDelete: (body: string) => void = () => undefined;
  private readonly stored = new Map<string, Stored>();
  private sent = 0;

  /** The queue as an SDK client. */
  get client(): SQSClient {
    return { send: async (command: unknown) => this.answer(command) } as unknown as SQSClient;
  }

  send(body: string): void {
    const id = `message-${++this.sent}`;
    this.stored.set(id, { id, body, receipts: 0, isHidden: false });
  }

  /** Bodies of the messages still in the queue, hidden or not. */
  get bodies(): string[] {
    return [...this.stored.values()].map(({ body }) => body);
  }

  /** Bodies of the messages that can be received now. */
  get visibleBodies(): string[] {
    return [...this.stored.values()].filter(({ isHidden }) => !isHidden).map(({ body }) => body);
  }

  /** What the visibility timeout does. */
  showAll(): void {
    for (const message of this.stored.values()) message.isHidden = false;
  }

  private answer(command: unknown): unknown {
    if (command instanceof ReceiveMessageCommand) {
      const most = command.input.MaxNumberOfMessages ?? 1;
      if (most < 1 || most > 10) throw new Error(`ReadCountOutOfRange: ${most}`);
      const messages = [...this.stored.values()].filter(({ isHidden }) => !isHidden).slice(0, most);
      for (const message of messages) {
        message.isHidden = true;
        message.receipts++;
      }
      const Messages = messages.map(({ id, body, receipts }) => ({
        MessageId: id,
        ReceiptHandle: `${id}/${receipts}`,
        Body: body,
        ...(command.input.MessageSystemAttributeNames?.includes('ApproximateReceiveCount')
          ? { Attributes: { ApproximateReceiveCount: String(receipts) } }
          : {}),
      }));
      return Messages.length === 0 ? {} : { Messages };
    }
    if (command instanceof DeleteMessageBatchCommand) {
      for (const message of this.named(command.input.Entries)) {
        this.stored.delete(message.id);
        this.onDelete(message.body);
      }
      return { Successful: [] };
    }
    if (command instanceof ChangeMessageVisibilityBatchCommand) {
      for (const message of this.named(command.input.Entries)) message.isHidden = false;
      return { Successful: [] };
    }
    throw new Error(`The queue does not know ${command}`);
  }

  private named(entries: readonly { Id?: string; ReceiptHandle?: string }[] = []): Stored[] {
    if (entries.length < 1 || entries.length > 10) throw new Error(`Batch of ${entries.length} entries`);
    if (new Set(entries.map(({ Id }) => Id)).size !== entries.length) {
      throw new Error('BatchEntryIdsNotDistinct');
    }
    return entries.map(({ ReceiptHandle = '' }) => {
      const [id = '', receipts] = ReceiptHandle.split('/');
      const message = this.stored.get(id);
      if (message?.receipts !== Number(receipts)) throw new Error(`Stale receipt handle ${ReceiptHandle}`);
      return message;
    });
  }
}
