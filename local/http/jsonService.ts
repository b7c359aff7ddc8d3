/** Serves an AWS service that speaks AWS JSON 1.0 or 1.1: POST, the operation named in X-Amz-Target. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError, internalFailure } from './awsError';
import { Disconnected, type FaultHook, withFaults } from './faults';
import { type LoopbackServer, listenOnLoopback, readBody } from './loopbackServer';
import { isObject, type JsonObject } from './members';

/** What an operation may know of its request besides the input. */
export interface RequestContext {
  /** Aborted when the client went away before the answer. */
  readonly signal: AbortSignal;
}

/** An operation: input members to output members. An undefined output answers with an empty body. */
export type JsonOperation = (input: JsonObject, context: RequestContext) => unknown;

export interface JsonService {
  /** Prefix of X-Amz-Target, such as Kinesis_20131202. */
  readonly targetPrefix: string;
  readonly jsonVersion: '1.0' | '1.1';
  /** Longest request body taken. */
  readonly maxBodyBytes: number;
  /** By AWS's name, such as PutRecords. */
  readonly operations: Readonly<Record<string, JsonOperation>>;
  readonly faults?: FaultHook;
  /** 0 or left out takes any free port. */
  readonly port?: number;
}

/** Starts the service on 127.0.0.1. Unsigned requests are refused; signatures are not verified. */
export function startJsonService(service: JsonService): Promise<LoopbackServer> {
  return listenOnLoopback(async (request, response) => {
    try {
      const output = await carryOut(service, request, response);
      answer(service, response, 200, output === undefined ? '' : JSON.stringify(output));
    } catch (error) {
      if (error instanceof Disconnected) request.socket.destroy();
      else answerError(service, response, error instanceof AwsError ? error : internalFailure(error));
    }
  }, service.port);
}

async function carryOut(
  service: JsonService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<unknown> {
  const body = await readBody(request, service.maxBodyBytes);
  const name = operationName(service, request);
  const operation = service.operations[name];
  if (!operation || !Object.hasOwn(service.operations, name)) {
    const known = Object.keys(service.operations).join(', ');
    throw new AwsError('UnknownOperationException', `Operation "${name}" is not served here, only: ${known}`);
  }
  if (!request.headers.authorization) {
    throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
  }
  const input = parseInput(body);
  const context: RequestContext = {
    // Made only for the few operations that wait: most requests are answered at once.
    get signal() {
      const controller = new AbortController();
      response.once('close', () => controller.abort());
      if (response.destroyed) controller.abort();
      return controller.signal;
    },
  };
  return withFaults(service.faults, name, input, () => operation(input, context));
}

function operationName(service: JsonService, request: IncomingMessage): string {
  const target = String(request.headers['x-amz-target'] ?? '');
  const prefix = `${service.targetPrefix}.`;
  if (request.method !== 'POST' || !target.startsWith(prefix)) {
    throw new AwsError(
      'UnknownOperationException',
      `${request.method} with X-Amz-Target "${target}" is no operation: it must be POST and ${prefix}<operation>`,
    );
  }
  return target.slice(prefix.length);
}

function parseInput(body: Buffer): JsonObject {
  let input: unknown;
  try {
    input = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new AwsError('SerializationException', `The request's body is not JSON: ${error}`);
  }
  if (!isObject(input))
    throw new AwsError('SerializationException', 'The request’s body is not a JSON object');
  return input;
}

function answer(service: JsonService, response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': `application/x-amz-json-${service.jsonVersion}`,
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': randomUUID(),
    // A body that was not read to its end would be taken for the next request.
    ...(status === 413 ? { connection: 'close' } : {}),
  });
  response.end(body);
}

function answerError(service: JsonService, response: ServerResponse, error: AwsError): void {
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  const body = JSON.stringify({ __type: error.code, message: error.message, ...error.details });
  answer(service, response, error.status, body);
}
