import type { ScaleSummary } from '../../../lambda/scaling/scale';
import { METRICS_NAMESPACE, SCALER_ENV, SCALER_METRICS } from '../../../lib/contract/names';
import { POLICY } from '../../support/scaling';

const scale = jest.fn<Promise<ScaleSummary>, []>();
jest.mock('../../../lambda/scaling/scale', () => ({ scale: () => scale() }));

const SUMMARY: ScaleSummary = {
  shards: 100,
  shardsNeeded: 113,
  changesLeft: 9,
  isBlocked: true,
  outsideChange: false,
  decision: 'hold',
  reason: 'ceiling',
  toShards: undefined,
};

const before = { ...process.env };

afterEach(() => {
  process.env = { ...before };
  jest.resetModules();
});

/** The metrics a run prints for CloudWatch. */
async function metricsOf(summary: ScaleSummary): Promise<Record<string, unknown>> {
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    // Makes metrics go to the console that can be watched.
    POWERTOOLS_DEV: 'true',
    POWERTOOLS_METRICS_DISABLED: 'false',
    [SCALER_ENV.streamName]: 'events',
    [SCALER_ENV.stateParameterName]: '/scaling',
    [SCALER_ENV.policy]: JSON.stringify(POLICY),
    [SCALER_ENV.environmentName]: 'test',
  });
  const printed = jest.spyOn(console, 'log').mockImplementation();
  scale.mockResolvedValue(summary);
  const { handler } = await import('../../../lambda/scaling/handler');
  expect(await handler()).toBe(summary);
  const lines = printed.mock.calls.map(([line]) => JSON.parse(String(line)));
  printed.mockRestore();
  expect(lines).toHaveLength(1);
  return lines[0];
}

test('a run publishes what it saw, under the environment alone', async () => {
  const metrics = await metricsOf(SUMMARY);
  expect(metrics).toMatchObject({
    environment: 'test',
    [SCALER_METRICS.shards]: 100,
    [SCALER_METRICS.shardsNeeded]: 113,
    [SCALER_METRICS.changesLeft]: 9,
    [SCALER_METRICS.blocked]: 1,
    [SCALER_METRICS.outsideChanges]: 0,
    _aws: { CloudWatchMetrics: [{ Namespace: METRICS_NAMESPACE, Dimensions: [['environment']] }] },
  });
});

test('what was not measured is not published as 0', async () => {
  const metrics = await metricsOf({
    ...SUMMARY,
    shardsNeeded: undefined,
    isBlocked: false,
    outsideChange: true,
  });
  expect(metrics).not.toHaveProperty([SCALER_METRICS.shardsNeeded]);
  expect(metrics).toMatchObject({ [SCALER_METRICS.blocked]: 0, [SCALER_METRICS.outsideChanges]: 1 });
});
