import { alternativesOf, planCapacity } from '../../lib/capacity';
import { referenceWith } from '../support/environments';

describe('alternatives', () => {
  it('of the reference load cost less from one to the next, and the configured one is among them', () => {
    const config = referenceWith({});
    const [unpacked, packed, gzipped, onDemand] = alternativesOf(config).map(({ plan }) => plan);
    expect(unpacked?.stream.shards).toBe(869);
    expect(packed?.stream.shards).toBe(869);
    expect(gzipped).toEqual(planCapacity(config));
    expect(onDemand?.stream.shards).toBeUndefined();
    expect(packed?.cost.usdPerMonth).toBeLessThan((unpacked?.cost.usdPerMonth ?? 0) / 2);
    expect(gzipped?.cost.usdPerMonth).toBeLessThan(packed?.cost.usdPerMonth ?? 0);
    expect(onDemand?.cost.usdPerMonth).toBeGreaterThan(gzipped?.cost.usdPerMonth ?? 0);
  });

  it('that a quota forbids carry the refusal instead of a plan', () => {
    const config = referenceWith({ region: 'eu-central-1', traffic: { terabytesPerDay: 40 } });
    const refused = alternativesOf(config).filter(({ plan }) => plan === undefined);
    expect(refused.map(({ name }) => name)).toEqual(['one event a record', 'packed']);
    expect(refused[0]?.refusal).toEqual([expect.stringMatching(/^Kinesis shards per account/)]);
  });

  it('of a configuration that does not pack show what usual packs would do', () => {
    const packing = { packBytes: 0, compression: 'none', compressionRatio: 1 } as const;
    const gzipped = alternativesOf(referenceWith({ packing })).find(({ name }) => name === 'packed, gzip');
    expect(gzipped?.plan?.stream.meanRecordBytes).toBe(64_000);
  });
});
