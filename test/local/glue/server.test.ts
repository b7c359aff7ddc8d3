/** The data catalog through the unchanged SDK: registering partitions, and Glue's own rules about them. */
import {
  BatchCreatePartitionCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GlueClient,
} from '@aws-sdk/client-glue';
import { localClientSettings } from '../../../local/endpoints';
import { DataCatalog } from '../../../local/glue/catalog';
import { startGlueServer } from '../../../local/glue/server';
import type { LoopbackServer } from '../../../local/http/loopbackServer';
import { tempDirectory } from '../../support/tempDirectory';

const TABLE = {
  databaseName: 'clicks',
  name: 'events',
  columns: [{ name: 'event_id', type: 'string' }],
  partitionKeys: ['year', 'hour'],
  location: 's3://lake/events/',
};
const NAMES = { DatabaseName: 'clicks', TableName: 'events' };

const root = tempDirectory('glue');
let run = 0;
let directory: string;
let catalog: DataCatalog;
let server: LoopbackServer;
let glue: GlueClient;
let changes: number;

beforeEach(async () => {
  run++;
  directory = `${root}/${run}`;
  changes = 0;
  catalog = new DataCatalog(directory, [TABLE], async () => {
    changes++;
  });
  server = await startGlueServer({ catalog });
  glue = new GlueClient(localClientSettings(server.url));
});

afterEach(async () => {
  glue.destroy();
  await server.close();
  catalog.close();
});

const register = (...values: string[][]) =>
  glue.send(
    new BatchCreatePartitionCommand({
      ...NAMES,
      PartitionInputList: values.map((Values) => ({
        Values,
        StorageDescriptor: { Location: `s3://lake/events/${Values.join('/')}/` },
      })),
    }),
  );
const registered = async () => {
  const { Partitions = [] } = await glue.send(new GetPartitionsCommand(NAMES));
  return Partitions.map(({ Values, StorageDescriptor }) => [Values, StorageDescriptor?.Location]);
};

it('tells columns, partition keys and place of a table', async () => {
  const { Table } = await glue.send(new GetTableCommand({ DatabaseName: 'clicks', Name: 'events' }));
  expect(Table?.PartitionKeys?.map(({ Name }) => Name)).toEqual(['year', 'hour']);
  expect(Table?.StorageDescriptor).toEqual({
    Columns: [{ Name: 'event_id', Type: 'string' }],
    Location: 's3://lake/events/',
  });
});

it('registers partitions, and names those that were registered before', async () => {
  expect((await register(['2026', '07'], ['2026', '08'])).Errors).toEqual([]);
  const { Errors } = await register(['2026', '08'], ['2026', '09']);
  expect(Errors?.map((error) => [error.PartitionValues, error.ErrorDetail?.ErrorCode])).toEqual([
    [['2026', '08'], 'AlreadyExistsException'],
  ]);
  expect(await registered()).toEqual([
    [['2026', '07'], 's3://lake/events/2026/07/'],
    [['2026', '08'], 's3://lake/events/2026/08/'],
    [['2026', '09'], 's3://lake/events/2026/09/'],
  ]);
});

it('tells of a change only when there is one', async () => {
  await register(['2026', '07']);
  await register(['2026', '07']);
  expect(changes).toBe(1);
});

it('remembers partitions when it is started again', async () => {
  await register(['2026', '07']);
  const again = new DataCatalog(directory, [TABLE]);
  expect([...again.table('clicks', 'events').partitions.values()].map(({ values }) => values)).toEqual([
    ['2026', '07'],
  ]);
  again.close();
});

it('gives partitions page by page', async () => {
  await register(...Array.from({ length: 5 }, (_, hour) => ['2026', `0${hour}`]));
  const hours: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const page = await glue.send(new GetPartitionsCommand({ ...NAMES, MaxResults: 2, NextToken }));
    expect(page.Partitions?.length).toBeLessThanOrEqual(2);
    hours.push(...(page.Partitions ?? []).map(({ Values }) => Values?.[1]));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  expect(hours).toEqual(['00', '01', '02', '03', '04']);
});

it.each([
  [
    'a table that is not there',
    () => glue.send(new GetTableCommand({ DatabaseName: 'clicks', Name: 'other' })),
    'EntityNotFoundException',
  ],
  ['too few values for the partition keys', () => register(['2026']), 'InvalidInputException'],
  [
    'more partitions than a request may have',
    () => register(...Array.from({ length: 101 }, (_, n) => ['2026', `${n}`])),
    'ValidationException',
  ],
])('refuses %s', async (_what, send, name) => {
  await expect(send()).rejects.toMatchObject({ name });
  expect(await registered()).toEqual([]);
});
