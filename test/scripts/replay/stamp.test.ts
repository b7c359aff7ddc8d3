import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { rejectedLines } from '../../../lambda/transform/rejectedLines';
import { type EventOrigin, eventFate } from '../../../lambda/transform/row';
import {
  type Original,
  RejectedJoiner,
  readErrorLine,
  readRejectedLine,
} from '../../../scripts/replay/originals';
import { type Replayed, replayedEvents } from '../../../scripts/replay/stamp';

const MAX_EXPANDED_BYTES = 1_048_576;
const ARRIVED = Date.UTC(2026, 2, 1, 12);

/** A line as Firehose writes it. */
function errorLine(record: Buffer, arrivalTimestamp = ARRIVED, extra: object = {}): string {
  return JSON.stringify({
    attemptsMade: 4,
    arrivalTimestamp,
    errorCode: 'Lambda.FunctionError',
    errorMessage: 'The function failed',
    attemptEndingTimestamp: arrivalTimestamp + 60_000,
    rawData: record.toString('base64'),
    ...extra,
  });
}

function originalOf(line: string): Original {
  const reading = readErrorLine(line);
  if (reading.kind !== 'original') throw new Error(`It is ${reading.kind}`);
  return reading.original;
}

const replayed = (line: string) => replayedEvents(originalOf(line), MAX_EXPANDED_BYTES);

function fields(event: Replayed | undefined): Record<string, unknown> {
  if (event?.kind !== 'event') throw new Error('It is no event');
  return JSON.parse(event.line);
}

const pack = (events: readonly object[]) =>
  gzipSync(events.map((event) => `${JSON.stringify(event)}\n`).join(''));

describe('a record from errors/', () => {
  const withoutId = { event_name: 'page_view', site_id: 'shop' };

  it('is opened, and each event of a pack is stamped with id and time of receipt', () => {
    const events = replayed(errorLine(pack([{ ...withoutId, event_id: 'a' }, withoutId, withoutId])));
    expect(events.map(fields)).toEqual([
      { ...withoutId, event_id: 'a', received_at: '2026-03-01 12:00:00.000' },
      { ...withoutId, event_id: expect.stringMatching(/^[0-9a-f]{32}$/), received_at: expect.anything() },
      { ...withoutId, event_id: expect.stringMatching(/^[0-9a-f]{32}$/), received_at: expect.anything() },
    ]);
    expect(fields(events[1]).event_id).not.toBe(fields(events[2]).event_id);
  });

  it('keeps the time of receipt its sender gave', () => {
    const sent = { ...withoutId, received_at: '2026-02-28T23:00:00Z' };
    expect(fields(replayed(errorLine(pack([sent])))[0]).received_at).toBe('2026-02-28 23:00:00.000');
  });

  it('gives the same events however often and in whatever order it is replayed, wherever they land then', () => {
    const event = fc.record(
      {
        event_name: fc.constantFrom('page_view', 'purchase'),
        site_id: fc.constantFrom('shop', 'blog'),
        event_id: fc.uuid(),
        occurred_at: fc.constantFrom('2026-03-01T11:59:00Z', 1_772_366_340),
        received_at: fc.constantFrom('2026-03-01 11:59:30', 1_772_366_370_000),
      },
      { requiredKeys: ['event_name', 'site_id'] },
    );
    const record = fc.record({ events: fc.array(event, { minLength: 1, maxLength: 5 }), delay: fc.nat(9) });
    const landing = fc.record({
      shard: fc.nat(3),
      sequence: fc.nat(),
      delay: fc.integer({ min: 0, max: 9e6 }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(record, { minLength: 1, maxLength: 6, selector: ({ delay }) => delay }),
        fc.infiniteStream(landing),
        (records, landings) => {
          const lines = records.map(({ events, delay }) => errorLine(pack(events), ARRIVED + delay));
          const identities = (order: readonly string[]) =>
            order
              .flatMap((line) => replayed(line))
              .map((one) => {
                if (one.kind !== 'event') throw new Error('It is no event');
                const [place] = [...landings.take(1)];
                const origin: EventOrigin = {
                  arrivedMillis: ARRIVED + 60_000 + (place?.delay ?? 0),
                  shardId: `shard-${place?.shard}`,
                  sequenceNumber: String(place?.sequence),
                  index: 0,
                };
                const fate = eventFate(one.line, origin);
                if (fate.kind !== 'row') throw new Error('It is rejected');
                return `${fate.row.event_id} ${fate.row.received_at}`;
              })
              .sort();
          expect(identities([...lines].reverse())).toEqual(identities(lines));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives an event that tells its own time the id it would have had the first time', () => {
    const line = JSON.stringify({ ...withoutId, occurred_at: '2026-03-01T11:59:00Z' });
    const first = eventFate(line, { arrivedMillis: ARRIVED, shardId: 's', sequenceNumber: '1', index: 0 });
    const [event] = replayed(errorLine(Buffer.from(`${line}\n`)));
    expect(first).toMatchObject({ kind: 'row', row: { event_id: fields(event).event_id } });
  });

  it('may hold rows of the transform: what it derived is left out, ids and the network stay', () => {
    const sent = {
      ...withoutId,
      ip: '203.0.113.9',
      page_url: 'https://shop.example/a?utm_source=news',
      properties: { plan: 'pro' },
    };
    const origin = { arrivedMillis: ARRIVED, shardId: 'shard-0', sequenceNumber: '7', index: 3 };
    const fate = eventFate(JSON.stringify(sent), origin);
    if (fate.kind !== 'row') throw new Error('It is rejected');
    const [event] = replayed(errorLine(Buffer.from(`${fate.text}\n`)));
    const again = eventFate(JSON.stringify(fields(event)), { ...origin, sequenceNumber: '99' });
    expect(fields(event)).not.toHaveProperty('page_host');
    expect(again).toMatchObject({ row: { ...fate.row, stream_sequence_number: '99' } });
  });

  it('goes back as it came when the transform cannot open it, and so does a line it would reject', () => {
    const broken = Buffer.from([0x1f, 0x8b, 1, 2, 3]);
    expect(replayed(errorLine(broken))).toEqual([
      { kind: 'still_rejected', reason: 'bad_gzip', bytes: broken },
    ]);
    const [event, line] = replayed(errorLine(Buffer.from(`${JSON.stringify(withoutId)}\nnonsense\n`)));
    expect(event?.kind).toBe('event');
    expect(line).toEqual({ kind: 'still_rejected', reason: 'not_json', bytes: Buffer.from('nonsense') });
  });

  it.each([
    ['it is no JSON object', '{"rawData":'],
    ['it has no rawData', '{"arrivalTimestamp":1}'],
    ['rawData is not base64', '{"arrivalTimestamp":1,"rawData":"%%%"}'],
    ['arrivalTimestamp is soon', '{"arrivalTimestamp":"soon","rawData":"e30="}'],
  ])('is corrupt when %s', (reason, line) => {
    expect(readErrorLine(line)).toEqual({ kind: 'corrupt', reason: expect.stringContaining(reason) });
  });
});

describe('a rejected original', () => {
  const origin = { arrivedMillis: ARRIVED, shardId: 'shard-1', sequenceNumber: '42', index: 5 };
  const rejection = { reason: 'not_json', detail: 'of no matter here' } as const;

  function join(texts: readonly string[]) {
    const joiner = new RejectedJoiner();
    const originals: Original[] = [];
    const fates = texts.map((text) => {
      const reading = readRejectedLine(text);
      if (reading.kind !== 'rejected') throw new Error(`It is ${reading.kind}`);
      const joined = joiner.add(reading.line);
      if (joined.fate === 'whole') originals.push(joined.original);
      return joined.fate;
    });
    return { fates, originals, incomplete: joiner.incomplete() };
  }

  it('is whole again once its parts are there, in any order, and is taken once', () => {
    const text = `"${'ä'.repeat(200_000)}"`;
    const lines = rejectedLines({ kind: 'rejected', rejection, original: text, origin }).map((line) =>
      JSON.stringify(line),
    );
    expect(lines.length).toBeGreaterThan(2);
    const { fates, originals } = join([...lines].reverse().concat(lines));
    expect(fates).toEqual([...lines.slice(1).map(() => 'part'), 'whole', ...lines.map(() => 'duplicate')]);
    expect(originals).toEqual([{ bytes: Buffer.from(text), kind: 'event', origin, reason: 'not_json' }]);
    expect(join(lines.slice(1)).incomplete).toHaveLength(1);
  });

  it('gets the id that its place in the stream gives it', () => {
    const line = JSON.stringify({ event_name: 'page_view', site_id: 'shop' });
    const fate = eventFate(line, origin);
    const { originals } = join(
      rejectedLines({ kind: 'rejected', rejection, original: line, origin }).map((part) =>
        JSON.stringify(part),
      ),
    );
    const [event] = originals.flatMap((original) => replayedEvents(original, MAX_EXPANDED_BYTES));
    expect(fate).toMatchObject({
      row: { event_id: fields(event).event_id, received_at: fields(event).received_at },
    });
  });

  it('that is a whole pack gives its events the ids they would have had', () => {
    const events = [1, 2].map((n) => ({ event_name: `e${n}`, site_id: 'shop' }));
    const whole = { ...origin, index: 0 };
    const { originals } = join(
      rejectedLines({ kind: 'rejected', rejection, original: pack(events), origin: whole }).map((part) =>
        JSON.stringify(part),
      ),
    );
    const ids = originals
      .flatMap((original) => replayedEvents(original, MAX_EXPANDED_BYTES))
      .map((event) => fields(event).event_id);
    const first = events.map((event, index) => eventFate(JSON.stringify(event), { ...whole, index }));
    expect(first).toMatchObject(ids.map((event_id) => ({ row: { event_id } })));
  });

  it.each([
    ['part is 3 of 2', { part: 3 }],
    ['encoding is latin1', { encoding: 'latin1' }],
    ['arrived_at is never', { arrived_at: 'never' }],
    ['original is number', { original: 1 }],
  ])('is corrupt when %s', (reason, change) => {
    const [line] = rejectedLines({ kind: 'rejected', rejection, original: 'x', origin });
    expect(readRejectedLine(JSON.stringify({ ...line, parts: 2, ...change }))).toEqual({
      kind: 'corrupt',
      reason: expect.stringContaining(reason),
    });
  });
});
