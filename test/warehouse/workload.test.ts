/** Workload management, as Redshift reads it. */
import { loadEnvironment } from '../../lib/config';
import { workloadManagement } from '../../lib/warehouse/workload';
import { MIGRATIONS } from '../support/schemaSteps';

const { workload } = loadEnvironment('prod').warehouse;
const queues = (changes = {}) => JSON.parse(workloadManagement({ workload: { ...workload, ...changes } }));

it('puts the pipeline first, then analysts, then everybody else', () => {
  const [pipeline, analysts, others, shortQueries] = queues();
  expect(pipeline).toMatchObject({ user_group: ['pipeline'], priority: 'highest', auto_wlm: true });
  expect(analysts).toMatchObject({ user_role: ['analyst'], priority: 'normal', concurrency_scaling: 'auto' });
  // The default queue names nobody and must be the last one.
  expect(others).toMatchObject({ priority: 'low' });
  expect(Object.keys(others)).not.toEqual(expect.arrayContaining(['user_group']));
  expect(shortQueries).toEqual({ short_query_queue: true });
});

it('names a group and a role that the migrations make, with the users of all functions in the group', () => {
  const statements = MIGRATIONS.flatMap((migration) => migration.statements);
  expect(statements).toContain('CREATE GROUP pipeline');
  expect(statements).toContain('CREATE ROLE analyst');
  expect(statements.some((sql) => /^ALTER GROUP pipeline ADD USER loader, auditor, modeler$/.test(sql))).toBe(
    true,
  );
});

it('stops an analyst’s query after the configured time, in seconds', () => {
  const [, analysts] = queues({ analystQueryMinutes: 7 });
  expect(analysts.rules[0]).toEqual({
    rule_name: 'runs_too_long',
    predicate: [{ metric_name: 'query_execution_time', operator: '>', value: 420 }],
    action: 'abort',
  });
});

it('borrows no clusters when the configuration says none', () => {
  const scaling = queues({ concurrencyScalingClusters: 0 }).map(
    (queue: Record<string, unknown>) => queue.concurrency_scaling,
  );
  expect(scaling).toEqual(['off', 'off', 'off', undefined]);
});

it('keeps within Redshift’s eight queues and the characters of a rule’s name', () => {
  expect(queues().length).toBeLessThanOrEqual(9);
  for (const { rules = [] } of queues()) {
    for (const { rule_name } of rules) expect(rule_name).toMatch(/^\w{1,32}$/);
  }
});
