/** What the warehouse and its loading cost. */
import type { EnvironmentConfig } from '../../config';
import { GIBIBYTE } from '../../contract/units';
import { ASSUMPTIONS, NODE_TYPES, PRICES } from '../facts';
import type { CapacityPlan, CostItem } from '../types';
import { DAYS_PER_MONTH, HOURS_PER_MONTH, SECONDS_PER_MONTH } from '../units';
import { lambdaCost } from './delivery';
import { priced } from './item';

/** Nodes, managed storage and the admin's secret. Automated snapshots of these node types cost nothing. */
export function warehouseCost(
  { nodeType, lakeHistory }: EnvironmentConfig['warehouse'],
  { nodes, storedBytes }: CapacityPlan['warehouse'],
): CostItem[] {
  const glueEndpoint = priced(
    'warehouse',
    'Endpoint for Glue, so that the lake can be queried',
    ASSUMPTIONS.warehouseZones.value * HOURS_PER_MONTH,
    'zone-hours',
    PRICES.interfaceEndpointHour,
  );
  return [
    ...(lakeHistory ? [glueEndpoint] : []),
    priced(
      'warehouse',
      `Redshift nodes, ${nodes} x ${nodeType}`,
      nodes * HOURS_PER_MONTH,
      'node-hours',
      NODE_TYPES[nodeType].usdPerHour,
    ),
    priced(
      'warehouse',
      'Redshift managed storage',
      storedBytes / GIBIBYTE,
      'GB-months',
      PRICES.redshiftManagedStorage,
    ),
    priced('warehouse', 'Secret of the admin', 1, 'secrets', PRICES.secret),
  ];
}

/** The loader, its queue and its schedule. */
export function loadingCost(
  { warehouse }: Pick<EnvironmentConfig, 'warehouse'>,
  plan: Pick<CapacityPlan, 'delivery' | 'warehouse'>,
): CostItem[] {
  const runsPerSecond = 1 / (warehouse.loadIntervalMinutes * 60);
  const runsPerMonth = runsPerSecond * SECONDS_PER_MONTH;
  const objectsPerMonth = plan.delivery.objectsPerDay * DAYS_PER_MONTH;
  const requests =
    objectsPerMonth * ASSUMPTIONS.queueRequestsPerObject.value +
    runsPerMonth * ASSUMPTIONS.queuePollsPerRun.value;
  return [
    ...lambdaCost('loading', 'Loader Lambda', {
      memoryMebibytes: ASSUMPTIONS.loaderMemoryMebibytes.value,
      // The loader follows its statement to the end; it never runs twice at once.
      concurrency: Math.min(
        1,
        plan.warehouse.loadedShareOfTime + runsPerSecond * ASSUMPTIONS.loaderSecondsPerRun.value,
      ),
      invocationsPerSecond: runsPerSecond,
    }),
    priced('loading', 'SQS requests', requests, 'requests', PRICES.sqsRequests, 1e6),
    priced(
      'loading',
      'S3 GETs of footers and COPY',
      objectsPerMonth * ASSUMPTIONS.getsPerObject.value,
      'requests',
      PRICES.s3Get,
      1_000,
    ),
    priced(
      'loading',
      'EventBridge schedule',
      Math.max(0, runsPerMonth - PRICES.schedulerFreeInvocations.value),
      'invocations',
      PRICES.schedulerInvocations,
      1e6,
    ),
  ];
}
