import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import type { PipelineFeed } from '../../console/server/feed/pulse';
import { startConsole } from '../../console/server/server';
import { StatementError, type StatementRunner } from '../../console/server/statements';
import type { PipelineSnapshot } from '../../console/wire';
import type { LoopbackServer } from '../../local/http/loopbackServer';
import { tempDirectory } from '../support/tempDirectory';

const pageDirectory = path.join(tempDirectory('console'), 'page');

class FakeWarehouse implements StatementRunner {
  readonly limits = { rows: 10, seconds: 5 };
  readonly asked: string[] = [];
  isClosed = false;

  async run(sql: string) {
    this.asked.push(sql);
    if (sql.includes('nowhere')) throw new StatementError('ERROR: relation "nowhere" does not exist');
    if (sql.includes('defect')) throw new TypeError('a defect');
    return {
      columns: [{ name: 'a', typeName: 'int4', kind: 'number' as const }],
      rows: [[1]],
      rowCount: 1,
      millis: 1,
    };
  }

  async close() {
    this.isClosed = true;
  }
}

let version = 'first';
let trouble: string | undefined;
const feed: PipelineFeed = {
  source: 'a test',
  eventsAfter: () => [],
  dataVersion: () => version,
  async snapshot() {
    if (trouble !== undefined) throw new Error(trouble);
    return { atMillis: 1 } as PipelineSnapshot;
  },
};

let warehouse: FakeWarehouse;
let server: LoopbackServer;

beforeAll(() => {
  mkdirSync(pageDirectory, { recursive: true });
  for (const file of ['index.html', 'page.js', 'page.css', 'icon.svg']) {
    writeFileSync(path.join(pageDirectory, file), `the ${file}`);
  }
});
beforeEach(async () => {
  trouble = undefined;
  warehouse = new FakeWarehouse();
  server = await startConsole({ title: 'a test', pageDirectory, runner: warehouse, feed });
});
afterEach(() => server.close());

interface Answer {
  readonly status: number | undefined;
  readonly headers: Record<string, unknown>;
  readonly text: string;
}

/** fetch() chooses Host and Origin itself; an attacker does not. */
function ask(url: string, method = 'GET', headers: Record<string, string> = {}, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(`${server.url}${url}`, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    asked.on('error', reject).end(body);
  });
}

const JSON_BODY = { 'content-type': 'application/json' };
const post = async (url: string, body: unknown) => {
  const { status, text } = await ask(url, 'POST', JSON_BODY, JSON.stringify(body));
  return { status, body: JSON.parse(text) };
};

describe('the console’s server', () => {
  it('gives the page and its files, and no other file', async () => {
    expect((await ask('/')).text).toBe('the index.html');
    expect((await ask('/page.js')).headers['content-type']).toMatch('text/javascript');
    expect((await ask('/', 'HEAD')).text).toBe('');
    for (const url of ['/server.ts', '/../package.json', '/%2e%2e/package.json', '/page.js/', '/api/none']) {
      expect((await ask(url)).status).toBe(404);
    }
  });

  it('sends a policy that forbids foreign, inline and injected content with every answer', async () => {
    for (const url of ['/', '/api/surroundings', '/none']) {
      const policy = String((await ask(url)).headers['content-security-policy']);
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("require-trusted-types-for 'script'");
    }
  });

  it.each([
    ['a name that was rebound to this machine', { host: 'evil.example' }],
    ['this machine under another port', { host: '127.0.0.1:1' }],
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page without an origin', { origin: 'null' }],
    ['a script of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
  ])('refuses %s', async (_, headers) => {
    const body = JSON.stringify({ sql: 'SELECT 1' });
    expect((await ask('/api/statement', 'POST', { ...JSON_BODY, ...headers }, body)).status).toBe(403);
    expect((await ask('/api/pulse', 'GET', headers)).status).toBe(403);
    expect(warehouse.asked).toEqual([]);
  });

  it('may be opened by a link on another site, and by its own page', async () => {
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await ask('/', 'GET', link)).status).toBe(200);
    const own = { ...JSON_BODY, origin: server.url, 'sec-fetch-site': 'same-origin' };
    expect((await ask('/api/statement', 'POST', own, '{"sql":"SELECT 1"}')).status).toBe(200);
  });

  it('takes JSON only, so that a form of another site cannot post', async () => {
    expect((await ask('/api/statement', 'POST', { 'content-type': 'text/plain' }, '{}')).status).toBe(415);
    expect((await ask('/api/statement', 'PUT', JSON_BODY, '{}')).status).toBe(405);
    expect((await ask('/api/statement', 'POST', JSON_BODY, '{')).status).toBe(400);
    expect((await ask('/api/statement', 'POST', JSON_BODY, '{"sql":1}')).status).toBe(400);
    expect((await ask('/api/statement', 'POST', JSON_BODY, 'x'.repeat(800_000))).status).toBe(413);
  });

  it('runs a statement that reads, and never sends one that does not', async () => {
    expect((await post('/api/statement', { sql: 'SELECT 1' })).body).toMatchObject({ ok: true, rows: [[1]] });
    expect((await post('/api/statement', { sql: 'SELECT 1; DROP TABLE x' })).body).toEqual({
      ok: false,
      sql: 'SELECT 1; DROP TABLE x',
      message: 'The console runs one statement at a time',
      from: 8,
      to: 9,
    });
    expect(warehouse.asked).toEqual(['SELECT 1']);
  });

  it('gives the warehouse’s words with their place, and says when it is itself at fault', async () => {
    expect((await post('/api/statement', { sql: 'SELECT 1 FROM nowhere' })).body).toEqual({
      ok: false,
      sql: 'SELECT 1 FROM nowhere',
      message: 'relation "nowhere" does not exist',
      from: 14,
      to: 21,
    });
    expect(await post('/api/statement', { sql: 'SELECT defect' })).toEqual({
      status: 500,
      body: { message: 'a defect' },
    });
  });

  it('asks a question once for each state of the data, and says what is wrong with its values', async () => {
    const channels = { question: 'channels', values: { bots: 'include' } };
    const [first] = await Promise.all([post('/api/question', channels), post('/api/question', channels)]);
    expect(first.body).toMatchObject({ ok: true, rowCount: 1 });
    expect(warehouse.asked).toHaveLength(1);
    version = 'second';
    await post('/api/question', channels);
    expect(warehouse.asked).toHaveLength(2);
    const wrong = await post('/api/question', { question: 'channels', values: { bots: "x'; DROP TABLE y" } });
    expect(wrong.body).toMatchObject({ ok: false, message: expect.stringContaining('bots') });
    const unknown = await post('/api/question', { question: 'none', values: {} });
    expect(unknown.body.message).toMatch('There is no question "none"');
    expect(warehouse.asked).toHaveLength(2);
  });

  it('pushes the state of the pipeline at once, and says when nobody can tell it', async () => {
    const firstEvent = async () => {
      const response = await fetch(`${server.url}/api/pulse`);
      const { value } = (await response.body?.getReader().read()) ?? {};
      return new TextDecoder().decode(value);
    };
    expect(await firstEvent()).toBe(
      'data: {"snapshot":{"atMillis":1},"events":[],"dataVersion":"second"}\n\n',
    );
    trouble = 'no access to CloudWatch';
    expect(await firstEvent()).toBe('event: trouble\ndata: {"message":"no access to CloudWatch"}\n\n');
  });

  it('closes the warehouse, and answers that are still open, with itself', async () => {
    await fetch(`${server.url}/api/pulse`);
    await server.close();
    expect(warehouse.isClosed).toBe(true);
  });
});
