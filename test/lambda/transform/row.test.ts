import fc from 'fast-check';
import { fateOf, ORIGIN, REQUIRED, rowOf } from '../../support/eventRows';
import { rowProblems } from '../../support/firehoseRecords';

function reasonOf(event: unknown): string {
  const fate = fateOf(event);
  return fate.kind === 'rejected' ? fate.rejection.reason : 'a row';
}

describe('the least event', () => {
  test('becomes a row with the columns every row has', () => {
    expect(rowOf({})).toEqual({
      ...REQUIRED,
      event_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      received_at: '2026-11-22 12:00:00.000',
      arrived_at: '2026-11-22 12:00:00.000',
      event_time: '2026-11-22 12:00:00.000',
      event_time_source: 'received',
      is_clock_suspect: false,
      received_hour: 2026112212,
      is_bot: false,
      stream_shard_id: 'shard-1',
      stream_sequence_number: '42',
    });
  });
});

describe('an event is rejected', () => {
  const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const withProperties = (json: string) => `{"event_name":"x","site_id":"y","properties":${json}}`;

  test.each<[string, string, unknown]>([
    ['not_json', 'words', 'oops'],
    ['not_json', 'an object that stops early', '{"event_name":"x"'],
    ['not_json', 'two objects on a line', `${JSON.stringify(REQUIRED)}${JSON.stringify(REQUIRED)}`],
    ['not_json', 'single quotes', "{'event_name':'x'}"],
    ['not_json', 'a value JSON does not know', '{"event_name":NaN}'],
    ['not_an_object', 'an array', '[{"event_name":"x"}]'],
    ['not_an_object', 'a text', '"text"'],
    ['not_an_object', 'null', 'null'],
    ['not_an_object', 'a number', '42'],
    ['missing_event_name', 'none', { site_id: 'y' }],
    ['missing_event_name', 'blank', { event_name: ' ', site_id: 'y' }],
    ['missing_event_name', 'null', { event_name: null, site_id: 'y' }],
    ['missing_event_name', 'an object', { event_name: {}, site_id: 'y' }],
    ['missing_site_id', 'none', { event_name: 'x' }],
    ['missing_site_id', 'empty', { event_name: 'x', site_id: '' }],
    ['missing_site_id', 'an array', { event_name: 'x', site_id: ['y'] }],
    ['site_id_too_long', 'in characters', { event_name: 'x', site_id: 'y'.repeat(65) }],
    ['site_id_too_long', 'in bytes only', { event_name: 'x', site_id: 'ü'.repeat(33) }],
    ['json_too_large', 'properties', { ...REQUIRED, properties: { text: 'x'.repeat(32_768) } }],
    ['json_too_large', 'items', { ...REQUIRED, items: Array(10_000).fill(1234) }],
    ['json_too_large', 'a key nobody knows, in bytes', { ...REQUIRED, unheard_of: 'ü'.repeat(17_000) }],
    ['json_too_deep', 'properties', withProperties(deep(64))],
    ['json_too_deep', 'a key nobody knows', withProperties(deep(64)).replace('properties', 'unheard_of')],
    [
      'json_too_deep',
      'items, as an attack',
      `{"event_name":"x","site_id":"y","items":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    ],
    ['json_too_deep', 'properties in a text', withProperties(JSON.stringify(deep(64)))],
  ])('as %s: %s', (reason, _, event) => {
    expect(reasonOf(event)).toBe(reason);
  });

  test('with a detail that says what was wrong, the value, and what would be right', () => {
    expect(fateOf({ event_name: 'x', site_id: 'y'.repeat(100) })).toMatchObject({
      rejection: { detail: `site_id "${'y'.repeat(80)}..." has 100 bytes, it may have 64` },
    });
    expect(fateOf({ event_name: {}, site_id: 'y' })).toMatchObject({
      rejection: { detail: 'event_name is an object, it must be text that is not blank' },
    });
  });

  test('but not at the limits themselves', () => {
    expect(reasonOf({ event_name: 'x', site_id: 'ü'.repeat(32) })).toBe('a row');
    expect(reasonOf(withProperties(deep(63)))).toBe('a row');
    expect(reasonOf({ ...REQUIRED, properties: { t: 'x'.repeat(32_768 - 8) } })).toBe('a row');
    expect(reasonOf({ ...REQUIRED, properties: { t: 'x'.repeat(32_768 - 7) } })).toBe('json_too_large');
  });
});

describe('event ids', () => {
  const elsewhere = { ...ORIGIN, sequenceNumber: '43', index: 0 };

  test('are the sender’s', () => {
    expect(rowOf({ event_id: 'e-1' }).event_id).toBe('e-1');
    expect(rowOf({ event_id: 17 }).event_id).toBe('17');
  });

  test('are those of the text when it has a time, wherever it lies', () => {
    const event = { occurred_at: ORIGIN.arrivedMillis - 5 };
    expect(rowOf(event, elsewhere).event_id).toBe(rowOf(event).event_id);
    expect(rowOf({ ...event, user_id: 'u' }).event_id).not.toBe(rowOf(event).event_id);
    expect(rowOf({ ...event, site_id: 'other' }).event_id).not.toBe(rowOf(event).event_id);
  });

  test('are those of the place when it has none', () => {
    const ids = [ORIGIN, elsewhere, { ...ORIGIN, index: 8 }, { ...ORIGIN, shardId: 'shard-2' }].map(
      (origin) => rowOf({}, origin).event_id,
    );
    expect(new Set(ids).size).toBe(4);
    expect(rowOf({}).event_id).toBe(ids[0]);
  });
});

describe('whatever is sent', () => {
  /** A few of the strings that break programs. */
  const naughty = fc.constantFrom(
    'undefined',
    'null',
    '\\',
    '1E+02',
    '0x0',
    "'; DROP TABLE users--",
    '<script>alert(1)</script>',
    '\u202etest',
    'ﬀ İ ß',
    '👩‍👩‍👧',
    'ÅÍÎÏ˝ÓÔ\u0007',
    '\u0024{jndi:ldap://x}',
    'Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮',
  );
  const value = fc.oneof(naughty, fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 4 }), fc.double());
  const key = fc.oneof(
    fc.constantFrom(
      'event_id',
      'EVENT_ID',
      'occurred_at',
      'received_at',
      'page_url',
      'user_agent',
      'ip',
      'items',
      'properties',
    ),
    fc.constantFrom(
      'screen_width',
      'event_value',
      'country',
      '__proto__',
      'toString',
      'is_bot',
      'utm_source',
    ),
    fc.string({ maxLength: 12 }),
  );

  test('a row fits every column, or the event is rejected', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 12 }), (fields) => {
        const line = `{"event_name":"x","site_id":"y"${fields
          .map(([name, content]) => `,${JSON.stringify(name)}:${JSON.stringify(content) ?? 'null'}`)
          .join('')}}`;
        const fate = fateOf(line);
        if (fate.kind === 'row') expect(rowProblems(JSON.parse(fate.text))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) =>
        expect(['row', 'rejected']).toContain(fateOf(line).kind),
      ),
    );
  });
});
