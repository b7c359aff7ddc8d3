import { completeEvent } from '../../../scripts/send/ndjson';

function complete(text: string, number = 1, source = 'events.ndjson'): string {
  return completeEvent({ number, text, isTooLong: false }, source);
}

describe('an NDJSON event', () => {
  test('with its own id and time of receipt is passed on byte for byte', () => {
    const text = '{ "event_id":"a", "received_at":1793610002000, "big":12345678901234567890 }';
    expect(complete(text)).toBe(text);
    expect(complete('{"EVENT_ID":"a","Received_At":"2026-11-02"}')).toBe(
      '{"EVENT_ID":"a","Received_At":"2026-11-02"}',
    );
  });

  test('without an id gets one from source, line number and text, in front, the rest untouched', () => {
    const text = ' {"received_at":"2026-11-02","big":12345678901234567890}';
    const completed = complete(text);
    expect(completed).toMatch(
      /^ \{"event_id":"[0-9a-f]{32}","received_at":"2026-11-02","big":12345678901234567890\}$/,
    );
    expect(complete(text)).toBe(completed);
    expect(complete(text, 2)).not.toBe(completed);
    expect(complete(text, 1, 'other')).not.toBe(completed);
  });

  test.each([
    ['{"event_id":"a","sent_at":"2026-11-02T10:00:00Z","occurred_at":1}', '2026-11-02T10:00:00Z'],
    ['{"event_id":"a","sent_at":"soon","occurred_at":1793610002000}', 1_793_610_002_000],
    ['{"event_id":"a","received_at":"","occurred_at":"2026-11-02"}', '2026-11-02'],
    ['{"event_id":"a","occurred_at":"yesterday"}', undefined],
    ['{"event_id":"a"}', undefined],
  ])('%s is received at %s whenever it is imported', (text, receivedAt) => {
    const event: Record<string, unknown> = JSON.parse(complete(text));
    expect(event.received_at || undefined).toBe(receivedAt);
    expect(event.event_id).toBe('a');
  });

  test('has a null id replaced rather than repeated', () => {
    expect(complete('{"Event_Id":null,"site_id":"a","received_at":"2026-11-02"}')).toMatch(
      /^\{"site_id":"a","received_at":"2026-11-02","event_id":"[0-9a-f]{32}"\}$/,
    );
  });

  test('that is empty is still one JSON object', () => {
    expect(JSON.parse(complete('{}'))).toEqual({ event_id: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });

  test.each(['not json', '[]', 'null', '"text"', '{"event_name":'])(
    'that is none is passed on: %s',
    (text) => {
      expect(complete(text)).toBe(text);
    },
  );
});
