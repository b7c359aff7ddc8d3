/** What the functions cost that work on what is loaded: models after each load, upkeep once a day. */
import type { EnvironmentConfig } from '../../config';
import { ASSUMPTIONS } from '../facts';
import type { CostItem } from '../types';
import { SECONDS_PER_DAY } from '../units';
import { lambdaCost } from './delivery';

/** Both wait for statements for as long as these take; the work itself is the cluster's. */
export function modelsCost({ warehouse }: Pick<EnvironmentConfig, 'warehouse'>): CostItem[] {
  const runs = [
    {
      name: 'Models Lambda',
      everySeconds: warehouse.loadIntervalMinutes * 60,
      seconds: ASSUMPTIONS.modelsSecondsPerRun.value,
    },
    { name: 'Upkeep Lambda', everySeconds: SECONDS_PER_DAY, seconds: ASSUMPTIONS.upkeepSecondsPerRun.value },
  ];
  return runs.flatMap(({ name, everySeconds, seconds }) =>
    lambdaCost('warehouse', name, {
      memoryMebibytes: ASSUMPTIONS.waitingFunctionMemoryMebibytes.value,
      concurrency: Math.min(1, seconds / everySeconds),
      invocationsPerSecond: 1 / everySeconds,
    }),
  );
}
