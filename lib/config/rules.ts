/** Rules between settings, which no single setting can be checked against alone. */
import type { EnvironmentConfig } from './schema';

/** A setting that breaks a rule: its path, and the rule as "must ...". */
export interface BrokenRule {
  readonly path: string;
  readonly message: string;
}

export interface CrossFieldRule {
  /** Paths of the settings the rule looks at. It is left out when one of them is wrong by itself. */
  readonly reads: readonly string[];
  readonly check: (config: EnvironmentConfig) => BrokenRule | undefined;
}

/** Classes an object passes through, in order; each must come later than the one before it that is set. */
const LIFECYCLE_STEPS = [
  'infrequentAccessAfterDays',
  'glacierAfterDays',
  'deepArchiveAfterDays',
  'expireAfterDays',
] as const;

/** Node types a cluster of one node may have. */
const SINGLE_NODE_TYPES: ReadonlySet<string> = new Set(['ra3.large', 'rg.large']);

const lifecycleOrder: CrossFieldRule[] = LIFECYCLE_STEPS.slice(1).map((step, index) => {
  const earlierSteps = LIFECYCLE_STEPS.slice(0, index + 1);
  return {
    reads: [step, ...earlierSteps].map((name) => `lake.${name}`),
    check: ({ lake }) => {
      const days = lake[step];
      const previous = earlierSteps.findLast((name) => lake[name] !== undefined);
      const previousDays = previous && lake[previous];
      if (days === undefined || previousDays === undefined || days > previousDays) return undefined;
      return { path: `lake.${step}`, message: `must be greater than lake.${previous} (${previousDays})` };
    },
  };
});

export const CROSS_FIELD_RULES: readonly CrossFieldRule[] = [
  {
    reads: ['packing.compression', 'packing.compressionRatio'],
    check: ({ packing }) =>
      packing.compression === 'none' && packing.compressionRatio !== 1
        ? { path: 'packing.compressionRatio', message: 'must be 1 when packing.compression is "none"' }
        : undefined,
  },
  {
    reads: ['packing.packBytes', 'packing.maxExpandedBytes'],
    check: ({ packing }) =>
      packing.packBytes > packing.maxExpandedBytes
        ? {
            path: 'packing.packBytes',
            message: `must be at most packing.maxExpandedBytes (${packing.maxExpandedBytes})`,
          }
        : undefined,
  },
  {
    reads: ['stream.mode', 'stream.scaling'],
    check: ({ stream }) =>
      stream.mode === 'on-demand' && stream.scaling !== undefined
        ? { path: 'stream.scaling', message: 'must be left out when stream.mode is "on-demand"' }
        : undefined,
  },
  {
    reads: ['stream.scaling', 'stream.scaling.minShards', 'stream.scaling.maxShards'],
    check: ({ stream: { scaling } }) =>
      scaling !== undefined && scaling.minShards > scaling.maxShards
        ? {
            path: 'stream.scaling.minShards',
            message: `must be at most stream.scaling.maxShards (${scaling.maxShards})`,
          }
        : undefined,
  },
  ...lifecycleOrder,
  {
    reads: ['lake.originalsExpireAfterDays', 'lake.expireAfterDays'],
    check: ({ lake }) =>
      lake.expireAfterDays !== undefined && lake.originalsExpireAfterDays >= lake.expireAfterDays
        ? {
            path: 'lake.originalsExpireAfterDays',
            message: `must be less than lake.expireAfterDays (${lake.expireAfterDays}): originals hold personal data`,
          }
        : undefined,
  },
  {
    reads: ['analysis.lookBackDays', 'warehouse.retentionDays'],
    check: ({ analysis, warehouse }) =>
      analysis.lookBackDays >= warehouse.retentionDays
        ? {
            path: 'analysis.lookBackDays',
            message: `must be less than warehouse.retentionDays (${warehouse.retentionDays}): models are made of events that are kept`,
          }
        : undefined,
  },
  {
    reads: ['warehouse.nodeType', 'warehouse.nodes'],
    check: ({ warehouse }) =>
      warehouse.nodes === 1 && !SINGLE_NODE_TYPES.has(warehouse.nodeType)
        ? { path: 'warehouse.nodes', message: `must be at least 2 for ${warehouse.nodeType}` }
        : undefined,
  },
  {
    reads: ['removal.destroyData', 'removal.confirmDestroyData', 'name'],
    check: ({ removal, name }) =>
      removal.destroyData && removal.confirmDestroyData !== name
        ? {
            path: 'removal.confirmDestroyData',
            message: `must repeat the environment's name "${name}" when removal.destroyData is true`,
          }
        : undefined,
  },
];
