/** Tells the loader of an object, as S3 would. */
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { SQS_BATCH_COUNT } from '../../lib/contract/limits';

/** Messages could not be sent; the others were. */
class NotificationError extends Error {
  override readonly name = 'NotificationError';
}

/**
 * S3's message about a new object, as far as the loader reads it.
 * @param sender who says so instead of S3, for people who look at the queue, such as "clickstream:audit"
 */
export function objectNotification(bucketName: string, key: string, sender: string): string {
  // As in S3's own: encoded like form data, slashes left alone.
  const encodedKey = encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
  return JSON.stringify({
    Records: [
      {
        eventSource: sender,
        eventName: 'ObjectCreated:Put',
        s3: { bucket: { name: bucketName }, object: { key: encodedKey } },
      },
    ],
  });
}

/**
 * Puts a message for each object on the loader's queue.
 * @throws NotificationError when SQS refuses some
 */
export async function notifyLoader(
  sqs: SQSClient,
  queueUrl: string,
  bucketName: string,
  keys: readonly string[],
  sender: string,
): Promise<void> {
  for (let start = 0; start < keys.length; start += SQS_BATCH_COUNT) {
    const Entries = keys.slice(start, start + SQS_BATCH_COUNT).map((key, index) => ({
      Id: String(index),
      MessageBody: objectNotification(bucketName, key, sender),
    }));
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    const [first] = Failed;
    if (first !== undefined) {
      throw new NotificationError(
        `SQS did not take ${Failed.length} of ${Entries.length} messages: ${first.Code} ${first.Message ?? ''}`.trim(),
      );
    }
  }
}
