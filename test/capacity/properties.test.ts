import fc from 'fast-check';
import type { CapacityPlan } from '../../lib/capacity';
import type { EnvironmentConfig } from '../../lib/config';
import { anyEnvironment, planOrRefusal, withChanges } from '../support/environments';

const NONE = { compression: 'none', compressionRatio: 1 } as const;
/** Sums of floating-point lines may differ in their last digits. */
const ROUNDING = 1 + 1e-9;

function nodesOf(plan: CapacityPlan): number {
  return plan.warehouse.nodes;
}

function usdOf(plan: CapacityPlan, ...names: string[]): number {
  return plan.cost.items
    .filter((item) => names.includes(item.name))
    .reduce((sum, item) => sum + item.usdPerMonth, 0);
}

/** Calls `check` with the plans of two configurations when neither is refused. */
function comparePlans(
  before: EnvironmentConfig,
  after: EnvironmentConfig,
  check: (before: CapacityPlan, after: CapacityPlan) => void,
) {
  const plans = [planOrRefusal(before), planOrRefusal(after)] as const;
  fc.pre(plans[0] !== undefined && plans[1] !== undefined);
  if (plans[0] && plans[1]) check(plans[0], plans[1]);
}

describe('for every configuration', () => {
  it('no limit of a shard is passed at the peak within the target utilization', () => {
    fc.assert(
      fc.property(anyEnvironment, (config) => {
        const plan = planOrRefusal(config);
        if (plan?.stream.shards === undefined) return;
        const { terabytesPerDay, peakFactor, meanEventBytes } = config.traffic;
        const { packBytes, compressionRatio } = config.packing;
        const usable = plan.stream.shards * config.stream.targetUtilization * ROUNDING;
        const bytesPerSecond = ((terabytesPerDay * 1e12) / 86_400 / compressionRatio) * peakFactor;
        const eventsPerRecord = packBytes < meanEventBytes ? 1 : Math.floor(packBytes / meanEventBytes);
        const recordsPerSecond =
          (((terabytesPerDay * 1e12) / 86_400 / meanEventBytes) * peakFactor) / eventsPerRecord;
        expect(usable * 1e6).toBeGreaterThanOrEqual(bytesPerSecond);
        expect(usable * 1_000).toBeGreaterThanOrEqual(recordsPerSecond);
        expect(usable * 2e6).toBeGreaterThanOrEqual(bytesPerSecond);
      }),
    );
  });

  it('no more shards are planned than the binding limit needs', () => {
    fc.assert(
      fc.property(anyEnvironment, (config) => {
        const plan = planOrRefusal(config);
        if (plan?.stream.shards === undefined || plan.stream.shards === 1) return;
        const fewer = (plan.stream.shards - 1) * config.stream.targetUtilization;
        const passed = plan.stream.needs.filter(
          (need) => need.demandPerSecond > fewer * need.perShardPerSecond,
        );
        expect(passed.map((need) => need.limit)).toContain(plan.stream.binding);
      }),
    );
  });

  it('quantities, prices and sizes are finite and never negative', () => {
    fc.assert(
      fc.property(anyEnvironment, (config) => {
        const plan = planOrRefusal(config);
        for (const item of plan?.cost.items ?? []) {
          expect(item.quantity).toBeGreaterThanOrEqual(0);
          expect(item.usdPerMonth).toBeGreaterThanOrEqual(0);
          expect(item.usdPerMonthAtBest ?? 0).toBeLessThanOrEqual(item.usdPerMonth);
        }
        expect(plan === undefined || Number.isFinite(plan.cost.usdPerMonth)).toBe(true);
      }),
    );
  });

  it('the transform’s buffer is one Firehose takes, and its mean answer fits Lambda’s', () => {
    fc.assert(
      fc.property(anyEnvironment, (config) => {
        const plan = planOrRefusal(config);
        if (plan === undefined) return;
        expect(plan.transform.bufferMebibytes).toBeGreaterThanOrEqual(0.2);
        expect(plan.transform.bufferMebibytes).toBeLessThanOrEqual(3);
        expect(plan.transform.meanAnswerBytes).toBeLessThanOrEqual(6 * 1024 * 1024);
      }),
    );
  });

  it('more traffic never needs less, never costs less, and is never accepted when less was refused', () => {
    fc.assert(
      fc.property(anyEnvironment, fc.double({ min: 1, max: 20, noNaN: true }), (config, factor) => {
        const grown = withChanges(config, {
          traffic: { terabytesPerDay: config.traffic.terabytesPerDay * factor },
        });
        const [before, after] = [planOrRefusal(config), planOrRefusal(grown)];
        if (before === undefined) expect(after).toBeUndefined();
        if (before === undefined || after === undefined) return;
        expect(after.stream.shards ?? 0).toBeGreaterThanOrEqual(before.stream.shards ?? 0);
        expect(after.transform.concurrencyAtPeak).toBeGreaterThanOrEqual(before.transform.concurrencyAtPeak);
        expect(after.delivery.objectsPerDay).toBeGreaterThanOrEqual(before.delivery.objectsPerDay);
        expect(nodesOf(after)).toBeGreaterThanOrEqual(nodesOf(before));
        expect(after.cost.usdPerMonth * ROUNDING).toBeGreaterThanOrEqual(before.cost.usdPerMonth);
      }),
    );
  });

  it('a higher peak never needs fewer shards or nodes', () => {
    fc.assert(
      fc.property(anyEnvironment, fc.double({ min: 1, max: 5, noNaN: true }), (config, factor) => {
        const peakFactor = config.traffic.peakFactor * factor;
        comparePlans(config, withChanges(config, { traffic: { peakFactor } }), (before, after) => {
          expect(after.stream.shards ?? 0).toBeGreaterThanOrEqual(before.stream.shards ?? 0);
          expect(nodesOf(after)).toBeGreaterThanOrEqual(nodesOf(before));
        });
      }),
    );
  });

  it('packing never costs more than one event a record', () => {
    fc.assert(
      fc.property(anyEnvironment, fc.integer({ min: 1, max: 1_048_576 }), (config, packBytes) => {
        comparePlans(
          withChanges(config, { packing: { packBytes: 0, ...NONE } }),
          withChanges(config, { packing: { packBytes, ...NONE } }),
          (unpacked, packed) => {
            expect(packed.stream.shards ?? 0).toBeLessThanOrEqual(unpacked.stream.shards ?? 0);
            expect(packed.cost.usdPerMonth).toBeLessThanOrEqual(unpacked.cost.usdPerMonth * ROUNDING);
          },
        );
      }),
    );
  });

  it('gzip never costs more in the stream and in Firehose, nor in sum beyond the rounding of the buffer', () => {
    fc.assert(
      fc.property(anyEnvironment, fc.double({ min: 1, max: 15, noNaN: true }), (config, compressionRatio) => {
        comparePlans(
          withChanges(config, { packing: NONE }),
          withChanges(config, { packing: { compression: 'gzip', compressionRatio } }),
          (plain, gzipped) => {
            const metered = [
              'Kinesis shards',
              'Kinesis PUT units',
              'Kinesis on-demand in',
              'Kinesis on-demand out',
              'Firehose ingestion',
              'Firehose Parquet conversion',
            ];
            expect(usdOf(gzipped, ...metered)).toBeLessThanOrEqual(usdOf(plain, ...metered) * ROUNDING);
            expect(gzipped.cost.usdPerMonth).toBeLessThanOrEqual(plain.cost.usdPerMonth * 1.01);
          },
        );
      }),
    );
  });

  it('longer retention never costs less', () => {
    fc.assert(
      fc.property(anyEnvironment, fc.integer({ min: 24, max: 8_760 }), (config, hours) => {
        const retentionHours = Math.max(hours, config.stream.retentionHours);
        comparePlans(config, withChanges(config, { stream: { retentionHours } }), (before, after) => {
          expect(after.cost.usdPerMonth * ROUNDING).toBeGreaterThanOrEqual(before.cost.usdPerMonth);
        });
      }),
    );
  });
});
