/** Loaders that end too early, and loaders that meet. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LOADER_METRICS } from '../../../lib/contract/names';
import type { Drill } from '../drill';
import { OBJECTS } from '../drill';
import type { FaultCase } from '../faultCase';
import { submitsLoad, writesManifest } from './requests';

const killedBeforeSubmit: FaultCase = {
  name: 'loader-killed-before-submit',
  standsFor: 'the loader ends after it took messages and before it submits their load',
  injects: 'the function is killed when it submits, and the request is not carried out',
  seenBy: 'the function’s Errors; the messages come back',
  surroundings: 'forgetful',
  async run(drill) {
    drill.arm({
      redshiftData: async (operation, input) => {
        if (!submitsLoad(operation, input) || !drill.plan.first(1)) return undefined;
        await drill.kill(drill.loaderArn);
        return { disconnect: 'before' };
      },
    });
    await loadAfterKill(drill);
    drill.metricMustBe(LOADER_METRICS.rowsNew, drill.traffic.truth.valid);
  },
};

const killedAfterSubmit: FaultCase = {
  name: 'loader-killed-after-submit',
  standsFor: 'the loader ends while its load runs; the load commits unseen',
  injects: 'the function is killed when it submits, and the request is carried out',
  seenBy: 'the function’s Errors, LoaderRowsDuplicate: the next run loads the objects again and adds nothing',
  surroundings: 'forgetful',
  async run(drill) {
    drill.arm({
      redshiftData: async (operation, input) => {
        if (submitsLoad(operation, input) && drill.plan.first(1)) await drill.kill(drill.loaderArn);
        return undefined;
      },
    });
    await loadAfterKill(drill);
    drill.metricMustReach(LOADER_METRICS.rowsDuplicate, drill.traffic.truth.valid);
  },
};

const killedAfterCommit: FaultCase = {
  name: 'loader-killed-after-commit',
  standsFor: 'the loader ends after the commit and before it deletes the messages',
  injects: 'the function is killed when it deletes messages, and the request is not carried out',
  seenBy: 'the function’s Errors, LoaderRowsDuplicate: the next run loads the objects again and adds nothing',
  surroundings: 'forgetful',
  async run(drill) {
    drill.arm({
      sqs: async (operation) => {
        if (operation !== 'DeleteMessageBatch' || !drill.plan.first(1)) return undefined;
        await drill.kill(drill.loaderArn);
        return { disconnect: 'before' };
      },
    });
    await loadAfterKill(drill);
    drill.metricMustReach(LOADER_METRICS.rowsDuplicate, drill.traffic.truth.valid);
  },
};

async function loadAfterKill(drill: Drill): Promise<void> {
  await drill.sendObjects();
  await drill.load();
  await drill.recover();
  drill.mustBe('Errors of the loader', drill.functionErrors(drill.loaderArn), 1);
}

const MEETING_MILLIS = 15_000;

const twoLoaders: FaultCase = {
  name: 'two-loaders',
  standsFor: 'two loaders run at once and are told of the same objects',
  injects: 'each notification twice, to a loader each; the first one submits when the second one does',
  seenBy:
    'LoaderBatchesLoaded: the lock serialises the loads; LoaderRowsDuplicate: the later one adds nothing',
  surroundings: 'forgetful',
  async run(drill) {
    const copies: (() => void)[] = [];
    let secondIsReady: () => void = () => {};
    const meeting = new Promise<void>((resolve) => {
      secondIsReady = resolve;
    });
    drill.arm({
      notification: (message, send) => {
        send(message);
        copies.push(() => send(message));
      },
      s3: async (operation, input) => {
        if (!writesManifest(operation, input)) return undefined;
        drill.plan.injected++;
        if (drill.plan.injected > 1) secondIsReady();
        else await Promise.race([meeting, sleep(MEETING_MILLIS)]);
        return undefined;
      },
    });
    await drill.sendObjects();
    const first = drill.load();
    await drill.whenInjected();
    for (const send of copies.splice(0)) send();
    await Promise.all([first, drill.load()]);
    await drill.recover();
    drill.metricMustReach(LOADER_METRICS.batchesLoaded, 2);
    drill.metricMustReach(LOADER_METRICS.objectsLoaded, 2 * OBJECTS);
    drill.metricMustBe(LOADER_METRICS.rowsNew, drill.traffic.truth.valid);
  },
};

export const LOADER_CASES: readonly FaultCase[] = [
  killedBeforeSubmit,
  killedAfterSubmit,
  killedAfterCommit,
  twoLoaders,
];
