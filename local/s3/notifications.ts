/** Event notifications: S3's messages about objects, to SQS queues. */
import { createHash, randomBytes } from 'node:crypto';
import { LOCAL_ACCOUNT_ID, LOCAL_REGION } from '../http/identity';
import { invalidArgument } from './errors';
import type { StoredObject } from './objectIndex';

/** Events that can be subscribed to. */
const EVENT_PATTERNS: readonly string[] = [
  's3:ObjectCreated:*',
  's3:ObjectCreated:Put',
  's3:ObjectCreated:Copy',
  's3:ObjectCreated:CompleteMultipartUpload',
  's3:ObjectRemoved:*',
  's3:ObjectRemoved:Delete',
  's3:ObjectRemoved:DeleteMarkerCreated',
];
/** Event names as messages carry them, without the `s3:` of the pattern. */
export type EventName =
  | 'ObjectCreated:Put'
  | 'ObjectCreated:Copy'
  | 'ObjectCreated:CompleteMultipartUpload'
  | 'ObjectRemoved:Delete'
  | 'ObjectRemoved:DeleteMarkerCreated';

/** Which objects a queue is told of. */
export interface NotificationRule {
  readonly queueArn: string;
  /** @default every key */
  readonly prefix?: string;
  /** @default every key */
  readonly suffix?: string;
  /** @default s3:ObjectCreated:* */
  readonly events?: readonly string[];
}

/** Takes messages for queues; the SQS server is one. */
export interface NotificationTarget {
  /** @throws Error when there is no queue of that ARN */
  deliver(queueArn: string, messageBody: string): void;
}

const DEFAULT_EVENTS: readonly string[] = ['s3:ObjectCreated:*'];

/**
 * Checks a bucket's rules as S3 does.
 * @throws AwsError InvalidArgument for an unknown event, or when two rules would both match one object's event
 */
export function checkRules(rules: readonly NotificationRule[]): void {
  for (const [i, rule] of rules.entries()) {
    for (const event of rule.events ?? []) {
      if (!EVENT_PATTERNS.includes(event)) {
        throw invalidArgument('Event', event, `is not served here, only ${EVENT_PATTERNS.join(', ')}`);
      }
    }
    for (const other of rules.slice(i + 1)) {
      if (overlap(rule, other)) {
        throw invalidArgument(
          'NotificationConfiguration',
          `${rule.queueArn}, ${other.queueArn}`,
          'is ambiguously defined: two rules share an event type, and their prefixes and suffixes overlap',
        );
      }
    }
  }
}

function overlap(a: NotificationRule, b: NotificationRule): boolean {
  const [prefixA, prefixB, suffixA, suffixB] = [
    a.prefix ?? '',
    b.prefix ?? '',
    a.suffix ?? '',
    b.suffix ?? '',
  ];
  return (
    (prefixA.startsWith(prefixB) || prefixB.startsWith(prefixA)) &&
    (suffixA.endsWith(suffixB) || suffixB.endsWith(suffixA)) &&
    (a.events ?? DEFAULT_EVENTS).some((x) =>
      (b.events ?? DEFAULT_EVENTS).some((y) => covers(x, y) || covers(y, x)),
    )
  );
}

function covers(pattern: string, event: string): boolean {
  return pattern.endsWith('*') ? event.startsWith(pattern.slice(0, -1)) : pattern === event;
}

/** Whether a rule wants to be told of the event. */
export function matches(rule: NotificationRule, event: EventName, key: string): boolean {
  return (
    key.startsWith(rule.prefix ?? '') &&
    key.endsWith(rule.suffix ?? '') &&
    (rule.events ?? DEFAULT_EVENTS).some((pattern) => covers(pattern, `s3:${event}`))
  );
}

/** The message S3 sends once when a queue is configured. */
export function testMessage(bucket: string, nowMillis: number): string {
  return JSON.stringify({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date(nowMillis).toISOString(),
    Bucket: bucket,
    RequestId: requestId(),
    HostId: randomBytes(24).toString('base64'),
  });
}

/**
 * The message about one object (event message structure 2.1).
 * @param sequence larger for a later event of the same key
 */
export function eventMessage(
  bucket: string,
  object: Pick<StoredObject, 'key' | 'size' | 'eTag'>,
  event: EventName,
  nowMillis: number,
  sequence: bigint,
): string {
  const isCreated = event.startsWith('ObjectCreated');
  return JSON.stringify({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: LOCAL_REGION,
        eventTime: new Date(nowMillis).toISOString(),
        eventName: event,
        userIdentity: { principalId: `AWS:${LOCAL_ACCOUNT_ID}` },
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: {
          'x-amz-request-id': requestId(),
          'x-amz-id-2': randomBytes(24).toString('base64'),
        },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: createHash('md5').update(bucket).digest('base64'),
          bucket: {
            name: bucket,
            ownerIdentity: { principalId: LOCAL_ACCOUNT_ID },
            arn: `arn:aws:s3:::${bucket}`,
          },
          object: {
            key: encodeKey(object.key),
            ...(isCreated ? { size: object.size, eTag: object.eTag } : {}),
            sequencer: sequence.toString(16).toUpperCase().padStart(18, '0'),
          },
        },
      },
    ],
  });
}

/** A key as messages carry it: form encoding, so that a space is `+`, but slashes stay. */
export function encodeKey(key: string): string {
  return encodeURIComponent(key)
    .replace(/%20/g, '+')
    .replace(/%2F/g, '/')
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** An id of the kind S3 gives its requests: 16 upper-case hex digits. */
export function requestId(): string {
  return randomBytes(8).toString('hex').toUpperCase();
}
