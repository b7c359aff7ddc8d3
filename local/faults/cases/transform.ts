/** Faults in and around the transform. */
import { gzipSync } from 'node:zlib';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { loadEnvironment } from '../../../lib/config';
import { rejectedMetric, TRANSFORM_METRICS } from '../../../lib/contract/names';
import type { Drill } from '../drill';
import type { FaultCase } from '../faultCase';
import { HASTY_TRANSFORM_MILLIS } from '../surroundings';

const crash: FaultCase = {
  name: 'transform-crash',
  standsFor: 'the function’s process ends in the middle of an invocation',
  injects: 'its environment is killed while it delivers what it rejected or counted',
  seenBy: 'the function’s Errors; Firehose invokes it again',
  surroundings: 'patient',
  async run(drill) {
    drill.arm({
      firehose: async () => {
        if (!drill.plan.first(2)) return undefined;
        await drill.kill(drill.transformArn);
        return { disconnect: 'before' };
      },
    });
    await drill.send();
    await drill.deliver();
    await drill.recover();
    drill.mustBe('Errors of the transform', drill.functionErrors(drill.transformArn), 2);
  },
};

const timeout: FaultCase = {
  name: 'transform-timeout',
  standsFor: 'the function does not answer in time',
  injects: 'a request it makes is answered only after its time is up',
  seenBy: 'the function’s Errors; Firehose invokes it again',
  surroundings: 'hasty',
  async run(drill) {
    drill.arm({
      firehose: () => (drill.plan.first(1) ? { delayMillis: HASTY_TRANSFORM_MILLIS + 1_000 } : undefined),
    });
    await drill.send();
    await drill.deliver();
    await drill.recover();
    drill.mustReach('Errors of the transform', drill.functionErrors(drill.transformArn), 1);
  },
};

const oversizeAnswer: FaultCase = {
  name: 'transform-oversize-answer',
  standsFor: 'a batch whose rows do not fit the 6 MB of an answer',
  injects: 'more events in one batch than an answer holds',
  seenBy: 'TransformEventsPutBack: they go back on the stream and come again',
  surroundings: 'patient',
  leastEvents: 12_000,
  async run(drill) {
    await drill.send();
    await drill.recover();
    drill.plan.injected++;
    drill.metricMustReach(TRANSFORM_METRICS.eventsPutBack, 1);
  },
};

const BOMBS = 5;

const expandsPastLimit: FaultCase = {
  name: 'transform-record-expands-past-limit',
  standsFor: 'a gzipped record that expands to more than is allowed, by mistake or on purpose',
  injects: 'records that expand to up to 20 times the limit',
  seenBy: 'TransformRejected_expands_past_limit',
  surroundings: 'patient',
  async run(drill) {
    const { maxExpandedBytes } = loadEnvironment('dev').packing;
    for (let bomb = 0; bomb < BOMBS; bomb++) {
      const bytes = maxExpandedBytes * drill.plan.between(1, 20) + 1;
      await putRecord(drill, gzipSync(Buffer.alloc(bytes, ' ')));
    }
    await drill.send();
    await drill.recover();
    drill.metricMustBe(rejectedMetric('expands_past_limit'), BOMBS);
  },
};

const EVENTS_PER_PACK = 1_000;
const POISONS = [
  '{"event_name":"page_view","site_id":',
  '['.repeat(100_000),
  `{"event_name":"page_view","site_id":"shop","properties":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`,
  'null',
  '{"event_name":{"toString":1},"site_id":["shop"]}',
];

const poisonousEvent: FaultCase = {
  name: 'transform-poisonous-event',
  standsFor: 'one event in a pack of 1,000 is broken: cut off, nested without end, not an object',
  injects: 'a broken line into each pack',
  seenBy: 'TransformEventsRejected: the broken ones and no other',
  surroundings: 'patient',
  async run(drill) {
    const { lines, truth } = drill.traffic;
    for (const pack of packs(lines)) {
      pack.splice(drill.plan.between(0, pack.length), 0, drill.plan.pick(POISONS));
      await putRecord(drill, gzipSync(pack.map((line) => `${line}\n`).join('')));
    }
    await drill.recover();
    drill.metricMustBe(TRANSFORM_METRICS.eventsRejected, truth.rejected + drill.plan.injected);
  },
};

/** Packs that have room for one more line, however poisonous: a pack that is too large is refused as a whole. */
function packs(lines: readonly string[]): string[][] {
  const room = loadEnvironment('dev').packing.maxExpandedBytes - Math.max(...POISONS.map(lineBytes));
  const packed: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const last = packed.at(-1);
    bytes += lineBytes(line);
    if (last !== undefined && last.length < EVENTS_PER_PACK - 1 && bytes <= room) {
      last.push(line);
    } else {
      packed.push([line]);
      bytes = lineBytes(line);
    }
  }
  return packed;
}

function lineBytes(line: string): number {
  return Buffer.byteLength(line) + 1;
}

async function putRecord({ target, plan }: Drill, Data: Buffer): Promise<void> {
  const PartitionKey = String(plan.between(0, 1_000_000));
  await target.kinesis.send(new PutRecordCommand({ StreamName: target.streamName, PartitionKey, Data }));
  plan.injected++;
}

export const TRANSFORM_CASES: readonly FaultCase[] = [
  crash,
  timeout,
  oversizeAnswer,
  expandsPastLimit,
  poisonousEvent,
];
