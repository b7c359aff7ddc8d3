/** SQS on loopback: standard queues for the unchanged AWS SDK, kept on disk. */
import type { FaultHook } from '../http/faults';
import { startJsonService } from '../http/jsonService';
import type { LoopbackServer } from '../http/loopbackServer';
import { messageOperations } from './messageOperations';
import { queueOperations, queueUrl } from './queueOperations';
import { Queues } from './queues';

/** A batch of the largest messages, and the JSON around them. */
const MAX_REQUEST_BODY_BYTES = 8 * 1024 * 1024;

export interface SqsServerOptions {
  /** Directory of the queues' journals: a queue created again under its name has its messages again. */
  readonly directory: string;
  readonly faults?: FaultHook;
  /**
   * Milliseconds since the epoch.
   * @default Date.now
   */
  readonly clock?: () => number;
  /** @default any free port */
  readonly port?: number;
}

export interface SqsServer extends LoopbackServer {
  /** The same queues in-process, for creating them and looking into them without HTTP. */
  readonly queues: Queues;
  /** URL of the queue of that name. */
  queueUrl(name: string): string;
  /**
   * Sends a message to the queue of that ARN, as S3 does.
   * @throws AwsError QueueDoesNotExist
   */
  deliver(queueArn: string, messageBody: string): void;
}

/** Starts the server. Queues are created by who uses it; only their messages outlive it. */
export async function startSqsServer(options: SqsServerOptions): Promise<SqsServer> {
  const queues = new Queues(options.directory, options.clock ?? Date.now);
  let url = '';
  const server = await startJsonService({
    targetPrefix: 'AmazonSQS',
    jsonVersion: '1.0',
    maxBodyBytes: MAX_REQUEST_BODY_BYTES,
    operations: { ...queueOperations(queues, () => url), ...messageOperations(queues) },
    ...(options.faults ? { faults: options.faults } : {}),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  url = server.url;
  return {
    url,
    queues,
    queueUrl: (name) => queueUrl(url, name),
    deliver(queueArn, messageBody) {
      queues.byArn(queueArn).send({ body: messageBody, attributes: {} });
    },
    async close() {
      queues.stopWaiting();
      await server.close();
      queues.close();
    },
  };
}
