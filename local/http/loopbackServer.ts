/** An HTTP server that only this machine can reach. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError } from './awsError';

export interface LoopbackServer {
  /** Base URL, such as http://127.0.0.1:4567. */
  readonly url: string;
  /** Accepts nothing new, lets requests under way finish for some seconds, then closes every connection. */
  close(): Promise<void>;
}

/** How long closing waits for requests under way: a client that sends no further must not hold it up. */
const CLOSE_GRACE_MILLIS = 5_000;

/** Answers one request. It must not reject: errors are its own to answer. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Starts a server on 127.0.0.1.
 * @param port 0 takes any free port
 */
export async function listenOnLoopback(handle: RequestHandler, port = 0): Promise<LoopbackServer> {
  const underWay = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const answered = handle(request, response).finally(() => underWay.delete(answered));
    underWay.add(answered);
  });
  // The SDK keeps connections for as long as it likes; closing an idle one would race with its next request.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: boundPort } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${boundPort}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.race([Promise.all(underWay), sleep(CLOSE_GRACE_MILLIS, undefined, { ref: false })]);
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * The whole body of a request.
 * @throws AwsError RequestEntityTooLargeException (413) past `maxBytes`
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) {
      throw new AwsError(
        'RequestEntityTooLargeException',
        `The request's body is longer than ${maxBytes} bytes`,
        413,
      );
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length);
}
