import { planCapacity } from '../../lib/capacity';
import { referenceWith } from '../support/environments';

describe('the transform', () => {
  it('of the reference load gathers 0.2 MiB, which expands to less than two thirds of an answer', () => {
    const { transform } = planCapacity(referenceWith({}));
    expect(transform.bufferMebibytes).toBe(0.2);
    // 0.2 MiB, 8 times expanded, 730 derived bytes on 1,024, base64.
    expect(transform.meanAnswerBytes).toBeCloseTo(((209_715.2 * 8 * 1_754) / 1_024) * (4 / 3), 0);
    expect(transform.meanAnswerBytes).toBeLessThan(6 * 1024 * 1024 * (2 / 3));
    expect(transform.invocationsPerSecond).toBeCloseTo(43.4e6 / 209_715, 0);
    expect(transform.concurrencyAtPeak).toBeLessThan(100);
  });

  it('gathers more when records are not compressed', () => {
    const { transform } = planCapacity(
      referenceWith({ packing: { compression: 'none', compressionRatio: 1 } }),
    );
    // 0.66 of 6 MiB, by 1,754 / 1,024 and 4 / 3, is 1.73 MiB.
    expect(transform.bufferMebibytes).toBe(1.7);
  });

  it('runs once per interval when next to nothing comes', () => {
    const { transform } = planCapacity(referenceWith({ traffic: { terabytesPerDay: 1e-9 } }));
    expect(transform.invocationsPerSecond).toBeCloseTo(1 / 60, 6);
  });

  it('is refused when packs of small events could never be answered within 6 MB', () => {
    expect(() =>
      planCapacity(referenceWith({ traffic: { meanEventBytes: 100 }, packing: { packBytes: 1_048_576 } })),
    ).toThrow(/Lambda response payload: a mean answer of .* MiB passes 6 MiB/);
  });

  it('is refused when it would take more concurrency than the account has', () => {
    expect(() => planCapacity(referenceWith({ traffic: { terabytesPerDay: 400, peakFactor: 8 } }))).toThrow(
      /Lambda concurrent executions per account: the transform needs .* at the peak, the quota is 1,000/,
    );
  });
});

describe('deliveries', () => {
  it('are as many as the buffer fills when traffic is heavy', () => {
    const { delivery } = planCapacity(referenceWith({}));
    const rowBytesPerDay = (30e12 / 1_024) * 1_754;
    expect(delivery.objectsPerDay).toBeCloseTo(rowBytesPerDay / (128 * 2 ** 20), 3);
    expect(delivery.meanObjectBytes * delivery.objectsPerDay).toBeCloseTo(30e12 / 5.8, -3);
  });

  it('are one per interval when traffic is light', () => {
    const { delivery } = planCapacity(
      referenceWith({ traffic: { terabytesPerDay: 0.0001 }, delivery: { bufferSeconds: 600 } }),
    );
    expect(delivery.objectsPerDay).toBe(144);
  });

  it('warn when rejected events at the alarm’s threshold would pass the second stream’s quota', () => {
    const warning = expect.stringMatching(/^Firehose Direct PUT throughput in us-east-1: /);
    expect(planCapacity(referenceWith({ alarms: { rejectedPercent: 1 } })).warnings).toContainEqual(warning);
    expect(planCapacity(referenceWith({ alarms: { rejectedPercent: 0.1 } })).warnings).not.toContainEqual(
      warning,
    );
  });
});

describe('the warehouse', () => {
  it('has the nodes that loading at the peak in half of the time needs', () => {
    const { warehouse } = planCapacity(referenceWith({}));
    // 694.4 MB/s; a node of 8 slices loads 80 MB/s, and half of the time 40.
    expect(warehouse.nodes).toBe(18);
    expect(warehouse.reason).toMatch(/^Planned: loading 694 MB\/s .* needs 18, storing 155 TB needs 2, /);
  });

  it('has the nodes that storage needs when years are kept', () => {
    const { warehouse } = planCapacity(referenceWith({ warehouse: { retentionDays: 600 } }));
    // 600 days of 5.17 TB in nodes of 128 TB, 80 % full.
    expect(warehouse.nodes).toBe(31);
    expect(warehouse.storedBytes).toBeCloseTo((600 * 30e12) / 5.8, -6);
  });

  it.each([
    ['rg.large', 1],
    ['rg.xlarge', 2],
    ['ra3.4xlarge', 2],
  ] as const)('of %s has at least %d nodes', (nodeType, nodes) => {
    const config = referenceWith({ traffic: { terabytesPerDay: 0.001 }, warehouse: { nodeType } });
    expect(planCapacity(config).warehouse.nodes).toBe(nodes);
  });

  it('is refused when the node type has no cluster that large, with the way out', () => {
    expect(() => planCapacity(referenceWith({ warehouse: { nodeType: 'rg.large' } }))).toThrow(
      /Redshift nodes per rg\.large cluster: 70 must be 1 to 16; choose a larger warehouse\.nodeType/,
    );
  });

  it('keeps the configured nodes, and warns when they are too few', () => {
    const plan = planCapacity(referenceWith({ warehouse: { nodes: 4 } }));
    expect(plan.warehouse.nodes).toBe(4);
    expect(plan.warehouse.reason).toMatch(/^Set in the configuration: /);
    expect(plan.warnings).toContainEqual(
      'warehouse.nodes is 4, the traffic asks for 18: loads or analysts will wait at the peak',
    );
  });

  it('loads batches whose ledger rows fit the Data API, and of at least one large object', () => {
    const { warehouse } = planCapacity(
      referenceWith({ traffic: { terabytesPerDay: 0.001 }, warehouse: { nodeType: 'rg.large' } }),
    );
    const longestLedgerRowBytes = 1_024 + 200;
    expect(warehouse.maxObjectsPerBatch * longestLedgerRowBytes).toBeLessThan(30 * 100_000);
    expect(warehouse.maxBytesPerBatch).toBeGreaterThanOrEqual(1e9);
  });
});

describe('warnings', () => {
  it('tell what a setting costs later', () => {
    const lake = { versioned: false, originalsExpireAfterDays: 30, expireAfterDays: undefined };
    const { warnings } = planCapacity(
      referenceWith({ region: 'eu-west-1', lake, packing: { packBytes: 0, compressionRatio: 4 } }),
    );
    expect(warnings).toContainEqual(expect.stringMatching(/^packing\.compressionRatio is 4 with one event/));
    expect(warnings).toContainEqual(expect.stringMatching(/^lake\.expireAfterDays is not set/));
    expect(warnings).toContainEqual(expect.stringMatching(/^Prices are those of us-east-1/));
  });
});
