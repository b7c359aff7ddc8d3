import { USUAL_ANALYSIS } from '../analysis';
import type { EnvironmentFile } from '../schema';

/** The reference load: 30 TB a day from 320 sites around the world. */
export const reference: EnvironmentFile = {
  name: 'reference',
  region: 'us-east-1',
  traffic: { terabytesPerDay: 30, meanEventBytes: 1_024, peakFactor: 2, sites: 320 },
  packing: { packBytes: 512_000, compression: 'gzip', compressionRatio: 8 },
  stream: {
    mode: 'provisioned',
    targetUtilization: 0.8,
    retentionHours: 72,
    scaling: { minShards: 56, maxShards: 436, cooldownMinutes: 5, stepDownHours: 6, reservedChanges: 4 },
  },
  delivery: { bufferMebibytes: 128, bufferSeconds: 300 },
  lake: {
    versioned: true,
    infrequentAccessAfterDays: 30,
    glacierAfterDays: 90,
    deepArchiveAfterDays: 365,
    expireAfterDays: 1_095,
    originalsExpireAfterDays: 30,
  },
  warehouse: {
    nodeType: 'rg.4xlarge',
    nodes: 'auto',
    loadIntervalMinutes: 5,
    duplicateLookBackHours: 6,
    retentionDays: 30,
    modelRetentionDays: 400,
    snapshotRetentionDays: 7,
    lakeHistory: true,
    workload: {
      analystQueryMinutes: 30,
      concurrencyScalingClusters: 2,
      concurrencyScalingMinutesPerDay: 240,
      lakeTerabytesPerDay: 20,
    },
    vpcCidr: '10.44.0.0/20',
  },
  analysis: USUAL_ANALYSIS,
  alarms: { email: 'data-platform@example.com', rejectedPercent: 1 },
  removal: { destroyData: false },
};
