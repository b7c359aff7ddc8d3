import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { eraseOriginals, UnreadableOriginalsError } from '../../../scripts/erase/originals';
import { ownerOf } from '../../../scripts/erase/subject';

const ID = 'anna "ü"';
const owner = ownerOf({
  kind: 'visitor',
  id: ID,
  site: undefined,
  withVisitors: false,
  linkedVisitors: new Set(),
});

const ndjson = (...lines: (string | object)[]) =>
  Buffer.from(lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
const failed = (data: Buffer) => ({
  attemptsMade: 4,
  arrivalTimestamp: 1_772_326_800_000,
  lastErrorCode: 'DataFormatConversion.MalformedData',
  rawData: data.toString('base64'),
});
const event = (visitor_id: string, more: object = {}) => ({
  event_name: 'x',
  site_id: 's',
  visitor_id,
  ...more,
});

/** Records of the lines that are left. */
function records(bytes: Buffer | undefined): Buffer[] {
  const lines = (bytes ?? Buffer.alloc(0)).toString().split('\n').filter(Boolean);
  return lines.map((line) => Buffer.from(JSON.parse(line).rawData, 'base64'));
}

describe('originals without somebody’s events', () => {
  it('keep the other events of a pack, packed as it was, and what Firehose said of it', () => {
    const pack = gzipSync(ndjson(event('bert'), event(ID), event('carl')));
    const { bytes, events, lines, linesAfter } = eraseOriginals(ndjson(failed(pack)), owner);
    expect({ events, lines, linesAfter }).toEqual({ events: 1, lines: 1, linesAfter: 1 });
    expect(records(bytes).map((record) => gunzipSync(record).toString())).toEqual([
      ndjson(event('bert'), event('carl')).toString(),
    ]);
    const { rawData, ...around } = JSON.parse((bytes ?? '').toString());
    expect({ ...around, rawData: '' }).toEqual({ ...failed(pack), rawData: '' });
  });

  it('lose a record when nothing is left in it', () => {
    const object = gzipSync(ndjson(failed(ndjson(event(ID))), failed(ndjson(event('bert')))));
    const { bytes, linesAfter } = eraseOriginals(object, owner);
    expect(linesAfter).toBe(1);
    expect(records(gunzipSync(bytes ?? '')).map(String)).toEqual([ndjson(event('bert')).toString()]);
  });

  it('are not changed when they hold none', () => {
    const objects = [
      ndjson(failed(gzipSync(ndjson(event('bert'), 'no JSON')))),
      ndjson(event('bert', { note: ID })),
      Buffer.alloc(0),
    ];
    for (const object of objects) {
      expect(eraseOriginals(object, owner)).toMatchObject({ bytes: undefined, events: 0, unopenable: 0 });
    }
  });

  it('are told by keys in any letter case, also in an event over several lines', () => {
    const pretty = Buffer.from(JSON.stringify({ Visitor_ID: ID, SITE_ID: 's' }, null, 2));
    expect(eraseOriginals(ndjson(failed(pretty)), owner)).toMatchObject({ events: 1, linesAfter: 0 });
  });

  it('lose a record that cannot be opened when the identifier shows in its bytes, and only then', () => {
    const truncated = (visitor: string) => {
      const noise = Array.from({ length: 2_000 }, (_, i) => event(`${Math.sin(i)}`));
      const pack = gzipSync(ndjson(event(visitor), ...noise));
      return pack.subarray(0, pack.length - 100);
    };
    const object = ndjson(
      failed(truncated(ID)),
      failed(truncated('bert')),
      `{"visitor_id":${JSON.stringify(ID)}, broken`,
    );
    const { unopenable, events, linesAfter } = eraseOriginals(object, owner);
    expect({ unopenable, events, linesAfter }).toEqual({ unopenable: 2, events: 0, linesAfter: 1 });
  });

  it('are put together from their parts first, and taken apart again', () => {
    const rejected = (original: string, part: number, parts: number) => ({
      rejected_id: 'r1',
      reason: 'too_large',
      original,
      encoding: 'utf8',
      part,
      parts,
    });
    const whole = ndjson(event('bert'), event(ID), event('carl')).toString();
    const cut = whole.indexOf('anna') + 2;
    const object = ndjson(
      rejected(whole.slice(0, cut), 1, 2),
      { rejected_id: 'r0', original: 'x' },
      rejected(whole.slice(cut), 2, 2),
    );
    const { bytes, events } = eraseOriginals(object, owner);
    expect(events).toBe(1);
    const left = ndjson(event('bert'), event('carl')).toString();
    expect((bytes ?? '').toString()).toBe(
      ndjson(rejected(left, 1, 1), { rejected_id: 'r0', original: 'x' }).toString(),
    );
  });

  it('that cannot be expanded are an error: nobody knows what is in them', () => {
    expect(() => eraseOriginals(gzipSync('x').subarray(0, 12), owner)).toThrow(UnreadableOriginalsError);
  });

  it('hold everybody else’s events, in order, whatever they are', () => {
    const visitor = fc.constantFrom(ID, 'bert', 'carl', 'anna', undefined);
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.tuple(visitor, fc.string()), { minLength: 1 })),
        fc.boolean(),
        (packs, isGzip) => {
          const events = packs.map((pack) => pack.map(([visitor_id, note]) => ({ visitor_id, note })));
          const object = ndjson(
            ...events.map((pack) => failed(isGzip ? gzipSync(ndjson(...pack)) : ndjson(...pack))),
          );
          const { bytes = object } = eraseOriginals(object, owner);
          const left = records(bytes).flatMap((record) =>
            (isGzip ? gunzipSync(record) : record)
              .toString()
              .trim()
              .split('\n')
              .map((line) => JSON.parse(line)),
          );
          const expected = events.flat().filter(({ visitor_id }) => visitor_id !== ID);
          expect(left).toEqual(JSON.parse(JSON.stringify(expected)));
        },
      ),
      { numRuns: 50 },
    );
  });
});
