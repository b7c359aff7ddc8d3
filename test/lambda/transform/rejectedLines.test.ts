import fc from 'fast-check';
import { rejectedLines } from '../../../lambda/transform/rejectedLines';
import { FIREHOSE_RECORD_BYTES } from '../../../lib/contract/limits';
import { ARRIVED_MILLIS } from '../../support/firehoseRecords';

const origin = { arrivedMillis: ARRIVED_MILLIS, shardId: 'shard-1', sequenceNumber: '42', index: 7 };
const rejection = { reason: 'not_json', detail: 'because' } as const;
const linesOf = (original: string | Buffer) =>
  rejectedLines({ kind: 'rejected', rejection, original, origin });

/** Puts an original together again, as the event reference says. */
function joined(lines: ReturnType<typeof linesOf>): Buffer {
  return Buffer.concat(lines.map(({ encoding, original }) => Buffer.from(original, encoding)));
}

describe('a rejected event', () => {
  test('is one line with reason, original and origin', () => {
    expect(linesOf('oops')).toEqual([
      {
        rejected_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        reason: 'not_json',
        detail: 'because',
        original: 'oops',
        encoding: 'utf8',
        part: 1,
        parts: 1,
        shard_id: 'shard-1',
        sequence_number: '42',
        record_index: 7,
        arrived_at: '2026-11-22 12:00:00.000',
      },
    ]);
  });

  test('keeps bytes that are no text as base64', () => {
    expect(linesOf(Buffer.from([0xff, 0x00]))).toMatchObject([{ original: '/wA=', encoding: 'base64' }]);
    expect(linesOf(Buffer.alloc(0))).toMatchObject([{ original: '', parts: 1 }]);
  });

  test('has the same id each time, and another in another place', () => {
    const [line] = linesOf('oops');
    expect(linesOf('oops')[0]?.rejected_id).toBe(line?.rejected_id);
    const elsewhere = {
      kind: 'rejected',
      rejection,
      original: 'oops',
      origin: { ...origin, index: 8 },
    } as const;
    expect(rejectedLines(elsewhere)[0]?.rejected_id).not.toBe(line?.rejected_id);
  });

  test.each<[string, string | Buffer]>([
    ['characters of four bytes', '😀'.repeat(300_000)],
    ['control characters, which JSON writes in six bytes', '\u0001'.repeat(1_000_000)],
    ['quotes', '"'.repeat(1_000_000)],
    ['bytes', Buffer.alloc(1_048_576, 0xff)],
  ])(
    'with a long original of %s takes parts that Firehose takes, and that join to the whole',
    (_, original) => {
      const lines = linesOf(original);
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.map(({ part, parts }) => [part, parts])).toEqual(
        lines.map((_line, index) => [index + 1, lines.length]),
      );
      for (const line of lines) {
        expect(Buffer.byteLength(JSON.stringify(line)) + 1).toBeLessThanOrEqual(FIREHOSE_RECORD_BYTES);
      }
      expect(new Set(lines.map((line) => line.rejected_id)).size).toBe(1);
      expect(joined(lines).equals(Buffer.from(original))).toBe(true);
    },
  );

  test('always joins to the original', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.integer({ min: 150_000, max: 170_000 }),
        (text, padding) => {
          const original = 'x'.repeat(padding) + text;
          const lines = linesOf(original);
          expect(joined(lines).toString()).toBe(original);
          for (const line of lines) expect(line.original.isWellFormed()).toBe(true);
        },
      ),
      { numRuns: 10 },
    );
  });
});
