import { gzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { CountsError, readCounts, withFollowing } from '../../../lambda/audit/counts';
import { groupsFromLast, hoursBetween, hourText, parseHour } from '../../../lambda/audit/hours';
import { HOUR_MILLIS } from '../../../lib/contract/units';

const HOUR = Date.parse('2026-03-01T23:00:00.000Z');
const s3 = mockClient(S3Client);
const lake = { s3: new S3Client({ region: 'us-east-1' }), bucketName: 'lake' };

/** Puts objects with lines below the partitions that are listed. */
function store(objects: Record<string, readonly unknown[]>): void {
  s3.reset();
  s3.on(ListObjectsV2Command).callsFake(({ Prefix }) => ({
    Contents: Object.keys(objects)
      .filter((key) => key.startsWith(Prefix))
      .map((Key) => ({ Key, Size: 1, LastModified: new Date(HOUR + 5_000) })),
  }));
  s3.on(GetObjectCommand).callsFake(({ Key }) => {
    const text = objects[Key]?.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
    return { Body: { transformToByteArray: async () => gzipSync((text ?? []).join('')) } };
  });
}

const line = (counts_id: string, rows: object, rejected: object = {}) => ({
  counts_id,
  records: 1,
  rows,
  rejected,
  put_back: {},
});

describe('counts', () => {
  it('are added up over lines and objects, those that land late among them', async () => {
    store({
      'counts/year=2026/month=03/day=01/hour=23/a.gz': [
        line('1', { 2026030123: { shop: 2, blog: 1 } }, { not_json: { 2026030123: { '': 3 } } }),
        line('2', { 2026030123: { shop: 5 }, 2026030200: { shop: 7 } }),
      ],
      'counts/year=2026/month=03/day=02/hour=01/b.gz': [line('3', { 2026030123: { blog: 1 } })],
    });
    const counts = await readCounts(lake, [HOUR], HOUR + 24 * HOUR_MILLIS);
    expect(counts.accepted.get(HOUR, 'shop')).toBe(7);
    expect(counts.accepted.get(HOUR, 'blog')).toBe(2);
    expect(counts.rejected.get(HOUR, '')).toBe(3);
    expect(counts.invocations).toBe(3);
    expect(counts.lastStored.get(HOUR)).toBe(HOUR + 5_000);
  });

  it('count an invocation that Firehose repeated once', async () => {
    const repeated = line('1', { 2026030123: { shop: 2 } });
    store({
      'counts/year=2026/month=03/day=01/hour=23/a.gz': [repeated],
      'counts/year=2026/month=03/day=02/hour=00/b.gz': [repeated],
    });
    const counts = await readCounts(lake, [HOUR], HOUR + 24 * HOUR_MILLIS);
    expect(counts.accepted.get(HOUR, 'shop')).toBe(2);
    expect(counts).toMatchObject({ invocations: 1, repeated: 1 });
  });

  it('list no partition of the future', async () => {
    store({});
    await readCounts(lake, [HOUR], HOUR + 1);
    expect(s3.commandCalls(ListObjectsV2Command).map(({ args }) => args[0].input.Prefix)).toEqual([
      'counts/year=2026/month=03/day=01/hour=23/',
    ]);
  });

  it.each(['oops', '{"counts_id":5}', 'null'])('are refused when a line is %s', async (text) => {
    store({ 'counts/year=2026/month=03/day=01/hour=23/a.gz': [text] });
    await expect(readCounts(lake, [HOUR], HOUR)).rejects.toThrow(CountsError);
  });
});

describe('hours', () => {
  it('are written and read in one way', () => {
    expect(hourText(HOUR)).toBe('2026-03-01T23');
    expect(parseHour('2026-03-01T23')).toBe(HOUR);
    for (const wrong of ['2026-03-01', '2026-02-30T01', '2026-03-01T23:00', 'x']) {
      expect(() => parseHour(wrong)).toThrow(/is no hour; it must be like 2026-11-22T21/);
    }
  });

  it('are taken from the last on, and none is left out', () => {
    const hours = hoursBetween(HOUR, HOUR + 6 * HOUR_MILLIS + 1);
    expect(hours).toHaveLength(7);
    expect(groupsFromLast(hours, 3).map((group) => group.length)).toEqual([3, 3, 1]);
    expect(groupsFromLast(hours, 3).flat().sort()).toEqual(hours);
    expect(groupsFromLast([], 3)).toEqual([]);
  });

  it('bring those after them, each once', () => {
    expect(withFollowing([HOUR, HOUR + HOUR_MILLIS], 2)).toEqual(
      [0, 1, 2, 3].map((step) => HOUR + step * HOUR_MILLIS),
    );
  });
});
