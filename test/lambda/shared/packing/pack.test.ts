import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import {
  expandEntry,
  type PackedEntry,
  type PackInput,
  type PackOptions,
  type PackResult,
  packEvents,
  recordKeys,
  type UnsendableEvent,
} from '../../../../lambda/shared/packing';
import { KINESIS_RECORD_BYTES } from '../../../../lib/contract/limits';

const GZIP: PackOptions = { packBytes: 512_000, compression: 'gzip', maxExpandedBytes: 1_048_576 };
const PLAIN: PackOptions = { ...GZIP, compression: 'none' };

async function pack(events: Iterable<PackInput>, options: PackOptions) {
  const results: PackResult[] = [];
  for await (const result of packEvents(events, options, recordKeys(0n))) results.push(result);
  return {
    entries: results.filter((result): result is PackedEntry => result.kind === 'entry'),
    unsendable: results.filter((result): result is UnsendableEvent => result.kind === 'unsendable'),
  };
}

function linesOf(entries: readonly PackedEntry[]): string[] {
  return entries.flatMap((entry) => expandEntry(entry).split('\n').slice(0, -1));
}

/** Hex text that gzip can at best halve. */
function noise(seed: string, bytes: number): string {
  let text = '';
  for (let index = 0; text.length < bytes; index += 1) {
    text += createHash('sha512').update(`${seed}${index}`).digest('base64');
  }
  return text.slice(0, bytes);
}

describe('the packer', () => {
  test('writes one line an event, each ended by a line feed, gzipped', async () => {
    const { entries } = await pack(
      [{ event_name: 'a' }, '{"event_name":"b"}', '{"event_name":"c"}\r\n'],
      GZIP,
    );
    expect(entries).toHaveLength(1);
    const text = gunzipSync(entries[0]?.data ?? '').toString('utf8');
    expect(text).toBe('{"event_name":"a"}\n{"event_name":"b"}\n{"event_name":"c"}\n');
    expect(entries[0]).toMatchObject({ eventCount: 3, expandedBytes: 57, partitionKey: '00000000' });
  });

  test('leaves packs as plain text when told not to compress', async () => {
    const { entries } = await pack(['{"a":1}', '{"a":2}'], PLAIN);
    expect(Buffer.from(entries[0]?.data ?? '').toString('utf8')).toBe('{"a":1}\n{"a":2}\n');
  });

  test('puts one event in each record when packBytes is 0', async () => {
    const { entries } = await pack(['{"a":1}', '{"a":2}', '{"a":3}'], { ...PLAIN, packBytes: 0 });
    expect(entries.map((entry) => entry.eventCount)).toEqual([1, 1, 1]);
  });

  test('closes a pack before the event that would pass packBytes', async () => {
    const { entries } = await pack(['12345', '12345', '12345'], { ...PLAIN, packBytes: 12 });
    expect(entries.map((entry) => entry.expandedBytes)).toEqual([12, 6]);
  });

  test('splits a pack that stays too large after compression, keeping every event in order', async () => {
    // Base64 noise compresses by a quarter: 2 MB of it cannot become one record of 1 MiB.
    const lines = Array.from({ length: 40 }, (_, index) => noise(`pack ${index}`, 50_000));
    const { entries, unsendable } = await pack(lines, {
      packBytes: 2_100_000,
      compression: 'gzip',
      maxExpandedBytes: 10_485_760,
    });
    expect(unsendable).toEqual([]);
    expect(entries.length).toBeGreaterThan(1);
    for (const entry of entries) expect(entry.data.length + 8).toBeLessThanOrEqual(KINESIS_RECORD_BYTES);
    expect(linesOf(entries)).toEqual(lines);
  });

  test('reports an event that is too large for any record, whole, and packs its neighbours', async () => {
    const huge = noise('huge', 1_600_000);
    const options: PackOptions = { ...GZIP, maxExpandedBytes: 2_000_000 };
    const { entries, unsendable } = await pack(['{"a":1}', huge, '{"a":2}'], options);
    expect(linesOf(entries)).toEqual(['{"a":1}', '{"a":2}']);
    expect(unsendable).toHaveLength(1);
    expect(unsendable[0]).toMatchObject({ reason: 'too_large', line: huge });
    expect(unsendable[0]?.detail).toMatch(
      /^the event has \d+ bytes compressed, a record must have at most 1048568$/,
    );
  });

  test('reports an event that would expand past the limit of the transform', async () => {
    const { unsendable } = await pack(['x'.repeat(1_048_576)], GZIP);
    expect(unsendable[0]).toMatchObject({
      reason: 'too_large',
      detail: 'the event has 1048577 bytes with its line end, a record must have at most 1048576',
    });
  });

  test('packs an event that just fits', async () => {
    const { entries, unsendable } = await pack(['x'.repeat(1_048_575)], GZIP);
    expect(unsendable).toEqual([]);
    expect(entries[0]?.expandedBytes).toBe(1_048_576);
  });

  test('reports what would not be one line on the wire, and what has no JSON form', async () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const { entries, unsendable } = await pack(
      ['', ' \n', '{"a":\n1}', circular, () => 1, { big: 1n }, '{"a":1}'],
      GZIP,
    );
    expect(unsendable.map((event) => event.reason)).toEqual([
      'not_one_line',
      'not_one_line',
      'not_one_line',
      'not_serializable',
      'not_serializable',
      'not_serializable',
    ]);
    expect(linesOf(entries)).toEqual(['{"a":1}']);
  });

  test('gives every event exactly one fate, in order, within all limits, whatever the events', async () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((text) => {
      return text.trim() !== '' && !text.includes('\n');
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 60 }),
        fc.integer({ min: 0, max: 400 }),
        fc.constantFrom('gzip' as const, 'none' as const),
        async (lines, packBytes, compression) => {
          const maxExpandedBytes = 120;
          const { entries, unsendable } = await pack(lines, { packBytes, compression, maxExpandedBytes });
          const fits = (text: string) => Buffer.byteLength(text) + 1 <= maxExpandedBytes;
          // Lone surrogates have no UTF-8 form and arrive as U+FFFD.
          expect(linesOf(entries)).toEqual(lines.filter(fits).map((text) => text.toWellFormed()));
          expect(unsendable.map((event) => event.line)).toEqual(lines.filter((text) => !fits(text)));
          for (const entry of entries) {
            const expanded = Buffer.from(expandEntry(entry));
            expect(entry.expandedBytes).toBe(expanded.length);
            expect(expanded.length).toBeLessThanOrEqual(maxExpandedBytes);
            if (entry.eventCount > 1) expect(expanded.length).toBeLessThanOrEqual(packBytes);
          }
          expect(entries.reduce((sum, entry) => sum + entry.eventCount, 0) + unsendable.length).toBe(
            lines.length,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test('reads its input only a few packs ahead of its reader', async () => {
    let read = 0;
    function* endless() {
      for (;;) {
        read += 1;
        yield `{"n":${read}}`;
      }
    }
    const packs = packEvents(endless(), { ...PLAIN, packBytes: 100 });
    await packs.next();
    expect(read).toBeLessThan(100);
    await packs.return();
  });
});
