/** Faults on the way from the stream into the lake. */

import { readFile } from 'node:fs/promises';
import { EVENTS_PREFIX } from '../../../lib/contract/lakeLayout';
import { LOADER_METRICS, WAREHOUSE } from '../../../lib/contract/names';
import { HOUR_MILLIS } from '../../../lib/contract/units';
import { AwsError } from '../../http/awsError';
import type { FaultCase } from '../faultCase';

const LATE_HOURS = 2;

const deliversTwice: FaultCase = {
  name: 'firehose-delivers-twice',
  standsFor: 'Firehose delivers at least once: records come a second time',
  injects: 'a third of the records is read twice from the stream',
  seenBy: 'LoaderRowsDuplicate: more than the copies that producers sent',
  surroundings: 'patient',
  async run(drill) {
    drill.arm({
      records: (records) =>
        records.flatMap((record) => (drill.plan.strikes(1 / 3, 100) ? [record, record] : [record])),
    });
    await drill.send();
    await drill.deliver();
    await drill.recover();
    drill.metricMustReach(LOADER_METRICS.rowsDuplicate, drill.traffic.truth.duplicates + 1);
  },
};

const reorderedObjects: FaultCase = {
  name: 'firehose-reordered-objects',
  standsFor: 'objects land in another order than their events came',
  injects: 'objects are held back and written in another order, with a load after every second one',
  seenBy: 'LoaderObjectsLoaded: each object once',
  surroundings: 'patient',
  async run(drill) {
    const held: (() => Promise<void>)[] = [];
    drill.arm({
      async write(put, bucket, key, body) {
        const bytes = typeof body === 'string' ? await readFile(body) : body;
        if (!key.startsWith(EVENTS_PREFIX)) return put(bucket, key, bytes);
        held.push(() => put(bucket, key, bytes));
      },
    });
    await drill.sendObjects();
    drill.mustBe('notifications while objects are held back', drill.notificationsWaiting, 0);
    for (const [index, write] of drill.plan.shuffled(held).entries()) {
      await write();
      drill.plan.injected++;
      if (index % 2 === 1) await drill.load();
    }
    await drill.recover();
    drill.metricMustBe(LOADER_METRICS.objectsLoaded, held.length);
  },
};

const twoHoursLate: FaultCase = {
  name: 'firehose-object-two-hours-late',
  standsFor: 'an object lands two hours late, under the name and in the partition of two hours ago',
  injects: 'the second half of the records arrived two hours ago and is delivered now',
  seenBy: 'ops.load_files: an object of that hour, loaded now',
  surroundings: 'patient',
  async run(drill) {
    const [first = [], second = []] = drill.parts(2);
    await drill.send(first);
    await drill.deliver();
    await drill.load();
    let oldestMillis = Number.POSITIVE_INFINITY;
    drill.arm({
      records: (records) =>
        records.map((record) => {
          const arrivalMillis = record.arrivalMillis - LATE_HOURS * HOUR_MILLIS;
          oldestMillis = Math.min(oldestMillis, arrivalMillis);
          drill.plan.injected++;
          return { ...record, arrivalMillis };
        }),
    });
    await drill.send(second);
    await drill.deliver();
    await drill.recover();
    const hour = new Date(oldestMillis).toISOString().slice(11, 13);
    const [row] = await drill.query(
      `SELECT COUNT(DISTINCT object_key) AS objects FROM ${WAREHOUSE.loadFilesTable} WHERE object_key LIKE '%/hour=${hour}/%'`,
    );
    drill.mustReach('objects of the earlier hour', Number(row?.objects), 1);
  },
};

const refusedWrites: FaultCase = {
  name: 's3-refuses-writes',
  standsFor: 'S3 answers 503 SlowDown for a while; Firehose keeps the data and tries again',
  injects: 'PutObject of events is refused',
  seenBy:
    'objects delivered after the refusals (on AWS also the alarm on data freshness, which is not part of this)',
  surroundings: 'patient',
  async run(drill) {
    drill.arm({
      s3: (operation, input) => {
        const { key } = Object(input);
        if (operation !== 'PutObject' || !String(key).startsWith(EVENTS_PREFIX)) return undefined;
        if (!drill.plan.first(REFUSALS)) return undefined;
        return { error: new AwsError('SlowDown', 'Please reduce your request rate.', 503) };
      },
    });
    await drill.send();
    await drill.deliver();
    await drill.recover();
    drill.mustBe('writes refused', drill.plan.injected, REFUSALS);
    drill.mustReach('objects delivered', drill.objects, 1);
  },
};

/** The SDK itself repeats a request; this is more than it does. */
const REFUSALS = 7;

export const FIREHOSE_CASES: readonly FaultCase[] = [
  deliversTwice,
  reorderedObjects,
  twoHoursLate,
  refusedWrites,
];
