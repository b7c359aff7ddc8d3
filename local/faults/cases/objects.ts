/** Objects of the lake that are broken, incomplete or not there. */
import { LOADER_METRICS } from '../../../lib/contract/names';
import { COLUMN_NAMES } from '../../../lib/event/tables';
import { openRows } from '../../../scripts/quarantine/ledger';
import { retry } from '../../../scripts/quarantine/release';
import { type Drill, OBJECTS } from '../drill';
import type { FaultCase } from '../faultCase';
import {
  deleteLakeFile,
  eventKeys,
  type LakeFile,
  readLakeFile,
  rewritten,
  writeLakeFile,
} from '../lakeFiles';
import { submitsLoad } from './requests';

/** Runs after which an object that may not be at fault is taken for broken. */
const RUNS_UNTIL_BROKEN = 3;

interface Breakage {
  readonly name: string;
  readonly standsFor: string;
  readonly injects: string;
  breakBytes(file: LakeFile): Promise<Buffer> | Buffer;
}

/** A case of an object that can never be loaded: the others are loaded, it goes to quarantine, is mended and retried. */
function brokenObject({ breakBytes, ...named }: Breakage): FaultCase {
  return {
    ...named,
    seenBy: 'LoaderObjectsQuarantined; mended and retried, its events are there',
    surroundings: 'patient',
    async run(drill) {
      const file = await sendObjectsAndPick(drill);
      await writeLakeFile(drill.target, file.key, await breakBytes(file));
      drill.plan.injected++;
      for (let run = 0; run < RUNS_UNTIL_BROKEN; run++) await drill.load();
      drill.metricMustBe(LOADER_METRICS.objectsQuarantined, 1);
      drill.mustBe('objects loaded beside it', drill.metric(LOADER_METRICS.objectsLoaded), OBJECTS - 1);
      await mendAndRetry(drill, file);
      await drill.recover();
    },
  };
}

/** The object is repaired where it lies, then put back with the functions of `npm run quarantine -- retry`. */
async function mendAndRetry(drill: Drill, { key, bytes }: LakeFile): Promise<void> {
  const { target } = drill;
  drill.calm();
  const dataApi = target.dataApi();
  const row = (await openRows(dataApi)).find((one) => one.key === key);
  if (row === undefined) throw new Error(`${key} is not in quarantine`);
  await writeLakeFile(target, row.quarantineKey, bytes);
  const result = await retry({ s3: target.s3, bucketName: target.bucketName, dataApi }, row);
  if (result.outcome !== 'retried') throw new Error(`${key} cannot be retried: ${result.note}`);
}

async function sendObjectsAndPick(drill: Drill): Promise<LakeFile> {
  const before = new Set(await eventKeys(drill.target));
  await drill.sendObjects();
  const keys = (await eventKeys(drill.target)).filter((key) => !before.has(key));
  return readLakeFile(drill.target, drill.plan.pick(keys.sort()));
}

const columns = (names: readonly string[]) => `SELECT ${names.join(', ')} FROM file`;

const PARQUET_MAGIC_BYTES = 4;
const DAMAGED_BYTES = 64;

const damaged = brokenObject({
  name: 'object-damaged',
  standsFor: 'an object whose footer is as it should be and whose data are damaged: only COPY notices',
  injects: 'other bytes at the beginning of the data',
  breakBytes: ({ bytes }) =>
    Buffer.from(bytes).fill(0xff, PARQUET_MAGIC_BYTES, PARQUET_MAGIC_BYTES + DAMAGED_BYTES),
});

const corrupt = brokenObject({
  name: 'object-corrupt',
  standsFor: 'an object that was cut off',
  injects: 'the last tenth of a Parquet object is missing, its footer with it',
  breakBytes: ({ bytes }) => bytes.subarray(0, Math.floor(bytes.length * 0.9)),
});

const missingColumn = brokenObject({
  name: 'object-missing-column',
  standsFor: 'somebody writes objects without a column that events must have',
  injects: 'an object without event_id',
  breakBytes: ({ bytes }) => rewritten(bytes, columns(COLUMN_NAMES.filter((name) => name !== 'event_id'))),
});

const extraColumn = brokenObject({
  name: 'object-extra-column',
  standsFor: 'an object with a column the warehouse does not know, of a later release or of nobody’s',
  injects: 'an object with one column more; it is tried again in some runs before it is taken for broken',
  breakBytes: ({ bytes }) => rewritten(bytes, 'SELECT *, 1 AS column_of_nobody FROM file'),
});

const varcharTooLong = brokenObject({
  name: 'object-varchar-too-long',
  standsFor:
    'a value that is longer than its column: COPY refuses the whole load, and says nothing of which object',
  injects: 'an object with an event_name of 5,000 characters; the loader divides the batch until it is alone',
  breakBytes: ({ bytes }) => rewritten(bytes, "SELECT * REPLACE (repeat('x', 5000) AS event_name) FROM file"),
});

const missingTrailing: FaultCase = {
  name: 'object-missing-trailing-column',
  standsFor: 'an object from before a column was appended to the event',
  injects: 'an object without the last column',
  seenBy: 'LoaderObjectsLoaded: it is loaded, with NULL in that column (FILLRECORD)',
  surroundings: 'patient',
  async run(drill) {
    const { key, bytes } = await sendObjectsAndPick(drill);
    await writeLakeFile(drill.target, key, await rewritten(bytes, columns(COLUMN_NAMES.slice(0, -1))));
    drill.plan.injected++;
    await drill.recover();
    drill.metricMustBe(LOADER_METRICS.objectsLoaded, OBJECTS);
    drill.metricMustBe(LOADER_METRICS.objectsQuarantined, 0);
  },
};

const empty: FaultCase = {
  name: 'object-empty',
  standsFor: 'objects with nothing in them: 0 bytes, and a Parquet file of 0 rows',
  injects: 'one of each beside the others',
  seenBy: 'LoaderObjectsQuarantined for the one of 0 bytes; the one of 0 rows is loaded',
  surroundings: 'patient',
  async run(drill) {
    const { key, bytes } = await sendObjectsAndPick(drill);
    const beside = (name: string) => key.replace(/\.parquet$/, `-${name}.parquet`);
    await writeLakeFile(drill.target, beside('no-bytes'), Buffer.alloc(0));
    await writeLakeFile(
      drill.target,
      beside('no-rows'),
      await rewritten(bytes, 'SELECT * FROM file LIMIT 0'),
    );
    drill.plan.injected += 2;
    await drill.recover();
    drill.metricMustBe(LOADER_METRICS.objectsLoaded, OBJECTS + 1);
    drill.metricMustBe(LOADER_METRICS.objectsQuarantined, 1);
  },
};

const deletedBeforeCopy: FaultCase = {
  name: 'object-deleted-before-copy',
  standsFor: 'an object is deleted after the loader looked at it and before COPY reads it',
  injects: 'a deletion when the load is submitted; later the object is restored',
  seenBy: 'LoaderObjectsVanished; the others are loaded, and the object when it is there again',
  surroundings: 'patient',
  async run(drill) {
    const { key, bytes } = await sendObjectsAndPick(drill);
    drill.arm({
      redshiftData: async (operation, input) => {
        if (submitsLoad(operation, input) && drill.plan.first(1)) await deleteLakeFile(drill.target, key);
        return undefined;
      },
    });
    for (let run = 0; run < RUNS_UNTIL_BROKEN; run++) await drill.load();
    drill.metricMustBe(LOADER_METRICS.objectsVanished, 1);
    drill.mustBe('objects loaded beside it', drill.metric(LOADER_METRICS.objectsLoaded), OBJECTS - 1);
    drill.calm();
    await writeLakeFile(drill.target, key, bytes);
    await drill.recover();
  },
};

const largerThanNotified: FaultCase = {
  name: 'object-larger-than-notified',
  standsFor:
    'an object is larger than its notification says; COPY fails when a manifest has another size than it',
  injects: 'each notification tells half of the size',
  seenBy: 'LoaderObjectsLoaded, LoaderBatchesFailed 0: the loader asks S3 for the size',
  surroundings: 'patient',
  async run(drill) {
    drill.arm({
      notification: (message, send) => {
        const half = message.replace(/"size":(\d+)/, (_, size) => `"size":${Math.floor(Number(size) / 2)}`);
        if (half !== message) drill.plan.injected++;
        send(half);
      },
    });
    await drill.sendObjects();
    await drill.recover();
    drill.metricMustBe(LOADER_METRICS.objectsLoaded, OBJECTS);
    drill.metricMustBe(LOADER_METRICS.batchesFailed, 0);
  },
};

export const OBJECT_CASES: readonly FaultCase[] = [
  corrupt,
  damaged,
  missingColumn,
  missingTrailing,
  extraColumn,
  varcharTooLong,
  empty,
  deletedBeforeCopy,
  largerThanNotified,
];
