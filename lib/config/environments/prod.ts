import { USUAL_ANALYSIS } from '../analysis';
import type { EnvironmentFile } from '../schema';

/** A company with a few dozen sites and half a terabyte a day. */
export const prod: EnvironmentFile = {
  name: 'prod',
  region: 'eu-west-1',
  traffic: { terabytesPerDay: 0.5, meanEventBytes: 1_024, peakFactor: 3, sites: 40 },
  packing: { packBytes: 512_000, compression: 'gzip', compressionRatio: 8 },
  stream: {
    mode: 'provisioned',
    targetUtilization: 0.8,
    retentionHours: 72,
    scaling: { minShards: 2, maxShards: 16, cooldownMinutes: 5, stepDownHours: 6, reservedChanges: 4 },
  },
  delivery: { bufferMebibytes: 128, bufferSeconds: 300 },
  lake: {
    versioned: true,
    infrequentAccessAfterDays: 30,
    glacierAfterDays: 180,
    expireAfterDays: 730,
    originalsExpireAfterDays: 30,
  },
  warehouse: {
    nodeType: 'rg.xlarge',
    nodes: 'auto',
    loadIntervalMinutes: 5,
    duplicateLookBackHours: 24,
    retentionDays: 180,
    modelRetentionDays: 730,
    snapshotRetentionDays: 7,
    lakeHistory: true,
    workload: {
      analystQueryMinutes: 30,
      concurrencyScalingClusters: 1,
      concurrencyScalingMinutesPerDay: 60,
      lakeTerabytesPerDay: 2,
    },
    vpcCidr: '10.43.0.0/20',
  },
  analysis: USUAL_ANALYSIS,
  alarms: { email: 'data-platform@example.com', rejectedPercent: 2 },
  removal: { destroyData: false },
};
