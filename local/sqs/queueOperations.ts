/** Creating, finding and describing queues. */

import { isDeepStrictEqual } from 'node:util';
import { LOCAL_ACCOUNT_ID } from '../http/identity';
import type { JsonOperation } from '../http/jsonService';
import { isObject, type JsonObject, textList } from '../http/members';
import { invalidParameter, sqsError } from './errors';
import { MAX_MESSAGE_BYTES } from './messages';
import type { Queue, QueueSettings } from './queue';
import type { Queues } from './queues';
import {
  integerParameter,
  MAX_DELAY_SECONDS,
  MAX_VISIBILITY_SECONDS,
  MAX_WAIT_SECONDS,
  parameter,
  requestedQueue,
} from './requests';

const MAX_LISTED = 1_000;
const RETENTION_SECONDS = { minimum: 60, maximum: 1_209_600 };

/** @param baseUrl of the server, known once it listens */
export function queueOperations(queues: Queues, baseUrl: () => string): Record<string, JsonOperation> {
  return {
    CreateQueue(input) {
      const settings = readSettings(parameter(input, 'QueueName'), input.Attributes);
      const queue = queues.find(settings.name);
      if (!queue) return { QueueUrl: queueUrl(baseUrl(), queues.create(settings).settings.name) };
      if (!isDeepStrictEqual({ ...queue.settings, ...settings }, queue.settings)) {
        throw sqsError(
          'QueueNameExists',
          `A queue already exists with the name ${settings.name} and other attributes`,
          'QueueAlreadyExists',
        );
      }
      return { QueueUrl: queueUrl(baseUrl(), settings.name) };
    },

    DeleteQueue(input) {
      queues.delete(requestedQueue(queues, input).settings.name);
    },

    GetQueueUrl(input) {
      return { QueueUrl: queueUrl(baseUrl(), queues.get(parameter(input, 'QueueName')).settings.name) };
    },

    ListQueues(input) {
      const prefix = typeof input.QueueNamePrefix === 'string' ? input.QueueNamePrefix : '';
      const limit = integerParameter(input, 'MaxResults', 1, MAX_LISTED) ?? MAX_LISTED;
      const after = typeof input.NextToken === 'string' ? input.NextToken : '';
      const names = queues.names().filter((name) => name.startsWith(prefix) && name > after);
      const page = names.slice(0, limit);
      return {
        QueueUrls: page.map((name) => queueUrl(baseUrl(), name)),
        ...(names.length > page.length ? { NextToken: page.at(-1) } : {}),
      };
    },

    GetQueueAttributes(input) {
      const all = attributesOf(requestedQueue(queues, input));
      const names = textList(input, 'AttributeNames');
      const wanted = names.includes('All') ? Object.keys(all) : names;
      const known = wanted.filter((name) => name in all);
      for (const name of wanted) {
        if (!KNOWN_ATTRIBUTES.has(name)) {
          throw sqsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
        }
      }
      if (known.length === 0) return {};
      return { Attributes: Object.fromEntries(known.map((name) => [name, all[name]])) };
    },
  };
}

/** URL of a queue, of the form AWS's have. */
export function queueUrl(baseUrl: string, name: string): string {
  return `${baseUrl}/${LOCAL_ACCOUNT_ID}/${name}`;
}

const KNOWN_ATTRIBUTES = new Set([
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'QueueArn',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'VisibilityTimeout',
]);

function attributesOf(queue: Queue): Readonly<Record<string, string>> {
  const { settings } = queue;
  const { visible, notVisible, delayed } = queue.counts();
  const createdSeconds = String(Math.floor(queue.createdAtMillis / 1000));
  return {
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(notVisible),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: createdSeconds,
    LastModifiedTimestamp: createdSeconds,
    DelaySeconds: String(settings.delaySeconds),
    MaximumMessageSize: String(MAX_MESSAGE_BYTES),
    MessageRetentionPeriod: String(settings.retentionSeconds),
    QueueArn: queue.arn,
    ReceiveMessageWaitTimeSeconds: String(settings.receiveWaitSeconds),
    VisibilityTimeout: String(settings.visibilityTimeoutSeconds),
    ...(settings.redrive
      ? {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: settings.redrive.deadLetterQueueArn,
            maxReceiveCount: settings.redrive.maxReceiveCount,
          }),
        }
      : {}),
  };
}

/** Settings from CreateQueue's attributes, which are all texts. */
function readSettings(name: string, attributes: unknown): QueueSettings {
  const input = isObject(attributes) ? attributes : {};
  const number = (attribute: string, minimum: number, maximum: number) => {
    const text = input[attribute];
    return integerParameter(
      text === undefined ? {} : { [attribute]: Number(text) },
      attribute,
      minimum,
      maximum,
    );
  };
  const settings = {
    visibilityTimeoutSeconds: number('VisibilityTimeout', 0, MAX_VISIBILITY_SECONDS),
    retentionSeconds: number('MessageRetentionPeriod', RETENTION_SECONDS.minimum, RETENTION_SECONDS.maximum),
    delaySeconds: number('DelaySeconds', 0, MAX_DELAY_SECONDS),
    receiveWaitSeconds: number('ReceiveMessageWaitTimeSeconds', 0, MAX_WAIT_SECONDS),
    redrive: readRedrive(input),
  };
  const served = new Set([...SETTABLE, 'RedrivePolicy']);
  const unknown = Object.keys(input).find((attribute) => !served.has(attribute));
  if (unknown) throw sqsError('InvalidAttributeName', `Attribute ${unknown} is not served here.`);
  return { name, ...Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) };
}

const SETTABLE = [
  'VisibilityTimeout',
  'MessageRetentionPeriod',
  'DelaySeconds',
  'ReceiveMessageWaitTimeSeconds',
];

function readRedrive(input: JsonObject): QueueSettings['redrive'] {
  const text = input.RedrivePolicy;
  if (text === undefined) return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = parseObject(String(text));
  const count = Number(maxReceiveCount);
  if (typeof deadLetterTargetArn !== 'string' || !Number.isInteger(count) || count < 1 || count > 1_000) {
    const rule = 'It must have a deadLetterTargetArn and a maxReceiveCount from 1 to 1000';
    throw invalidParameter('RedrivePolicy', text, rule);
  }
  return { deadLetterQueueArn: deadLetterTargetArn, maxReceiveCount: count };
}

/** The object that JSON text holds; an empty one when it holds none. */
function parseObject(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
