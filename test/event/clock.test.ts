import fc from 'fast-check';
import { DAY_MILLIS, MINUTE_MILLIS, SECOND_MILLIS } from '../../lib/contract/units';
import { eventTime, receivedTime } from '../../lib/event/clock';

const YEAR = 365 * DAY_MILLIS;
const received = Date.UTC(2026, 10, 22, 12);

describe('receivedTime', () => {
  test('is what the receiver said', () => {
    expect(receivedTime(received - 3 * YEAR, received)).toBe(received - 3 * YEAR);
    expect(receivedTime(received + 60 * SECOND_MILLIS, received)).toBe(received + 60 * SECOND_MILLIS);
  });

  test('is the arrival when nobody said, or when it would lie after the arrival', () => {
    expect(receivedTime(undefined, received)).toBe(received);
    expect(receivedTime(received + 61 * SECOND_MILLIS, received)).toBe(received);
  });
});

describe('eventTime', () => {
  test('takes out the error of a device clock', () => {
    // Happened 40 s before it was sent, by a clock that is two hours slow.
    const sent = received - 120 * MINUTE_MILLIS;
    expect(eventTime(sent - 40 * SECOND_MILLIS, sent, received)).toEqual({
      millis: received - 40 * SECOND_MILLIS,
      source: 'corrected',
      skewMillis: -120 * MINUTE_MILLIS,
      isSuspect: false,
    });
  });

  test('believes a device clock that is right but for the delay of the network', () => {
    const sent = received - 300;
    expect(eventTime(sent - 5 * SECOND_MILLIS, sent, received)).toEqual({
      millis: sent - 5 * SECOND_MILLIS,
      source: 'device',
      skewMillis: -300,
      isSuspect: false,
    });
  });

  test('keeps the time of an event that waited offline for days', () => {
    const occurred = received - 10 * DAY_MILLIS;
    expect(eventTime(occurred, received, received)).toMatchObject({ millis: occurred, isSuspect: false });
  });

  test.each([
    ['years behind', received - 20 * YEAR, received - 20 * YEAR + SECOND_MILLIS],
    ['years ahead', received + 20 * YEAR, received + 20 * YEAR + SECOND_MILLIS],
    ['sent before it happened', received + 10 * MINUTE_MILLIS, received],
    ['held back for longer than a month', received - 31 * DAY_MILLIS, received],
    ['years behind, without a time of sending', received - 20 * YEAR, undefined],
    ['ten minutes ahead, without a time of sending', received + 10 * MINUTE_MILLIS, undefined],
  ])('flags a clock that is %s, and does not trust it', (_, occurred, sent) => {
    expect(eventTime(occurred, sent, received)).toMatchObject({
      millis: received,
      source: 'received',
      isSuspect: true,
    });
  });

  test('believes a device clock alone while it is plausible', () => {
    for (const occurred of [
      received - 30 * DAY_MILLIS,
      received - SECOND_MILLIS,
      received + 5 * MINUTE_MILLIS,
    ]) {
      expect(eventTime(occurred, undefined, received)).toEqual({
        millis: occurred,
        source: 'device',
        skewMillis: undefined,
        isSuspect: false,
      });
    }
  });

  test('is the time of receipt when the device said nothing, and suspects nobody', () => {
    expect(eventTime(undefined, undefined, received)).toMatchObject({ millis: received, isSuspect: false });
  });

  test('does not suspect an old log, whose time of receipt is its own', () => {
    const logged = received - 9 * YEAR;
    expect(eventTime(logged, undefined, logged)).toMatchObject({ millis: logged, isSuspect: false });
  });

  test('is at most five minutes after the receipt and a month before, or suspect', () => {
    const near = fc.integer({ min: received - 40 * DAY_MILLIS, max: received + 40 * DAY_MILLIS });
    fc.assert(
      fc.property(
        fc.option(near, { nil: undefined }),
        fc.option(near, { nil: undefined }),
        (occurred, sent) => {
          const { millis, isSuspect, source } = eventTime(occurred, sent, received);
          expect(millis).toBeLessThanOrEqual(received + 5 * MINUTE_MILLIS);
          expect(millis).toBeGreaterThanOrEqual(received - 31 * DAY_MILLIS);
          if (isSuspect) expect([source, millis]).toEqual(['received', received]);
        },
      ),
    );
  });
});
