/** Sending, receiving and deleting messages. */

import { SQS_BATCH_COUNT } from '../../lib/contract/limits';
import { LOCAL_ACCOUNT_ID } from '../http/identity';
import type { JsonOperation } from '../http/jsonService';
import { type JsonObject, objectList, textList } from '../http/members';
import { invalidParameter } from './errors';
import {
  attributesMd5,
  bodyMd5,
  MAX_MESSAGE_BYTES,
  messageBytes,
  type OutgoingMessage,
  readMessage,
} from './messages';
import type { Queue, QueueMessage } from './queue';
import type { Queues } from './queues';
import {
  batch,
  batchError,
  integerParameter,
  MAX_DELAY_SECONDS,
  MAX_VISIBILITY_SECONDS,
  MAX_WAIT_SECONDS,
  parameter,
  requestedQueue,
} from './requests';

export function messageOperations(queues: Queues): Record<string, JsonOperation> {
  return {
    SendMessage(input) {
      return send(requestedQueue(queues, input), input);
    },

    SendMessageBatch(input) {
      const queue = requestedQueue(queues, input);
      // Bodies only, unchecked: one that SQS refuses fails its own entry.
      const bytes = objectList(input, 'Entries').reduce(
        (sum, { MessageBody }) => sum + Buffer.byteLength(String(MessageBody ?? '')),
        0,
      );
      if (bytes > MAX_MESSAGE_BYTES) {
        throw batchError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than ${MAX_MESSAGE_BYTES} bytes. You have sent ${bytes} bytes.`,
        );
      }
      return batch(input, (entry) => send(queue, entry));
    },

    async ReceiveMessage(input, context) {
      const queue = requestedQueue(queues, input);
      const { visibilityTimeoutSeconds, receiveWaitSeconds } = queue.settings;
      const maxMessages = integerParameter(input, 'MaxNumberOfMessages', 1, SQS_BATCH_COUNT) ?? 1;
      const visibility =
        integerParameter(input, 'VisibilityTimeout', 0, MAX_VISIBILITY_SECONDS) ?? visibilityTimeoutSeconds;
      const wait = integerParameter(input, 'WaitTimeSeconds', 0, MAX_WAIT_SECONDS) ?? receiveWaitSeconds;
      const system = [
        ...textList(input, 'MessageSystemAttributeNames'),
        ...textList(input, 'AttributeNames'),
      ];
      const custom = textList(input, 'MessageAttributeNames');
      const messages = await queues.receive(queue, maxMessages, visibility, wait, context.signal);
      if (messages.length === 0) return {};
      return { Messages: messages.map((message) => receivedMessage(message, system, custom)) };
    },

    DeleteMessage(input) {
      requestedQueue(queues, input).delete(parameter(input, 'ReceiptHandle'));
    },

    DeleteMessageBatch(input) {
      const queue = requestedQueue(queues, input);
      return batch(input, (entry) => {
        queue.delete(parameter(entry, 'ReceiptHandle'));
        return {};
      });
    },

    ChangeMessageVisibility(input) {
      changeVisibility(requestedQueue(queues, input), input);
    },

    ChangeMessageVisibilityBatch(input) {
      const queue = requestedQueue(queues, input);
      return batch(input, (entry) => {
        changeVisibility(queue, entry);
        return {};
      });
    },

    PurgeQueue(input) {
      requestedQueue(queues, input).purge();
    },
  };
}

function send(queue: Queue, input: JsonObject) {
  const message = readMessage(input);
  const bytes = messageBytes(message);
  if (bytes > MAX_MESSAGE_BYTES) {
    throw invalidParameter(
      'MessageBody',
      `of ${bytes} bytes`,
      `Message must be shorter than ${MAX_MESSAGE_BYTES} bytes`,
    );
  }
  const delaySeconds = integerParameter(input, 'DelaySeconds', 0, MAX_DELAY_SECONDS);
  const { id } = queue.send(message, delaySeconds);
  return { MessageId: id, MD5OfMessageBody: bodyMd5(message.body), ...attributesMember(message.attributes) };
}

function attributesMember(attributes: OutgoingMessage['attributes']) {
  const md5 = attributesMd5(attributes);
  return md5 === undefined ? {} : { MD5OfMessageAttributes: md5 };
}

function changeVisibility(queue: Queue, input: JsonObject): void {
  const seconds = integerParameter(input, 'VisibilityTimeout', 0, MAX_VISIBILITY_SECONDS);
  if (seconds === undefined) {
    throw invalidParameter('VisibilityTimeout', 'null', `Must be between 0 and ${MAX_VISIBILITY_SECONDS}`);
  }
  queue.changeVisibility(parameter(input, 'ReceiptHandle'), seconds);
}

function receivedMessage(message: QueueMessage, system: readonly string[], custom: readonly string[]) {
  const attributes = pick(
    systemAttributes(message),
    (name) => system.includes('All') || system.includes(name),
  );
  const messageAttributes = pick(message.attributes, (name) =>
    custom.some((wanted) => wanted === 'All' || wanted === name || isPrefixOf(wanted, name)),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: bodyMd5(message.body),
    ...(Object.keys(attributes).length > 0 ? { Attributes: attributes } : {}),
    ...(Object.keys(messageAttributes).length > 0 ? { MessageAttributes: messageAttributes } : {}),
    ...attributesMember(messageAttributes),
  };
}

/** Whether `wanted` is of the form `name.*` or `.*` and covers the name. */
function isPrefixOf(wanted: string, name: string): boolean {
  return wanted.endsWith('.*') && name.startsWith(wanted.slice(0, -2));
}

function systemAttributes(message: QueueMessage): Readonly<Record<string, string>> {
  return {
    SenderId: LOCAL_ACCOUNT_ID,
    SentTimestamp: String(message.sentAtMillis),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMillis),
    ...(message.deadLetterSourceArn ? { DeadLetterQueueSourceArn: message.deadLetterSourceArn } : {}),
  };
}

function pick<V>(all: Readonly<Record<string, V>>, isWanted: (name: string) => boolean): Record<string, V> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => isWanted(name)));
}
