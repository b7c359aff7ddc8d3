import { type CapacityPlan, planCapacity } from '../../lib/capacity';
import { referenceWith } from '../support/environments';

const GIB = 2 ** 30;
const PARQUET_BYTES_PER_DAY = 30e12 / 5.8;

function quantities(plan: CapacityPlan): Record<string, number> {
  return Object.fromEntries(plan.cost.items.map((item) => [item.name, item.quantity]));
}

function usd(plan: CapacityPlan): Record<string, number> {
  return Object.fromEntries(plan.cost.items.map((item) => [item.name, item.usdPerMonth]));
}

describe('the bill', () => {
  it('is the sum of its lines, each named once', () => {
    const { cost } = planCapacity(referenceWith({}));
    const sum = cost.items.reduce((total, item) => total + item.usdPerMonth, 0);
    expect(cost.usdPerMonth).toBeCloseTo(sum, 6);
    expect(new Set(cost.items.map((item) => item.name)).size).toBe(cost.items.length);
  });

  it('is lower at best by what conversion of compressed bytes would save', () => {
    const { cost } = planCapacity(referenceWith({}));
    expect(cost.usdPerMonth - cost.usdPerMonthAtBest).toBeCloseTo(838_190.3 * 0.018 - 108_964.7 * 0.018, 0);
  });
});

describe('storage in the lake', () => {
  const lake = {
    versioned: false,
    infrequentAccessAfterDays: 30,
    glacierAfterDays: 90,
    deepArchiveAfterDays: 365,
    expireAfterDays: 1_000,
    originalsExpireAfterDays: 30,
  };

  it('holds each class for the days between its step and the next, once expiry has caught up', () => {
    const stored = quantities(planCapacity(referenceWith({ lake })));
    expect(stored['S3 Standard']).toBeCloseTo((PARQUET_BYTES_PER_DAY * 30) / GIB, 0);
    expect(stored['S3 Standard-IA']).toBeCloseTo((PARQUET_BYTES_PER_DAY * 60) / GIB, 0);
    expect(stored['S3 Glacier Flexible']).toBeCloseTo((PARQUET_BYTES_PER_DAY * 275) / GIB, 0);
    expect(stored['S3 Deep Archive']).toBeCloseTo((PARQUET_BYTES_PER_DAY * 635) / GIB, 0);
  });

  it('costs less by the gigabyte in Standard above 50 TB, and again above 500 TB', () => {
    const standardUsd = (days: number) => {
      const late = { ...lake, infrequentAccessAfterDays: days, glacierAfterDays: 300 };
      return usd(planCapacity(referenceWith({ lake: late })))['S3 Standard'];
    };
    const gigabytes = (days: number) => (PARQUET_BYTES_PER_DAY * days) / GIB;
    expect(standardUsd(30)).toBeCloseTo(51_200 * 0.023 + (gigabytes(30) - 51_200) * 0.022, 2);
    expect(standardUsd(200)).toBeCloseTo(
      51_200 * 0.023 + 460_800 * 0.022 + (gigabytes(200) - 512_000) * 0.021,
      2,
    );
  });

  it('has 32 KB of each archived object in its class and 8 KB in Standard', () => {
    const plan = planCapacity(referenceWith({ lake }));
    const objects = (days: number) => plan.delivery.objectsPerDay * days;
    const KIB_PER_GIB = 1_048_576;
    expect(quantities(plan)['S3 Glacier Flexible, index of its objects']).toBeCloseTo(
      (objects(275) * 32) / KIB_PER_GIB,
      6,
    );
    expect(usd(plan)['S3 Deep Archive, index of its objects']).toBeCloseTo(
      ((objects(635) * 32) / KIB_PER_GIB) * 0.00099,
      6,
    );
    expect(usd(plan)['S3 Standard, names of archived objects']).toBeCloseTo(
      ((objects(910) * 8) / KIB_PER_GIB) * 0.023,
      6,
    );
    const unarchived = { ...lake, glacierAfterDays: undefined, deepArchiveAfterDays: undefined };
    const lines = Object.keys(usd(planCapacity(referenceWith({ lake: unarchived }))));
    expect(lines.filter((name) => /archive|index/i.test(name))).toEqual([]);
  });

  it('keeps deleted versions for another 30 days in a versioned bucket', () => {
    const stored = quantities(planCapacity(referenceWith({ lake: { ...lake, versioned: true } })));
    expect(stored['S3 Deep Archive']).toBeCloseTo((PARQUET_BYTES_PER_DAY * 665) / GIB, 0);
  });

  it('is that of a year when nothing expires', () => {
    const forever = {
      infrequentAccessAfterDays: undefined,
      glacierAfterDays: undefined,
      deepArchiveAfterDays: undefined,
      expireAfterDays: undefined,
    };
    const stored = quantities(planCapacity(referenceWith({ lake: { ...lake, ...forever } })));
    expect(stored['S3 Standard']).toBeCloseTo((PARQUET_BYTES_PER_DAY * 365) / GIB, 0);
    expect(stored).not.toHaveProperty(['S3 Standard-IA']);
  });

  it('pays for moving each object into each class', () => {
    const plan = planCapacity(referenceWith({ lake }));
    const objectsPerMonth = plan.delivery.objectsPerDay * 30;
    expect(usd(plan)['Lifecycle to S3 Glacier Flexible']).toBeCloseTo((objectsPerMonth / 1_000) * 0.03, 3);
  });
});

describe('what is not in the bill', () => {
  const ceilings = (plan: CapacityPlan) =>
    plan.cost.notIncluded.flatMap(({ ceiling }) => (ceiling === undefined ? [] : [ceiling.usdPerMonth]));
  const { workload } = referenceWith({}).warehouse;

  it('has the ceilings that the usage limits set, less the free hour of concurrency scaling a day', () => {
    // 20 TB a day at 5 USD; three hours a day of 18 nodes at 3.043 USD.
    const [spectrum = 0, clusters = 0] = ceilings(planCapacity(referenceWith({})));
    expect(spectrum).toBeCloseTo(20 * 30 * 5, 6);
    expect(clusters).toBeCloseTo(3 * 30 * 18 * 3.043, 6);
    const anHour = { workload: { ...workload, concurrencyScalingMinutesPerDay: 60 } };
    expect(ceilings(planCapacity(referenceWith({ warehouse: anHour })))).toEqual([spectrum]);
  });

  it('names only what the environment has', () => {
    const names = planCapacity(
      referenceWith({
        lake: { versioned: false },
        warehouse: { lakeHistory: false, workload: { ...workload, concurrencyScalingClusters: 0 } },
      }),
    ).cost.notIncluded.map(({ name }) => name);
    expect(names).toEqual(['audit logs of the warehouse and flow logs of its network']);
  });
});

describe('retention in the stream', () => {
  it.each([
    ['24 h', 24, 0, 0],
    ['3 days', 72, 109 * 720 * 0.02, 0],
    ['9 days', 216, 109 * 720 * 0.02, (30e12 / 8 / GIB) * 2 * 0.023],
  ])(
    'of %s costs what is above 24 hours by the shard and what is above 7 days by volume',
    (_, retentionHours, extended, long) => {
      const lines = usd(planCapacity(referenceWith({ stream: { retentionHours } })));
      expect(lines['Kinesis retention beyond 24 h'] ?? 0).toBeCloseTo(extended, 2);
      expect(lines['Kinesis retention beyond 7 days'] ?? 0).toBeCloseTo(long, 2);
    },
  );
});

describe('an on-demand stream', () => {
  it('is billed by volume in and out, by the hour, and has no shards', () => {
    const lines = usd(planCapacity(referenceWith({ stream: { mode: 'on-demand', retentionHours: 24 } })));
    const recordsPerMonth = (30e12 / 512_000) * 30;
    expect(lines['Kinesis on-demand in']).toBeCloseTo(((recordsPerMonth * 64_512) / GIB) * 0.08, 1);
    expect(lines['Kinesis on-demand out']).toBeCloseTo(((recordsPerMonth * 64_000) / GIB) * 0.04, 1);
    expect(lines['Kinesis on-demand stream']).toBeCloseTo(28.8, 6);
    expect(lines).not.toHaveProperty(['Kinesis shards']);
    expect(lines).not.toHaveProperty(['Kinesis retention beyond 24 h']);
  });
});

describe('shard-level metrics', () => {
  it('cost two metrics for each shard, and nothing where there is one shard or none', () => {
    const name = 'CloudWatch metrics of shards';
    expect(usd(planCapacity(referenceWith({})))[name]).toBeCloseTo(109 * 2 * 0.3, 6);
    expect(usd(planCapacity(referenceWith({ stream: { mode: 'on-demand' } })))).not.toHaveProperty([name]);
    const small = referenceWith({ traffic: { terabytesPerDay: 0.001 } });
    expect(usd(planCapacity(small))).not.toHaveProperty([name]);
  });
});
