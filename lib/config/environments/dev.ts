import { USUAL_ANALYSIS } from '../analysis';
import type { EnvironmentFile } from '../schema';

/** A start-up's first gigabyte a day, and the environment of the local run: as cheap as the services go. */
export const dev: EnvironmentFile = {
  name: 'dev',
  region: 'us-east-1',
  traffic: { terabytesPerDay: 0.001, meanEventBytes: 1_024, peakFactor: 4, sites: 3 },
  packing: { packBytes: 512_000, compression: 'gzip', compressionRatio: 8 },
  stream: { mode: 'provisioned', targetUtilization: 0.8, retentionHours: 24 },
  delivery: { bufferMebibytes: 64, bufferSeconds: 300 },
  lake: { versioned: false, expireAfterDays: 90, originalsExpireAfterDays: 14 },
  warehouse: {
    nodeType: 'rg.large',
    nodes: 1,
    loadIntervalMinutes: 15,
    duplicateLookBackHours: 72,
    retentionDays: 90,
    modelRetentionDays: 400,
    snapshotRetentionDays: 1,
    lakeHistory: false,
    workload: {
      analystQueryMinutes: 15,
      concurrencyScalingClusters: 0,
      concurrencyScalingMinutesPerDay: 60,
      lakeTerabytesPerDay: 1,
    },
    vpcCidr: '10.42.0.0/20',
  },
  analysis: USUAL_ANALYSIS,
  alarms: { rejectedPercent: 5 },
  removal: { destroyData: true, confirmDestroyData: 'dev' },
};
