/** Workload management of the cluster: who goes first, who may borrow extra clusters, and which queries are stopped. */

import type { EnvironmentConfig } from '../config';
import { WAREHOUSE } from '../contract/names';

/** Database group of the users the pipeline's functions sign in as; made by sql/migrations/008-upkeep.sql. */
const PIPELINE_GROUP = 'pipeline';

const SECONDS_PER_MINUTE = 60;

/**
 * Value of the parameter `wlm_json_configuration` (Redshift management guide, "Workload management"): automatic WLM
 * with three queues and short query acceleration. The last queue takes everybody else.
 */
export function workloadManagement({ workload }: Pick<EnvironmentConfig['warehouse'], 'workload'>): string {
  const automatic = { queue_type: 'auto', auto_wlm: true };
  return JSON.stringify([
    // Loads, models and the audit are few and short; late ones make everybody's answers wrong.
    {
      ...automatic,
      name: 'Pipeline',
      user_group: [PIPELINE_GROUP],
      priority: 'highest',
      concurrency_scaling: 'off',
    },
    {
      ...automatic,
      name: 'Analysts',
      user_role: [WAREHOUSE.analystRole],
      priority: 'normal',
      concurrency_scaling: workload.concurrencyScalingClusters > 0 ? 'auto' : 'off',
      rules: [
        {
          rule_name: 'runs_too_long',
          predicate: [
            {
              metric_name: 'query_execution_time',
              operator: '>',
              value: workload.analystQueryMinutes * SECONDS_PER_MINUTE,
            },
          ],
          action: 'abort',
        },
        // The mark of a forgotten join condition.
        {
          rule_name: 'nested_loop',
          predicate: [{ metric_name: 'nested_loop_join_row_count', operator: '>', value: NESTED_LOOP_ROWS }],
          action: 'log',
        },
      ],
    },
    { ...automatic, name: 'Others', priority: 'low', concurrency_scaling: 'off' },
    { short_query_queue: true },
  ]);
}

/** Redshift's own template for the rule (developer guide, "WLM query monitoring rules") has 100. */
const NESTED_LOOP_ROWS = 100_000_000;
