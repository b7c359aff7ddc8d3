/** The console's server: the page, and what the page asks. Loopback only. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { messageOf } from '../../lib/contract/words';
import { AwsError } from '../../local/http/awsError';
import { type LoopbackServer, listenOnLoopback, readBody } from '../../local/http/loopbackServer';
import { RedshiftError } from '../../local/redshift/redshiftError';
import type { StatementAnswer, Surroundings } from '../wire';
import { AnswerCache } from './answerCache';
import { readAssets } from './assets';
import { readCatalog } from './catalog';
import { placeError } from './errorPlace';
import { type PipelineFeed, PulseBroadcast } from './feed/pulse';
import { refusalOf, SECURITY_HEADERS } from './guard';
import { buildQuestion, QUESTION_INFOS } from './questions';
import { requireReadOnly } from './readOnly';
import { StatementError, type StatementRunner } from './statements';

/** What the console shows. */
export interface ConsoleOptions {
  /** For people: `local run` or `environment prod (us-east-1)`. */
  readonly title: string;
  /** The built page. */
  readonly pageDirectory: string;
  /** Asks the warehouse as a user who can only read the schema `analysis`. Closed with the console. */
  readonly runner: StatementRunner;
  /** Numbers of the pipeline; without it that part of the page says that nobody tells. */
  readonly feed?: PipelineFeed;
  /** 0 takes any free port. @default 0 */
  readonly port?: number;
}

/** Longest request: a statement of the Data API's 100 KB, escaped. */
const MAX_BODY_BYTES = 700_000;
/** Without a feed that tells of loads, answers are asked again after this. */
const UNTOLD_VERSION_MILLIS = 60_000;

const statementBody = z.strictObject({ sql: z.string() });
const questionBody = z.strictObject({
  question: z.string(),
  values: z.record(z.string(), z.string()),
});

/** Serves the console on 127.0.0.1 until it is closed. */
export async function startConsole(options: ConsoleOptions): Promise<LoopbackServer> {
  const { runner, feed } = options;
  const assets = readAssets(options.pageDirectory);
  const broadcast = feed && new PulseBroadcast(feed);
  const answers = new AnswerCache<StatementAnswer>();
  const version = () => feed?.dataVersion() ?? String(Math.floor(Date.now() / UNTOLD_VERSION_MILLIS));

  const surroundings: Surroundings = {
    title: options.title,
    pipeline: feed && { source: feed.source },
    limits: runner.limits,
    questions: QUESTION_INFOS,
  };

  const routes: Readonly<Record<string, (request: IncomingMessage) => Promise<unknown>>> = {
    'GET /api/surroundings': async () => surroundings,
    'GET /api/catalog': () => readCatalog(runner),
    'POST /api/statement': async (request) => {
      const { sql } = statementBody.parse(await jsonBody(request));
      return answer(runner, sql);
    },
    'POST /api/question': async (request) => {
      const { question, values } = questionBody.parse(await jsonBody(request));
      const built = buildQuestion(question, values);
      if (!built.ok) return built;
      return answers.get(version(), built.sql, () => answer(runner, built.sql));
    },
  };

  const server = await listenOnLoopback(async (request, response) => {
    const { method = 'GET', headers } = request;
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value ?? '');
    try {
      const refusal = refusalOf({ method, headers }, request.socket.localPort ?? 0);
      if (refusal !== undefined) return send(response, refusal.status, { message: refusal.message });
      const asset = method === 'POST' ? undefined : assets.get(pathname);
      if (asset !== undefined) {
        response.writeHead(200, { 'content-type': asset.type, 'cache-control': 'no-cache' });
        response.end(method === 'HEAD' ? undefined : asset.body);
        return;
      }
      if (pathname === '/api/pulse' && method === 'GET' && broadcast !== undefined) {
        return broadcast.listen(response);
      }
      const route = routes[`${method} ${pathname}`];
      if (route === undefined) return send(response, 404, { message: `There is no ${pathname}.` });
      send(response, 200, await route(request));
    } catch (error) {
      const [status, message] = problemOf(error);
      send(response, status, { message });
    }
  }, options.port);

  return {
    url: server.url,
    async close() {
      broadcast?.close();
      await server.close();
      await runner.close();
    },
  };
}

/** Runs a statement that reads; what goes wrong with it is an answer, too. */
async function answer(runner: StatementRunner, sql: string): Promise<StatementAnswer> {
  try {
    requireReadOnly(sql);
    return { ok: true, sql, ...(await runner.run(sql)) };
  } catch (error) {
    if (error instanceof RedshiftError) return { ok: false, sql, ...placeError(sql, error.describe()) };
    if (error instanceof StatementError) return { ok: false, sql, ...placeError(sql, error.message) };
    throw error;
  }
}

async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const text = (await readBody(request, MAX_BODY_BYTES)).toString();
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AwsError('ValidationException', 'The body is not JSON.', 400, { cause: String(cause) });
  }
}

function problemOf(error: unknown): [status: number, message: string] {
  if (error instanceof z.ZodError) return [400, z.prettifyError(error)];
  if (error instanceof AwsError) return [error.status, error.message];
  if (error instanceof StatementError) return [502, placeError('', error.message).message];
  return [500, messageOf(error)];
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent) return;
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(body));
}
