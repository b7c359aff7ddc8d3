import { EVENT_COLUMNS, type EventColumn, INPUT_ONLY_FIELDS, MAX_JSON_BYTES } from '../../lib/event/columns';

const columns: readonly EventColumn[] = EVENT_COLUMNS;
/** Redshift's longest VARCHAR. */
const VARCHAR_MAX_BYTES = 65_535;

describe('the event definition', () => {
  test('names every column once, in snake_case as Firehose and Redshift fold names', () => {
    const names = columns.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
  });

  test('gives a byte limit and what to do beyond it to texts, and only to them', () => {
    for (const { maxBytes, tooLong, type } of columns) {
      const isText = type === 'string' || type === 'json';
      expect(maxBytes !== undefined).toBe(isText);
      expect(tooLong !== undefined).toBe(isText);
      expect(maxBytes ?? 1).toBeGreaterThan(0);
      expect(maxBytes ?? 1).toBeLessThanOrEqual(VARCHAR_MAX_BYTES);
    }
  });

  test('never cuts JSON, and never cuts who or which site it was', () => {
    const policies = new Map(columns.map(({ name, tooLong }) => [name, tooLong]));
    for (const { name, type } of columns) if (type === 'json') expect(policies.get(name)).toBe('reject');
    for (const name of ['event_id', 'visitor_id', 'user_id', 'session_id'])
      expect(policies.get(name)).toBe('hash');
    expect(policies.get('site_id')).toBe('reject');
  });

  test('has room for a hash wherever a long text is replaced by one', () => {
    for (const { maxBytes, tooLong } of columns) {
      if (tooLong === 'hash') expect(maxBytes).toBeGreaterThanOrEqual(32);
    }
  });

  test('lets a sender alone fill no column that must have a value, except the two that are required', () => {
    const required = columns
      .filter(({ nullable, origin }) => !nullable && origin === 'sent')
      .map(({ name }) => name);
    expect(required).toEqual(['event_name', 'site_id']);
  });

  test('says what each column means, in a sentence', () => {
    for (const { meaning } of columns) expect(meaning).toMatch(/^\S.*\.$/s);
  });

  test('keeps fields that are read but not stored apart from the columns', () => {
    for (const field of INPUT_ONLY_FIELDS) expect(columns.map(({ name }) => name)).not.toContain(field);
  });

  test('keeps a row of the largest values far below what an answer may carry', () => {
    // JSON writes a control character of one byte in six.
    const largest = columns.reduce(
      (bytes, { name, maxBytes = 32 }) => bytes + name.length + 4 + maxBytes * 6,
      0,
    );
    expect(largest).toBeLessThan((6 * 1024 * 1024 * 3) / 4 / 4);
    expect(MAX_JSON_BYTES).toBeLessThanOrEqual(VARCHAR_MAX_BYTES);
  });
});
