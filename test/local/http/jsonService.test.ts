import { type JsonService, startJsonService } from '../../../local/http/jsonService';
import type { LoopbackServer } from '../../../local/http/loopbackServer';
import { optionalInteger, requiredBlob, requiredText, textList } from '../../../local/http/members';

describe('a JSON service', () => {
  let server: LoopbackServer;
  const aborted: string[] = [];
  const service: JsonService = {
    targetPrefix: 'Test_2026',
    jsonVersion: '1.1',
    maxBodyBytes: 1_000,
    operations: {
      Echo: (input) => input,
      Nothing: () => undefined,
      Break: () => {
        throw new TypeError('a defect');
      },
      Members: (input) => ({
        text: requiredText(input, 'Name', { maxLength: 5, pattern: /^[a-z]+$/, oneOf: ['abc', 'abcd'] }),
        number: optionalInteger(input, 'Number', 1, 10),
        list: textList(input, 'List'),
        bytes: input.Blob === undefined ? undefined : requiredBlob(input, 'Blob').length,
      }),
      Wait: (_input, { signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted.push('Wait');
            resolve({});
          });
        }),
    },
  };

  beforeAll(async () => {
    server = await startJsonService(service);
  });
  afterAll(() => server.close());

  async function call(
    operation: string,
    body: string,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ) {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: {
        'x-amz-target': `Test_2026.${operation}`,
        authorization: 'AWS4-HMAC-SHA256 test',
        ...headers,
      },
      body,
      ...(signal ? { signal } : {}),
    });
    const text = await response.text();
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      json: text && JSON.parse(text),
    };
  }

  it('listens on loopback only', () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('answers output as AWS JSON, and no output with an empty body', async () => {
    const type = 'application/x-amz-json-1.1';
    expect(await call('Echo', '{"a":1}')).toEqual({ status: 200, type, json: { a: 1 } });
    expect(await call('Nothing', '{}')).toEqual({ status: 200, type, json: '' });
  });

  it.each([
    ['Unheard', '{}', {}, 400, 'UnknownOperationException'],
    ['toString', '{}', {}, 400, 'UnknownOperationException'],
    ['Echo', '{}', { 'x-amz-target': 'Other_2026.Echo' }, 400, 'UnknownOperationException'],
    ['Echo', '{}', { authorization: '' }, 403, 'MissingAuthenticationTokenException'],
    ['Echo', '{', {}, 400, 'SerializationException'],
    ['Echo', '[]', {}, 400, 'SerializationException'],
    ['Echo', '"'.padEnd(1_001), {}, 413, 'RequestEntityTooLargeException'],
    ['Break', '{}', {}, 500, 'InternalFailure'],
  ])('answers %s with %s and %j by %i %s', async (operation, body, headers, status, code) => {
    expect(await call(operation, body, headers)).toMatchObject({ status, json: { __type: code } });
  });

  it('names the operations it serves when asked for another', async () => {
    const { json } = await call('Unheard', '{}');
    expect(json.message).toBe(
      'Operation "Unheard" is not served here, only: Echo, Nothing, Break, Members, Wait',
    );
  });

  it.each([
    [
      '{"Name":"abc","Number":10,"List":["x"],"Blob":"AAE="}',
      { text: 'abc', number: 10, list: ['x'], bytes: 2 },
    ],
    ['{"Name":"abc","Number":null}', { text: 'abc', list: [] }],
  ])('reads the members %s', async (body, json) => {
    expect(await call('Members', body)).toMatchObject({ status: 200, json });
  });

  it.each([
    [
      '{}',
      'ValidationException',
      "Value null at 'name' failed to satisfy constraint: Member must not be null",
    ],
    ['{"Name":""}', 'ValidationException', 'have length greater than or equal to 1'],
    ['{"Name":"abcdef"}', 'ValidationException', 'have length less than or equal to 5'],
    ['{"Name":"ABC"}', 'ValidationException', 'satisfy regular expression pattern: ^[a-z]+$'],
    ['{"Name":"xyz"}', 'ValidationException', 'satisfy enum value set: [abc, abcd]'],
    ['{"Name":1}', 'SerializationException', 'Name is a number, it must be a string'],
    ['{"Name":"abc","Number":11}', 'ValidationException', "Value '11' at 'number'"],
    ['{"Name":"abc","Number":0}', 'ValidationException', 'have value greater than or equal to 1'],
    ['{"Name":"abc","Number":1.5}', 'SerializationException', 'Number is a number, it must be an integer'],
    ['{"Name":"abc","List":"x"}', 'SerializationException', 'List is a string, it must be a list'],
    ['{"Name":"abc","List":[1]}', 'SerializationException', 'a member of List is a number'],
    ['{"Name":"abc","Blob":"AA!="}', 'SerializationException', 'Blob is not base64: AA!='],
    ['{"Name":"abc","Blob":"AAA"}', 'SerializationException', 'Blob is not base64: AAA'],
  ])('refuses the members %s', async (body, code, message) => {
    const { status, json } = await call('Members', body);
    expect([status, json.__type]).toEqual([400, code]);
    expect(json.message).toContain(message);
  });

  it('tells an operation that waits when its client goes away', async () => {
    const controller = new AbortController();
    const waiting = call('Wait', '{}', {}, controller.signal);
    setTimeout(() => controller.abort(), 50);
    await expect(waiting).rejects.toThrow();
    while (aborted.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(aborted).toEqual(['Wait']);
  });
});
