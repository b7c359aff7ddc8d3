/** Faults in what S3 tells the loader, and in the queue. */
import { setTimeout as sleep } from 'node:timers/promises';
import { AUDIT_METRICS, LOADER_METRICS } from '../../../lib/contract/names';
import { OBJECTS } from '../drill';
import type { FaultCase } from '../faultCase';
import { SHORT_VISIBILITY_SECONDS } from '../surroundings';
import { writesManifest } from './requests';

const duplicates: FaultCase = {
  name: 'sqs-duplicates',
  standsFor: 'S3 or SQS tells of an object more than once',
  injects: 'each notification is sent three times',
  seenBy: 'LoaderObjectsLoaded: each object once, since the copies come in one run',
  surroundings: 'patient',
  async run(drill) {
    drill.arm({
      notification: (message, send) => {
        for (let copy = 0; copy < 3; copy++) send(message);
        drill.plan.injected += 2;
      },
    });
    await drill.sendObjects();
    drill.mustBe('notifications in the queue', drill.notificationsWaiting, 3 * OBJECTS);
    await drill.recover();
    drill.metricMustBe(LOADER_METRICS.objectsLoaded, OBJECTS);
  },
};

const AUDITS_MILLIS = 30_000;
const AUDIT_PAUSE_MILLIS = 500;

const lost: FaultCase = {
  name: 'sqs-lost',
  standsFor: 'the notification of an object is lost',
  injects: 'about half of the notifications is never sent',
  seenBy: 'AuditObjectsRequeued: the audit finds the objects by listing and puts them on the queue',
  surroundings: 'patient',
  async run(drill) {
    const requeued = () => drill.metric(AUDIT_METRICS.objectsRequeued);
    drill.arm({
      notification: (message, send) => {
        const isFirst = drill.plan.injected === 0;
        if (!drill.plan.strikes(isFirst ? 1 : 1 / 2, OBJECTS)) send(message);
      },
    });
    await drill.sendObjects();
    await drill.recover();
    const deadline = Date.now() + AUDITS_MILLIS;
    while (requeued() < drill.plan.injected && Date.now() < deadline) {
      await sleep(AUDIT_PAUSE_MILLIS);
      await drill.audit();
    }
    await drill.recover();
    drill.metricMustBe(AUDIT_METRICS.objectsRequeued, drill.plan.injected);
  },
};

const reordered: FaultCase = {
  name: 'sqs-reordered',
  standsFor: 'a standard queue hands messages out in any order',
  injects: 'notifications are held back and sent in another order, with a load after every second one',
  seenBy: 'LoaderObjectsLoaded: each object once',
  surroundings: 'patient',
  async run(drill) {
    const held: (() => void)[] = [];
    drill.arm({ notification: (message, send) => held.push(() => send(message)) });
    await drill.sendObjects();
    drill.mustBe('notifications while they are held back', drill.notificationsWaiting, 0);
    for (const [index, send] of drill.plan.shuffled(held).entries()) {
      send();
      drill.plan.injected++;
      if (index % 2 === 1) await drill.load();
    }
    await drill.recover();
    drill.metricMustBe(LOADER_METRICS.objectsLoaded, OBJECTS);
  },
};

const visibilityExpires: FaultCase = {
  name: 'sqs-visibility-expires',
  standsFor:
    'a load takes longer than messages stay hidden, and another loader gets them in the middle of it',
  injects: 'writing the manifest takes longer than messages stay hidden; a second loader loads meanwhile',
  seenBy: 'LoaderRowsDuplicate: both load all objects, and the later one adds nothing',
  surroundings: 'forgetful',
  async run(drill) {
    const visibilityMillis = SHORT_VISIBILITY_SECONDS * 1_000;
    drill.arm({
      s3: (operation, input) =>
        writesManifest(operation, input) && drill.plan.first(1)
          ? { delayMillis: 3 * visibilityMillis }
          : undefined,
    });
    await drill.sendObjects();
    const first = drill.load();
    await drill.whenInjected();
    await sleep(visibilityMillis);
    await Promise.all([first, drill.load()]);
    await drill.recover();
    drill.metricMustReach(LOADER_METRICS.objectsLoaded, 2 * OBJECTS);
    drill.metricMustReach(LOADER_METRICS.rowsDuplicate, drill.traffic.truth.valid);
  },
};

export const SQS_CASES: readonly FaultCase[] = [duplicates, lost, reordered, visibilityExpires];
