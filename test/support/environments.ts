/** Configurations for tests: variations of the reference environment, and arbitrary valid ones. */
import fc from 'fast-check';
import { CapacityError, type CapacityPlan, planCapacity } from '../../lib/capacity';
import { type EnvironmentConfig, loadEnvironment, validateConfig } from '../../lib/config';

type Sections = { [K in keyof EnvironmentConfig]?: Partial<EnvironmentConfig[K]> | string };

/** The reference environment with a fixed shard count. */
function fixedReference(): EnvironmentConfig {
  const { scaling, ...stream } = loadEnvironment('reference').stream;
  return { ...loadEnvironment('reference'), stream };
}

/** The reference environment with a fixed shard count and some settings changed, section by section; validated. */
export function referenceWith(changes: Sections): EnvironmentConfig {
  return withChanges(fixedReference(), changes);
}

/** A configuration with some settings changed, section by section; validated. */
export function withChanges(config: EnvironmentConfig, changes: Sections): EnvironmentConfig {
  const merged = Object.entries(changes).map(([section, change]) => {
    const before = config[section as keyof EnvironmentConfig];
    return [
      section,
      typeof change === 'object' && typeof before === 'object' ? { ...before, ...change } : change,
    ];
  });
  return validateConfig({ ...config, ...Object.fromEntries(merged) }, 'test');
}

/** The plan, or undefined when a quota refuses the configuration. */
export function planOrRefusal(config: EnvironmentConfig): CapacityPlan | undefined {
  try {
    return planCapacity(config);
  } catch (error) {
    if (error instanceof CapacityError) return undefined;
    throw error;
  }
}

/** Any valid environment from kilobytes to tens of terabytes a day; some pass a quota. */
export const anyEnvironment: fc.Arbitrary<EnvironmentConfig> = fc
  .record({
    terabytesPerDay: fc.double({ min: -6, max: 1.8, noNaN: true }).map((exponent) => 10 ** exponent),
    meanEventBytes: fc.integer({ min: 150, max: 20_000 }),
    peakFactor: fc.double({ min: 1, max: 8, noNaN: true }),
    packBytes: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_048_576 })),
    compressionRatio: fc.oneof(fc.constant(1), fc.double({ min: 1, max: 15, noNaN: true })),
    targetUtilization: fc.double({ min: 0.3, max: 1, noNaN: true }),
    mode: fc.constantFrom('provisioned' as const, 'on-demand' as const),
    retentionHours: fc.integer({ min: 24, max: 1_000 }),
    region: fc.constantFrom('us-east-1', 'eu-west-1', 'eu-central-1'),
    bufferMebibytes: fc.integer({ min: 64, max: 128 }),
    bufferSeconds: fc.integer({ min: 60, max: 900 }),
    lifecycleSteps: fc.uniqueArray(fc.integer({ min: 31, max: 2_000 }), { minLength: 4, maxLength: 4 }),
    lifecycleLength: fc.integer({ min: 0, max: 4 }),
    versioned: fc.boolean(),
    nodeType: fc.constantFrom('rg.large' as const, 'rg.4xlarge' as const, 'ra3.16xlarge' as const),
    // More than the look-back of the reference environment's models.
    retentionDays: fc.integer({ min: 4, max: 800 }),
    loadIntervalMinutes: fc.integer({ min: 1, max: 60 }),
  })
  .map((any) => {
    const { infrequentAccessAfterDays, glacierAfterDays, deepArchiveAfterDays, expireAfterDays, ...lake } =
      loadEnvironment('reference').lake;
    const steps = any.lifecycleSteps.toSorted((a, b) => a - b);
    const [infrequent, glacier, deepArchive, expiry] = steps.slice(0, any.lifecycleLength);
    return withChanges(
      { ...fixedReference(), lake },
      {
        region: any.region,
        traffic: {
          terabytesPerDay: any.terabytesPerDay,
          meanEventBytes: any.meanEventBytes,
          peakFactor: any.peakFactor,
        },
        packing: {
          packBytes: any.packBytes,
          compression: any.compressionRatio === 1 ? 'none' : 'gzip',
          compressionRatio: any.compressionRatio,
        },
        stream: {
          mode: any.mode,
          targetUtilization: any.targetUtilization,
          retentionHours: any.retentionHours,
        },
        delivery: { bufferMebibytes: any.bufferMebibytes, bufferSeconds: any.bufferSeconds },
        lake: {
          versioned: any.versioned,
          infrequentAccessAfterDays: infrequent,
          glacierAfterDays: glacier,
          deepArchiveAfterDays: deepArchive,
          expireAfterDays: expiry,
        },
        warehouse: {
          nodeType: any.nodeType,
          nodes: 'auto',
          retentionDays: any.retentionDays,
          loadIntervalMinutes: any.loadIntervalMinutes,
        },
      },
    );
  });
