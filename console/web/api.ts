/** Asks the console's server. */
import type { Catalog, StatementAnswer, Surroundings } from '../wire';

/** The server could not be reached, or did not answer as it should. */
class ServerError extends Error {
  override readonly name = 'ServerError';
}

export const api = {
  surroundings: () => ask<Surroundings>('/api/surroundings'),
  catalog: () => ask<Catalog>('/api/catalog'),
  /** Runs a statement somebody wrote. */
  statement: (sql: string) => ask<StatementAnswer>('/api/statement', { sql }),
  /** Runs a ready question. */
  question: (question: string, values: Readonly<Record<string, string>>) =>
    ask<StatementAnswer>('/api/question', { question, values }),
};

async function ask<Answer>(path: string, body?: unknown): Promise<Answer> {
  const request: RequestInit =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(path, request).catch((cause) => {
    throw new ServerError('The console’s server does not answer. Is it still running?', { cause });
  });
  const answer = await response.json();
  if (!response.ok) throw new ServerError(String(answer.message ?? `The server answered ${response.status}`));
  return answer;
}
