import { ConfigError, validateConfig } from '../../lib/config';
import { dev } from '../../lib/config/environments/dev';

function problemsOf(input: unknown): readonly string[] {
  try {
    validateConfig(input, 'dev.ts');
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('a configuration', () => {
  it('is returned as it was given when it is valid, with defaults for what was left out', () => {
    const { packing } = dev;
    expect(validateConfig(dev, 'dev.ts')).toEqual({
      ...dev,
      packing: { ...packing, maxExpandedBytes: 1_048_576 },
    });
    const given = { ...dev, packing: { ...packing, maxExpandedBytes: 2_000_000 } };
    expect(validateConfig(given, 'dev.ts')).toEqual(given);
  });

  it('that is wrong is refused with the path, the value and the rule', () => {
    const input = { ...dev, traffic: { ...dev.traffic, peakFactor: 0.5 } };
    expect(() => validateConfig(input, 'dev.ts')).toThrow(
      new Error('dev.ts is not a valid configuration:\n  traffic.peakFactor: 0.5 must be at least 1'),
    );
  });

  it.each([
    ['traffic', 'terabytesPerDay', 0, 'traffic.terabytesPerDay: 0 must be greater than 0'],
    ['traffic', 'terabytesPerDay', Number.NaN, 'traffic.terabytesPerDay: NaN must be a number'],
    ['traffic', 'meanEventBytes', '1 KB', 'traffic.meanEventBytes: "1 KB" must be a number'],
    ['traffic', 'sites', 1.5, 'traffic.sites: 1.5 must be a whole number'],
    ['packing', 'packBytes', 2_000_000, 'packing.packBytes: 2000000 must be at most 1048576'],
    ['packing', 'compression', 'zstd', 'packing.compression: "zstd" must be "gzip" or "none"'],
    ['stream', 'mode', 'serverless', 'stream.mode: "serverless" must be "provisioned" or "on-demand"'],
    ['stream', 'targetUtilization', 1.2, 'stream.targetUtilization: 1.2 must be at most 1'],
    ['stream', 'retentionHours', 12, 'stream.retentionHours: 12 must be at least 24'],
    ['delivery', 'bufferMebibytes', 5, 'delivery.bufferMebibytes: 5 must be at least 64'],
    ['delivery', 'bufferSeconds', 901, 'delivery.bufferSeconds: 901 must be at most 900'],
    ['lake', 'versioned', 'yes', 'lake.versioned: "yes" must be a boolean'],
    [
      'warehouse',
      'nodeType',
      'dc2.large',
      'warehouse.nodeType: "dc2.large" must be an RA3 or RG node type, such as "rg.xlarge"',
    ],
    ['warehouse', 'nodes', 'many', 'warehouse.nodes: "many" must be "auto" or a whole number from 1 to 128'],
    [
      'warehouse',
      'vpcCidr',
      '10.0.0.0',
      'warehouse.vpcCidr: "10.0.0.0" must be an IPv4 range such as "10.42.0.0/20"',
    ],
    [
      'warehouse',
      'vpcCidr',
      '10.0.0.0/8',
      'warehouse.vpcCidr: "10.0.0.0/8" must have a mask of /16 (the largest VPC) to /24',
    ],
    ['alarms', 'email', 'nobody', 'alarms.email: "nobody" must be an e-mail address'],
  ] as const)('refuses %s.%s = %p', (section, setting, value, problem) => {
    expect(problemsOf({ ...dev, [section]: { ...dev[section], [setting]: value } })).toEqual([problem]);
  });

  it('refuses a key it does not know, at every level', () => {
    const input = { ...dev, colour: 'red', lake: { ...dev.lake, bucket: 'mine' } };
    expect(problemsOf(input)).toEqual(
      expect.arrayContaining(['colour: is not a known setting', 'lake.bucket: is not a known setting']),
    );
  });

  it('that lacks a setting is told which, and what it must be', () => {
    const { sites, ...traffic } = dev.traffic;
    const { stream, ...rest } = dev;
    expect(problemsOf({ ...rest, traffic })).toEqual([
      'traffic.sites: is missing, it must be a number',
      'stream: is missing, it must be an object',
    ]);
  });

  it.each([
    [undefined, '(whole configuration): is missing, it must be an object'],
    [null, '(whole configuration): null must be an object'],
    ['dev', '(whole configuration): "dev" must be an object'],
  ])('is not %p', (input, problem) => {
    expect(problemsOf(input)).toEqual([problem]);
  });
});

const SCALING = { minShards: 2, maxShards: 8, cooldownMinutes: 5, stepDownHours: 6, reservedChanges: 4 };

describe('stream.scaling', () => {
  const withScaling = (changes: object) => ({
    ...dev,
    stream: { ...dev.stream, scaling: { ...SCALING, ...changes } },
  });

  it('may be there or not: without it the shard count is fixed', () => {
    expect(problemsOf(withScaling({}))).toEqual([]);
    expect(dev.stream.scaling).toBeUndefined();
  });

  it.each([
    ['minShards', 0, 'stream.scaling.minShards: 0 must be at least 1'],
    ['maxShards', 10_001, 'stream.scaling.maxShards: 10001 must be at most 10000'],
    ['cooldownMinutes', 0.5, 'stream.scaling.cooldownMinutes: 0.5 must be a whole number'],
    ['stepDownHours', 0, 'stream.scaling.stepDownHours: 0 must be at least 1'],
    ['reservedChanges', 9, 'stream.scaling.reservedChanges: 9 must be at most 8'],
  ])('refuses %s = %p', (setting, value, problem) => {
    expect(problemsOf(withScaling({ [setting]: value }))).toContain(problem);
  });
});

describe('rules between settings', () => {
  it.each([
    [
      'a ratio without compression',
      { packing: { ...dev.packing, compression: 'none' } },
      'packing.compressionRatio: 8 must be 1 when packing.compression is "none"',
    ],
    [
      'packs that could not be opened again',
      { packing: { ...dev.packing, maxExpandedBytes: 1_024 } },
      'packing.packBytes: 512000 must be at most packing.maxExpandedBytes (1024)',
    ],
    [
      'a step to a class before the step ahead of it',
      { lake: { ...dev.lake, infrequentAccessAfterDays: 60, glacierAfterDays: 60 } },
      'lake.glacierAfterDays: 60 must be greater than lake.infrequentAccessAfterDays (60)',
    ],
    [
      'expiry before the last step, where steps between are left out',
      { lake: { ...dev.lake, infrequentAccessAfterDays: 90 } },
      'lake.expireAfterDays: 90 must be greater than lake.infrequentAccessAfterDays (90)',
    ],
    [
      'originals with personal data that outlive the events',
      { lake: { ...dev.lake, originalsExpireAfterDays: 90 } },
      'lake.originalsExpireAfterDays: 90 must be less than lake.expireAfterDays (90): originals hold personal data',
    ],
    [
      'a floor of shards above the ceiling',
      { stream: { ...dev.stream, scaling: { ...SCALING, minShards: 9 } } },
      'stream.scaling.minShards: 9 must be at most stream.scaling.maxShards (8)',
    ],
    [
      'scaling of a stream that has no shards',
      { stream: { ...dev.stream, mode: 'on-demand', scaling: SCALING } },
      `stream.scaling: ${JSON.stringify(SCALING)} must be left out when stream.mode is "on-demand"`,
    ],
    [
      'one node of a type that starts at two',
      { warehouse: { ...dev.warehouse, nodeType: 'rg.xlarge' } },
      'warehouse.nodes: 1 must be at least 2 for rg.xlarge',
    ],
    [
      'deleting data without the second yes',
      { removal: { destroyData: true } },
      'removal.confirmDestroyData: is missing, it must repeat the environment\'s name "dev" when removal.destroyData is true',
    ],
    [
      'deleting data with the name of another environment',
      { removal: { destroyData: true, confirmDestroyData: 'prod' } },
      'removal.confirmDestroyData: "prod" must repeat the environment\'s name "dev" when removal.destroyData is true',
    ],
  ])('refuse %s', (_, change, problem) => {
    expect(problemsOf({ ...dev, ...change })).toEqual([problem]);
  });

  it('are told together with settings that are wrong by themselves, all problems at once', () => {
    expect(
      problemsOf({
        ...dev,
        extra: 1,
        traffic: { ...dev.traffic, peakFactor: 0.5 },
        packing: { ...dev.packing, compression: 'none', packBytes: -1 },
        warehouse: { ...dev.warehouse, nodeType: 'rg.4xlarge', retentionDays: 0 },
        removal: { destroyData: true, confirmDestroyData: 'yes', why: 'test' },
      }),
    ).toEqual([
      'traffic.peakFactor: 0.5 must be at least 1',
      'packing.packBytes: -1 must be at least 0',
      'warehouse.retentionDays: 0 must be at least 1 day',
      'removal.why: is not a known setting',
      'extra: is not a known setting',
      'packing.compressionRatio: 8 must be 1 when packing.compression is "none"',
      'warehouse.nodes: 1 must be at least 2 for rg.4xlarge',
      'removal.confirmDestroyData: "yes" must repeat the environment\'s name "dev" when removal.destroyData is true',
    ]);
  });

  it('are left out when a setting they read is wrong by itself', () => {
    const packing = { ...dev.packing, compression: 'none', compressionRatio: 0.5 };
    expect(problemsOf({ ...dev, packing })).toEqual(['packing.compressionRatio: 0.5 must be at least 1']);
  });
});
