import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { TRANSFORM_METRICS } from '../../lib/contract/names';
import { thresholds } from '../../lib/monitoring/thresholds';
import { resourcesOf, synthesize } from '../support/testApp';

const dev = synthesize('dev');
const prod = synthesize('prod');
const reference = synthesize('reference');
const RUNBOOK = readFileSync(path.resolve(__dirname, '../../docs/runbook.md'), 'utf8');

interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly Period?: number;
  readonly Metrics?: readonly {
    readonly Expression?: string;
    readonly MetricStat?: { readonly Period: number };
  }[];
  readonly TreatMissingData: string;
  readonly AlarmActions: readonly unknown[];
}

/** Alarms by name, without `clickstream-<environment>-`. */
function alarmsOf({ config, templates }: typeof dev): Record<string, AlarmProperties> {
  return Object.fromEntries(
    Object.values(resourcesOf(templates.monitoring, 'AWS::CloudWatch::Alarm')).map(({ Properties }) => {
      const alarm = Properties as unknown as AlarmProperties;
      return [alarm.AlarmName.replace(`clickstream-${config.name}-`, ''), alarm];
    }),
  );
}

describe('alarms', () => {
  test('watch every way in which events can get late or lost', () => {
    expect(Object.keys(alarmsOf(reference)).sort()).toEqual([
      'audit-difference',
      'audit-failing',
      'consumer-lag',
      'conversion-failed',
      'dead-letters',
      'delivery-late',
      'load-failed',
      'models-late',
      'no-successful-load',
      'objects-quarantined',
      'objects-requeued',
      'objects-unreadable',
      'oldest-object',
      'partitions-unregistered',
      'reads-throttled',
      'rejected-delivery-late',
      'rejected-share',
      'rows-missing',
      'scaling-blocked',
      'scaling-stopped',
      'transform-failing',
      'upkeep-failed',
      'warehouse-disk',
      'warehouse-unhealthy',
      'writes-throttled',
    ]);
  });

  test.each(Object.entries(alarmsOf(prod)))(
    '%s tells somebody what to do, and has a section in the runbook',
    (name, alarm) => {
      expect(alarm.AlarmActions).toHaveLength(1);
      expect(alarm.AlarmDescription).toMatch(/^[A-Z].{40,}\. Runbook: docs\/runbook\.md#/);
      expect(alarm.AlarmDescription.endsWith(`#${name}`)).toBe(true);
      // GitHub makes the anchor from the heading.
      expect(RUNBOOK.split('\n')).toContain(`## ${name}`);
    },
  );

  test('the runbook has no section of an alarm that is no more', () => {
    const sections = RUNBOOK.split('\n').filter((line) => /^## [a-z]/.test(line));
    expect(sections.map((line) => line.slice(3)).sort()).toEqual(Object.keys(alarmsOf(reference)).sort());
  });

  test('where the shard count is fixed, none is about scaling', () => {
    expect(dev.config.stream.scaling).toBeUndefined();
    expect(Object.keys(alarmsOf(dev)).filter((name) => name.startsWith('scaling'))).toEqual([]);
  });

  test('a stream that is sent to and not looked at is noticed within a quarter of an hour', () => {
    const alarm = alarmsOf(reference)['scaling-stopped'];
    expect(alarm?.Metrics?.find(({ Expression }) => Expression)?.Expression).toBe(
      'IF(FILL(received, 0) > 0 AND FILL(shards, 0) < 1, 1, 0)',
    );
    expect(alarm?.EvaluationPeriods).toBe(3);
  });

  test('their thresholds follow from buffers and intervals', () => {
    // Reference: Firehose buffers 300 s behind a transform buffer of 60 s; loads every 5 minutes, each at most 15.
    expect(reference.plan.transform.bufferSeconds).toBe(60);
    expect(thresholds(reference.config, reference.plan)).toEqual({
      behindLatestMillis: 300_000,
      freshnessSeconds: 720,
      rejectedFreshnessSeconds: 600,
      transformErrors: 4,
      rejectedPercent: 1,
      oldestObjectSeconds: 1_500,
      loadWindowMinutes: 31,
      diskPercent: 80,
    });
    const alarms = alarmsOf(reference);
    expect(alarms['delivery-late']?.Threshold).toBe(720);
    expect(alarms['oldest-object']?.Threshold).toBe(1_500);
    expect(alarms['rejected-share']?.Threshold).toBe(1);
    // Dev loads every 15 minutes: an object may wait 45.
    expect(alarmsOf(dev)['oldest-object']?.Threshold).toBe(2_700);
    expect(alarmsOf(dev)['rejected-share']?.Threshold).toBe(5);
  });

  test('a pipeline that loads nothing although events come in is noticed within an hour or so', () => {
    const alarm = alarmsOf(reference)['no-successful-load'];
    expect(alarm?.Metrics?.find(({ Expression }) => Expression)?.Expression).toBe(
      'IF(FILL(received, 0) > 0 AND FILL(loaded, 0) < 1, 1, 0)',
    );
    expect(alarm?.Metrics?.flatMap(({ MetricStat }) => MetricStat?.Period ?? [])).toEqual([1_860, 1_860]);
    expect(alarm?.EvaluationPeriods).toBe(2);
  });

  test('a threshold is reached from below, except that of health', () => {
    const { 'warehouse-unhealthy': health, ...others } = alarmsOf(reference);
    expect(health?.ComparisonOperator).toBe(ComparisonOperator.LESS_THAN_THRESHOLD);
    expect(new Set(Object.values(others).map((alarm) => alarm.ComparisonOperator))).toEqual(
      new Set([ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD]),
    );
  });

  test('an idle environment raises none: no data is no alarm', () => {
    expect(new Set(Object.values(alarmsOf(dev)).map((alarm) => alarm.TreatMissingData))).toEqual(
      new Set(['notBreaching']),
    );
  });

  test('no alarm looks back further than CloudWatch evaluates', () => {
    for (const { EvaluationPeriods, Period, Metrics } of Object.values(alarmsOf(dev))) {
      const periods = [Period ?? 0, ...(Metrics ?? []).map(({ MetricStat }) => MetricStat?.Period ?? 0)];
      expect(Math.max(...periods) * EvaluationPeriods).toBeLessThanOrEqual(86_400);
      expect(periods.every((period) => period % 60 === 0)).toBe(true);
    }
  });
});

test('alarms are announced on an encrypted topic, by mail where an address is configured', () => {
  prod.templates.monitoring.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
  prod.templates.monitoring.hasResourceProperties('AWS::SNS::Subscription', {
    Protocol: 'email',
    Endpoint: 'data-platform@example.com',
  });
  dev.templates.monitoring.resourceCountIs('AWS::SNS::Subscription', 0);
  prod.templates.monitoring.hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: 'Allow',
          Action: 'sns:Publish',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
        }),
      ]),
    },
  });
});

test('the dashboard follows an event from the stream to the warehouse', () => {
  const [dashboard] = Object.values(
    resourcesOf(reference.templates.monitoring, 'AWS::CloudWatch::Dashboard'),
  );
  const body = JSON.stringify(dashboard?.Properties.DashboardBody);
  const stages = ['## Stream', '## Transform', '## Delivery', '## Loading', '## Warehouse'].map((title) =>
    body.indexOf(title),
  );
  expect(stages.every((position) => position >= 0)).toBe(true);
  expect(stages).toEqual(stages.toSorted((a, b) => a - b));
  expect(body).toContain(TRANSFORM_METRICS.eventsRejected);
});
