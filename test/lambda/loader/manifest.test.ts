import { manifestKey, manifestText } from '../../../lambda/loader/manifest';

const object = (key: string, bytes: number) => ({
  key,
  eTag: '"1"',
  bytes,
  rows: 1,
  columnCount: 60,
  createdAtMillis: 0,
  hours: undefined,
});

it('a manifest lists every object as mandatory, with its exact size', () => {
  const text = manifestText('lake', [object('events/a.parquet', 1_234), object('events/ü "x".parquet', 5)]);
  expect(JSON.parse(text)).toEqual({
    entries: [
      { url: 's3://lake/events/a.parquet', mandatory: true, meta: { content_length: 1_234 } },
      { url: 's3://lake/events/ü "x".parquet', mandatory: true, meta: { content_length: 5 } },
    ],
  });
});

it('a manifest lies under its prefix, by day of submission in UTC', () => {
  expect(manifestKey('b-1', Date.parse('2026-03-01T23:59:59.999Z'))).toBe(
    'manifests/2026/03/01/b-1.manifest',
  );
});
