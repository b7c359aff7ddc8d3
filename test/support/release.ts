/** The code as it would be with another event definition: what a release is that appends a column to it. */
import type { EventColumn } from '../../lib/event/columns';

/** Packages that the releases of a test share, so that stand-ins for clients know the commands of both. */
const SHARED_PACKAGES = ['@aws-sdk/client-redshift-data', '@aws-sdk/client-s3', '@aws-sdk/client-sqs'];

/** The parts of a release that an event passes through. */
export interface Release {
  readonly columns: readonly EventColumn[];
  readonly applyPending: typeof import('../../lambda/migrate/migrate').applyPending;
  readonly bootstrap: typeof import('../../lambda/migrate/migrate').bootstrap;
  readonly DataApi: typeof import('../../lambda/shared/dataApi').DataApi;
  readonly Drain: typeof import('../../lambda/loader/drain').Drain;
  readonly NotificationQueue: typeof import('../../lambda/loader/queue').NotificationQueue;
  readonly eventFate: typeof import('../../lambda/transform/row').eventFate;
  readonly glueColumns: typeof import('../../lib/event/tables').glueColumns;
}

/** Loads the code with `added` behind the columns of lib/event/columns.ts. No other module is changed. */
export function releaseWith(...added: readonly EventColumn[]): Release {
  const shared = new Map(SHARED_PACKAGES.map((name) => [name, jest.requireActual(name)]));
  let release: Release | undefined;
  jest.isolateModules(() => {
    for (const [name, module] of shared) jest.doMock(name, () => module);
    const actual = jest.requireActual('../../lib/event/columns');
    jest.doMock('../../lib/event/columns', () => ({
      ...actual,
      EVENT_COLUMNS: [...actual.EVENT_COLUMNS, ...added],
    }));
    release = {
      columns: require('../../lib/event/columns').EVENT_COLUMNS,
      ...require('../../lambda/migrate/migrate'),
      ...require('../../lambda/shared/dataApi'),
      ...require('../../lambda/loader/drain'),
      ...require('../../lambda/loader/queue'),
      ...require('../../lambda/transform/row'),
      ...require('../../lib/event/tables'),
    };
  });
  jest.dontMock('../../lib/event/columns');
  for (const name of SHARED_PACKAGES) jest.dontMock(name);
  if (release === undefined) throw new Error('The release was not loaded');
  return release;
}
