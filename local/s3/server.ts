/** S3 on loopback: the API for the unchanged AWS SDK, objects as plain files, notifications to queues. */
import { closeSync, createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { AwsError, internalFailure } from '../http/awsError';
import { Disconnected, type FaultHook, withFaults } from '../http/faults';
import { type LoopbackServer, listenOnLoopback } from '../http/loopbackServer';
import { bucketOperations } from './bucketOperations';
import { Buckets } from './buckets';
import { multipartOperations } from './multipartOperations';
import { type NotificationTarget, requestId } from './notifications';
import { objectOperations } from './objectOperations';
import { ObjectStore } from './objectStore';
import { parseRequest, type S3Answer, type S3Operation } from './requests';
import { operationName } from './routes';
import { versionOperations } from './versionOperations';
import { xmlError } from './xml';

export interface S3ServerOptions {
  /** Directory of the buckets; what it holds is served again after a restart. */
  readonly directory: string;
  /** Takes event notifications: the SQS server. */
  readonly notificationTarget?: NotificationTarget;
  readonly faults?: FaultHook;
  /**
   * Milliseconds since the epoch.
   * @default Date.now
   */
  readonly clock?: () => number;
  /** @default any free port */
  readonly port?: number;
}

export interface S3Server extends LoopbackServer {
  /** The same buckets in-process: creating them with notifications, putting objects, finding their files. */
  readonly buckets: Buckets;
}

/** Starts the server. Only path-style requests are served, which the SDK sends to an IP address by itself. */
export async function startS3Server(options: S3ServerOptions): Promise<S3Server> {
  const store = new ObjectStore(options.directory, options.clock ?? Date.now);
  const buckets = new Buckets(store, options.notificationTarget);
  const operations: Readonly<Record<string, S3Operation>> = {
    ...bucketOperations(buckets),
    ...objectOperations(buckets),
    ...multipartOperations(buckets),
    ...versionOperations(buckets),
  };
  const server = await listenOnLoopback(async (http, response) => {
    try {
      await send(response, await carryOut(operations, options.faults, http));
    } catch (error) {
      if (error instanceof Disconnected || response.headersSent) http.socket.destroy();
      else sendError(http, response, error instanceof AwsError ? error : internalFailure(error));
    }
  }, options.port);
  return {
    url: server.url,
    buckets,
    async close() {
      await server.close();
      store.close();
    },
  };
}

async function carryOut(
  operations: Readonly<Record<string, S3Operation>>,
  faults: FaultHook | undefined,
  http: IncomingMessage,
): Promise<S3Answer> {
  const request = parseRequest(http);
  const name = operationName(request);
  const operation = operations[name];
  if (!operation) throw new Error(`No operation ${name}`);
  if (!http.headers.authorization && !request.query.has('X-Amz-Signature')) {
    throw new AwsError('AccessDenied', 'Access Denied: the request is not signed', 403);
  }
  const { bucket, key, query } = request;
  return withFaults(faults, name, { bucket, key, query: Object.fromEntries(query) }, () =>
    operation(request),
  );
}

async function send(response: ServerResponse, { status = 200, headers = {}, body }: S3Answer): Promise<void> {
  response.setHeader('x-amz-request-id', requestId());
  if (typeof body === 'string') {
    response.writeHead(status, {
      ...headers,
      'content-type': 'application/xml',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  } else if (body && body.bytes > 0) {
    const { descriptor: fd, start, bytes } = body;
    response.writeHead(status, headers);
    await pipeline(
      createReadStream('', { fd, start, end: start + bytes - 1, highWaterMark: 256 * 1024 }),
      response,
    );
  } else {
    if (body) closeSync(body.descriptor);
    response.writeHead(status, headers);
    response.end();
  }
}

function sendError(http: IncomingMessage, response: ServerResponse, error: AwsError): void {
  const id = requestId();
  const isHead = http.method === 'HEAD';
  const Resource = http.url?.split('?', 1)[0] ?? '';
  const body = xmlError({
    Code: error.code,
    Message: error.message,
    Resource,
    ...error.details,
    RequestId: id,
  });
  response.writeHead(error.status, {
    ...error.headers,
    'x-amz-request-id': id,
    ...(isHead ? {} : { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(body) }),
    // A body that was not read to its end would be taken for the next request.
    ...(http.complete ? {} : { connection: 'close' }),
  });
  response.end(isHead ? undefined : body);
}
