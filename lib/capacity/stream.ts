/** How many shards the traffic needs, and which limit of a shard binds. */
import type { EnvironmentConfig } from '../config';
import { count, megabytes } from '../contract/words';
import type { Demand } from './demand';
import type { StageResult } from './error';
import { ASSUMPTIONS, QUOTAS, regionalQuotas } from './facts';
import type { CapacityPlan, ShardNeed } from './types';

/**
 * Shards that each limit needs at the peak, in this order: bytes in, records in, bytes out.
 * @param targetUtilization share of a shard's limits to plan with, above 0 and at most 1
 */
export function shardNeeds(
  demand: Pick<Demand, 'bytesPerSecond' | 'recordsPerSecond' | 'peakFactor'>,
  targetUtilization: number,
): readonly [ShardNeed, ShardNeed, ShardNeed] {
  const need = (limit: ShardNeed['limit'], meanPerSecond: number, perShardPerSecond: number): ShardNeed => {
    const demandPerSecond = meanPerSecond * demand.peakFactor;
    const shards = Math.max(1, Math.ceil(demandPerSecond / (perShardPerSecond * targetUtilization)));
    return { limit, demandPerSecond, perShardPerSecond, shards };
  };
  return [
    need('bytes in', demand.bytesPerSecond, QUOTAS.kinesisShardBytesIn.value),
    need('records in', demand.recordsPerSecond, QUOTAS.kinesisShardRecordsIn.value),
    need(
      'bytes out',
      demand.bytesPerSecond * ASSUMPTIONS.standardConsumers.value,
      QUOTAS.kinesisShardBytesOut.value,
    ),
  ];
}

/** Plans the stream. Refuses records, shard counts and throughputs that Kinesis would refuse. */
export function planStream(
  config: Pick<EnvironmentConfig, 'stream' | 'region'>,
  demand: Demand,
): StageResult<CapacityPlan['stream']> {
  const needs = shardNeeds(demand, config.stream.targetUtilization);
  const binding = needs.reduce((most, need) => (need.shards > most.shards ? need : most));
  const provisioned = config.stream.mode === 'provisioned';
  const { scaling } = config.stream;
  const bytesPerSecondAtPeak = demand.bytesPerSecond * demand.peakFactor;
  const plan: CapacityPlan['stream'] = {
    shards: provisioned ? Math.max(binding.shards, scaling?.minShards ?? 1) : undefined,
    needs,
    binding: binding.limit,
    eventsPerSecondAtPeak: demand.eventsPerSecond * demand.peakFactor,
    recordsPerSecondAtPeak: demand.recordsPerSecond * demand.peakFactor,
    bytesPerSecondAtPeak,
    meanRecordBytes: demand.recordBytes,
  };
  const findings = provisioned
    ? joined(checkShards(config.region, binding), checkCeiling(config.region, scaling, binding))
    : checkOnDemand(config.region, bytesPerSecondAtPeak);
  return { plan, problems: [...checkRecord(demand), ...findings.problems], warnings: findings.warnings };
}

interface Findings {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

function checkRecord({ recordBytes }: Demand): string[] {
  const limit = QUOTAS.kinesisRecordBytes.value;
  if (recordBytes <= limit) return [];
  return [
    `Kinesis record size: a mean record of ${count(recordBytes)} bytes must be at most ${count(limit)}; ` +
      'lower packing.packBytes, compress, or send smaller events',
  ];
}

function checkShards(region: string, { shards, limit }: ShardNeed): Findings {
  const quota = regionalQuotas(region).shards;
  const problems =
    shards > quota
      ? [
          `Kinesis shards per account in ${region}: ${count(shards)} are needed for ${limit}, the quota is ` +
            `${count(quota)}; pack and compress more, use stream.mode "on-demand", or have AWS raise the quota ` +
            'and then the figure in lib/capacity/facts/quotas.ts',
        ]
      : [];
  const resharding = QUOTAS.kinesisUpdateShardCountTarget.value;
  const warnings =
    shards > resharding && shards <= quota
      ? [
          `${count(shards)} shards pass the ${count(resharding)} that UpdateShardCount takes as a target: ` +
            'the stream can be created so, but not resized to more by a deployment',
        ]
      : [];
  return { problems, warnings };
}

function joined(...findings: readonly Findings[]): Findings {
  return {
    problems: findings.flatMap(({ problems }) => problems),
    warnings: findings.flatMap(({ warnings }) => warnings),
  };
}

/** The stream is deployed with the planned shards, and its ceiling has to be one that Kinesis lets it reach. */
function checkCeiling(
  region: string,
  scaling: EnvironmentConfig['stream']['scaling'],
  { shards, limit }: ShardNeed,
): Findings {
  if (scaling === undefined) return { problems: [], warnings: [] };
  const { maxShards } = scaling;
  const quota = regionalQuotas(region).shards;
  const problems = [
    ...(shards > maxShards
      ? [
          `Ceiling of the shards: ${count(shards)} are needed for ${limit}, stream.scaling.maxShards is ` +
            `${count(maxShards)}; raise it`,
        ]
      : []),
    ...(maxShards > quota
      ? [
          `Kinesis shards per account in ${region}: stream.scaling.maxShards is ${count(maxShards)}, the quota is ` +
            `${count(quota)}; lower it, or have AWS raise the quota and then the figure in ` +
            'lib/capacity/facts/quotas.ts',
        ]
      : []),
  ];
  return { problems, warnings: [] };
}

function checkOnDemand(region: string, bytesPerSecondAtPeak: number): Findings {
  const quota = regionalQuotas(region).onDemandBytesPerSecond;
  if (bytesPerSecondAtPeak > quota) {
    return {
      problems: [
        `Kinesis on-demand write throughput in ${region}: ${megabytes(bytesPerSecondAtPeak)}/s at the peak, ` +
          `the quota is ${megabytes(quota)}/s; pack and compress more, or use stream.mode "provisioned"`,
      ],
      warnings: [],
    };
  }
  const start = QUOTAS.kinesisOnDemandStart.value;
  if (bytesPerSecondAtPeak <= start) return { problems: [], warnings: [] };
  return {
    problems: [],
    warnings: [
      `A new on-demand stream takes ${megabytes(start)}/s and doubles from its highest traffic so far; the peak ` +
        `is ${megabytes(bytesPerSecondAtPeak)}/s: start with fewer sites, or provisioned, and switch later`,
    ],
  };
}
