/** How the functions and tools make AWS clients: HTTP/1.1, kept alive, so that loopback endpoints work too. */
import { NodeHttpHandler } from '@smithy/node-http-handler';

/**
 * Settings shared by all AWS clients. The Kinesis client would otherwise speak HTTP/2, which endpoints on loopback
 * do not. Endpoints come from AWS_ENDPOINT_URL_<SERVICE> when set.
 * @param maxSockets most requests under way at once
 */
export function clientSettings(maxSockets = 32) {
  return {
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 5_000,
      httpAgent: { keepAlive: true, maxSockets },
      httpsAgent: { keepAlive: true, maxSockets },
    }),
  };
}
