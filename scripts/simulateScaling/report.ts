/** The comparison as a table. */
import { count, dollars } from '../../lib/contract/words';
import { table } from '../plan/table';
import type { Comparison } from './compare';

/** What a person reads. */
export function comparisonReport({ environment, seed, weeks }: Comparison): string {
  return [
    `A week of environment ${environment} (seed ${seed}): daily curves, a flash crowd on Wednesday, a regional outage on Friday.`,
    '',
    table(
      [
        'shards',
        { numbers: 'shard-hours' },
        { numbers: 'throttled (s)' },
        { numbers: 'longest wait (s)' },
        { numbers: 'changes' },
        { numbers: 'in 24 h' },
        { numbers: 'USD/week' },
      ],
      weeks.map((week) => [
        week.name,
        week.shardHours === undefined ? '' : count(week.shardHours),
        count(week.throttledSeconds),
        count(week.longestDelaySeconds),
        count(week.changes),
        count(week.mostChangesInOneDay),
        dollars(week.usd),
      ]),
    ),
  ].join('\n');
}
