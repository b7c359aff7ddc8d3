import { CapacityError, planCapacity } from '../../lib/capacity';
import { referenceWith } from '../support/environments';

describe('the shards of a stream', () => {
  it('of the reference load are bound by bytes in: 30 TB a day, packed and gzipped, twice that at 80 %', () => {
    const { stream } = planCapacity(referenceWith({}));
    expect(stream.shards).toBe(109);
    expect(stream.binding).toBe('bytes in');
    expect(stream.needs.map(({ limit, shards }) => [limit, shards])).toEqual([
      ['bytes in', 109],
      ['records in', 2],
      ['bytes out', 55],
    ]);
    expect(stream.meanRecordBytes).toBe(64_000);
    expect(stream.eventsPerSecondAtPeak).toBeCloseTo((2 * 30e12) / 86_400 / 1_024, 3);
  });

  it('are bound by records in when events are small and not packed', () => {
    const { stream } = planCapacity(
      referenceWith({
        traffic: { terabytesPerDay: 0.864, meanEventBytes: 500, peakFactor: 1 },
        packing: { packBytes: 0, compression: 'none', compressionRatio: 1 },
        stream: { targetUtilization: 0.5 },
      }),
    );
    // 10 MB/s in 20,000 records/s, shards half full.
    expect(stream.binding).toBe('records in');
    expect(stream.shards).toBe(40);
  });

  it('are undefined on demand', () => {
    const { stream } = planCapacity(referenceWith({ stream: { mode: 'on-demand' } }));
    expect(stream.shards).toBeUndefined();
  });
});

function problemsOf(config: Parameters<typeof planCapacity>[0]): readonly string[] {
  try {
    planCapacity(config);
  } catch (error) {
    if (error instanceof CapacityError) return error.problems;
    throw error;
  }
  return [];
}

describe('a stream that follows the traffic', () => {
  const scaling = { minShards: 56, maxShards: 436, cooldownMinutes: 5, stepDownHours: 6, reservedChanges: 4 };

  it('begins with the planned shards, or with the floor where that is higher', () => {
    const shards = (minShards: number) =>
      planCapacity(referenceWith({ stream: { scaling: { ...scaling, minShards } } })).stream.shards;
    expect([shards(56), shards(200)]).toEqual([109, 200]);
  });

  it('is refused when the planned shards pass its ceiling', () => {
    const config = referenceWith({ stream: { scaling: { ...scaling, maxShards: 108 } } });
    expect(problemsOf(config)).toEqual([
      'Ceiling of the shards: 109 are needed for bytes in, stream.scaling.maxShards is 108; raise it',
    ]);
  });

  it('is refused when its ceiling passes the quota of the region', () => {
    const config = referenceWith({ stream: { scaling: { ...scaling, maxShards: 1_001 } } });
    expect(problemsOf(config)).toEqual([]);
    expect(problemsOf({ ...config, region: 'eu-central-1' })).toEqual([
      expect.stringMatching(
        /^Kinesis shards per account in eu-central-1: stream\.scaling\.maxShards is 1,001, the quota is 1,000; /,
      ),
    ]);
  });

  it('costs what looking every minute costs, and nothing where the count is fixed', () => {
    const lines = (changes: Parameters<typeof referenceWith>[0]) =>
      Object.fromEntries(
        planCapacity(referenceWith(changes)).cost.items.map(({ name, usdPerMonth }) => [name, usdPerMonth]),
      );
    const fixed = lines({});
    const scaled = lines({ stream: { scaling } });
    // 43,200 minutes: a second of 256 MiB each, three metrics read, five written, three watched by alarms.
    expect(scaled['Scaling Lambda compute']).toBeCloseTo(43_200 * 0.25 * 0.0000133334, 6);
    expect(scaled['CloudWatch metrics read for scaling']).toBeCloseTo((43_200 * 3 * 0.01) / 1_000, 6);
    expect((scaled['CloudWatch metrics'] ?? 0) - (fixed['CloudWatch metrics'] ?? 0)).toBeCloseTo(5 * 0.3, 6);
    expect((scaled['CloudWatch alarms'] ?? 0) - (fixed['CloudWatch alarms'] ?? 0)).toBeCloseTo(3 * 0.1, 6);
    expect(Object.keys(fixed).filter((name) => /scaling/i.test(name))).toEqual([]);
  });
});

describe('Kinesis quotas', () => {
  const unpacked = { packBytes: 0, compression: 'none', compressionRatio: 1 } as const;

  it('refuse more shards than the region gives, by the quota’s name', () => {
    const config = referenceWith({
      region: 'eu-central-1',
      traffic: { terabytesPerDay: 40 },
      packing: unpacked,
    });
    expect(problemsOf(config)).toEqual([
      expect.stringMatching(
        /^Kinesis shards per account in eu-central-1: 1,158 are needed for bytes in, the quota is 1,000; /,
      ),
    ]);
    expect(problemsOf({ ...config, region: 'us-west-2' })).toEqual([]);
  });

  it('refuse on-demand traffic above what the region takes', () => {
    const config = referenceWith({
      region: 'ap-southeast-2',
      packing: unpacked,
      stream: { mode: 'on-demand' },
    });
    expect(problemsOf(config)).toEqual([
      expect.stringMatching(
        /^Kinesis on-demand write throughput in ap-southeast-2: 694 MB\/s at the peak, the quota is 200 MB\/s; /,
      ),
    ]);
  });

  it('refuse events that do not fit a record', () => {
    const config = referenceWith({ traffic: { meanEventBytes: 1_048_577 }, packing: unpacked });
    expect(problemsOf(config)).toEqual([
      expect.stringMatching(
        /^Kinesis record size: a mean record of 1,048,577 bytes must be at most 1,048,576; /,
      ),
    ]);
  });

  it('are all told at once', () => {
    const config = referenceWith({
      region: 'eu-central-1',
      traffic: { terabytesPerDay: 60, meanEventBytes: 2_000_000 },
      packing: unpacked,
      warehouse: { nodeType: 'rg.large' },
    });
    expect(problemsOf(config).map((problem) => problem.split(':')[0])).toEqual([
      'Kinesis record size',
      'Kinesis shards per account in eu-central-1',
      'Redshift nodes per rg.large cluster',
    ]);
  });

  it('are a warning where they bind later: a new on-demand stream, resharding above 10,000', () => {
    const onDemand = planCapacity(referenceWith({ stream: { mode: 'on-demand' } }));
    expect(onDemand.warnings).toContainEqual(
      expect.stringMatching(/^A new on-demand stream takes 4 MB\/s .* the peak is 86\.8 MB\/s/),
    );
    const large = planCapacity(
      referenceWith({
        traffic: { terabytesPerDay: 60, peakFactor: 8 },
        packing: unpacked,
        stream: { targetUtilization: 0.5 },
        warehouse: { nodeType: 'rg.12xlarge' },
      }),
    );
    expect(large.warnings).toContainEqual(expect.stringMatching(/^11,112 shards pass the 10,000/));
  });
});
