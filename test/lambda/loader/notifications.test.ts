import fc from 'fast-check';
import { readNotification } from '../../../lambda/loader/notifications';
import { s3Notification, s3Record } from '../../support/s3Notification';

const KEY = 'events/year=2026/month=03/day=01/hour=12/stream-1-2026-03-01-12-00-00-abc.parquet';
const read = (body: string) => readNotification(body, 'lake');

describe('a notification', () => {
  it('names a new object under the events prefix', () => {
    expect(read(s3Notification('lake', KEY))).toEqual({ fate: 'objects', keys: [KEY] });
  });

  it('has its key decoded, blanks written as plus signs and all', () => {
    const key = 'events/a b+c=é&"\'\\%41.parquet';
    expect(read(s3Notification('lake', key))).toEqual({ fate: 'objects', keys: [key] });
    const written = s3Notification('lake', 'events/x.parquet').replace('events/x', 'events/a+b%2Bc');
    expect(read(written)).toEqual({ fate: 'objects', keys: ['events/a b+c.parquet'] });
  });

  it('may name several objects, each told once', () => {
    const records = [s3Record('lake', KEY), s3Record('lake', 'events/2.parquet'), s3Record('lake', KEY)];
    expect(read(JSON.stringify({ Records: records }))).toEqual({
      fate: 'objects',
      keys: [KEY, 'events/2.parquet'],
    });
  });

  it('is about the new objects only when it mentions others too', () => {
    const records = [s3Record('lake', 'errors/1.gz'), s3Record('lake', KEY)];
    expect(read(JSON.stringify({ Records: records }))).toEqual({ fate: 'objects', keys: [KEY] });
  });

  it.each([
    ['a test event', '{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"lake"}', 's3:TestEvent'],
    ['another prefix', s3Notification('lake', 'rejected/a.parquet'), 'another prefix'],
    ['another bucket', s3Notification('elsewhere', KEY), 'another bucket'],
    ['a deletion', s3Notification('lake', KEY, 'ObjectRemoved:Delete'), 'event ObjectRemoved:Delete'],
    ['a folder made in the console', s3Notification('lake', 'events/year=2026/'), 'not named *.parquet'],
  ])('is ignored when it is about %s', (_, body, reason) => {
    expect(read(body)).toEqual({ fate: 'ignored', reason });
  });

  it.each([
    ['no JSON', 'hello'],
    ['empty', ''],
    ['an array', '[]'],
    ['JSON without records', '{"a":1}'],
    ['a list of no records', '{"Records":[]}'],
    ['a record that is none', '{"Records":[1]}'],
    [
      'a record without an object',
      '{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"lake"}}}]}',
    ],
    [
      'a key that is not URL-encoded',
      s3Notification('lake', 'events/x.parquet').replace('events/x', 'events/%zz'),
    ],
  ])('is malformed when it is %s', (_, body) => {
    expect(read(body).fate).toBe('malformed');
  });

  it('never throws and always has a fate', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `{"Records":[${json}]}`),
        ),
        (body) => {
          expect(['objects', 'ignored', 'malformed']).toContain(read(body).fate);
        },
      ),
    );
  });

  it('gives back whatever key S3 encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const key = `events/${name}.parquet`;
        expect(read(s3Notification('lake', key))).toEqual({ fate: 'objects', keys: [key] });
      }),
    );
  });
});
