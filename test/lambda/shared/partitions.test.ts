/** Registering the hour partitions of the lake, against the local catalog. */
import { GetPartitionsCommand, GlueClient } from '@aws-sdk/client-glue';
import { hourPartition, Partitions, PartitionsError } from '../../../lambda/shared/partitions';
import { localClientSettings } from '../../../local/endpoints';
import { DataCatalog } from '../../../local/glue/catalog';
import { startGlueServer } from '../../../local/glue/server';
import { AwsError } from '../../../local/http/awsError';
import type { LoopbackServer } from '../../../local/http/loopbackServer';
import { tempDirectory } from '../../support/tempDirectory';

const TABLE = {
  databaseName: 'clicks',
  name: 'events',
  columns: [{ name: 'event_id', type: 'string' }],
  partitionKeys: ['year', 'month', 'day', 'hour'],
  location: 's3://lake/events/',
};
const HOUR = 'events/year=2026/month=11/day=22/hour=07/';

describe('the partition of a key', () => {
  it('is read from its beginning', () => {
    expect(hourPartition(`${HOUR}a.parquet`)).toEqual({ values: ['2026', '11', '22', '07'], prefix: HOUR });
  });

  it.each([
    'events/a.parquet',
    'quarantine/events/year=2026/month=11/day=22/hour=07/a',
    'events/year=x/month=11/day=22/hour=07/a',
    'events/month=11/year=2026/day=22/hour=07/a',
  ])('is none for %s', (key) => {
    expect(hourPartition(key)).toBeUndefined();
  });
});

describe('registering', () => {
  const root = tempDirectory('partitions');
  let run = 0;
  let catalog: DataCatalog;
  let server: LoopbackServer;
  let glue: GlueClient;
  let requests: string[];
  let failing: AwsError | undefined;

  beforeEach(async () => {
    run++;
    requests = [];
    failing = undefined;
    catalog = new DataCatalog(`${root}/${run}`, [TABLE]);
    server = await startGlueServer({
      catalog,
      faults: {
        beforeOperation(operation) {
          requests.push(operation);
          return failing === undefined ? undefined : { error: failing };
        },
      },
    });
    glue = new GlueClient({ ...localClientSettings(server.url), maxAttempts: 1 });
  });

  afterEach(async () => {
    glue.destroy();
    await server.close();
    catalog.close();
  });

  const partitions = () => new Partitions(glue, 'clicks', 'lake');
  const locations = async () => {
    const { Partitions: found = [] } = await glue.send(
      new GetPartitionsCommand({ DatabaseName: 'clicks', TableName: 'events' }),
    );
    return found.map(({ StorageDescriptor }) => StorageDescriptor?.Location);
  };

  it('takes each partition once, with the place of its objects and the columns of the table', async () => {
    const count = await partitions().register([
      `${HOUR}a`,
      `${HOUR}b`,
      HOUR.replace('07', '08'),
      'manifests/x',
    ]);
    expect(count).toBe(2);
    expect(await locations()).toEqual([`s3://lake/${HOUR}`, `s3://lake/${HOUR.replace('07', '08')}`]);
  });

  it('asks nothing for partitions it has registered already', async () => {
    const registry = partitions();
    await registry.register([`${HOUR}a`]);
    requests = [];
    expect(await registry.register([`${HOUR}b`])).toBe(0);
    expect(requests).toEqual([]);
  });

  it('lets a partition be that the catalog knows from before', async () => {
    await partitions().register([`${HOUR}a`]);
    await partitions().register([`${HOUR}b`]);
    expect(await locations()).toHaveLength(1);
  });

  it('sends as many requests as their limit of 100 asks for', async () => {
    const keys = Array.from({ length: 250 }, (_, n) => `events/year=${2026 + n}/month=01/day=01/hour=00/a`);
    expect(await partitions().register(keys)).toBe(250);
    expect(requests.filter((name) => name === 'BatchCreatePartition')).toHaveLength(3);
    expect(await locations()).toHaveLength(250);
  });

  it('fails when the catalog does, and tries again the next time', async () => {
    const registry = partitions();
    failing = new AwsError('InternalServiceException', 'busy', 500);
    await expect(registry.register([`${HOUR}a`])).rejects.toMatchObject({ name: 'InternalServiceException' });
    failing = undefined;
    expect(await registry.register([`${HOUR}a`])).toBe(1);
  });

  it('fails when single partitions are refused, naming the first, and registers the others', async () => {
    const send = glue.send.bind(glue) as (command: unknown) => Promise<object>;
    const refusal = {
      PartitionValues: ['2026', '11', '22', '08'],
      ErrorDetail: { ErrorCode: 'InvalidInputException', ErrorMessage: 'no' },
    };
    const refusing = {
      send: async (command: object) => {
        const answer = await send(command);
        return command.constructor.name === 'BatchCreatePartitionCommand'
          ? { ...answer, Errors: [refusal] }
          : answer;
      },
    } as unknown as GlueClient;
    const registry = new Partitions(refusing, 'clicks', 'lake');
    const registering = registry.register([`${HOUR}a`, HOUR.replace('07', '08')]);
    await expect(registering).rejects.toThrow(PartitionsError);
    await expect(registering).rejects.toThrow(
      'refused 1 of 2 partitions. The first, 2026/11/22/08: InvalidInputException no',
    );
    expect(await registry.register([`${HOUR}a`])).toBe(0);
  });
});
