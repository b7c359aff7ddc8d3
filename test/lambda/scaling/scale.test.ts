import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeStreamSummaryCommand,
  KinesisClient,
  LimitExceededException,
  ResourceInUseException,
  type StreamMode,
  type StreamStatus,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import { mockClient } from 'aws-sdk-client-mock';
import { type ScaleOptions, scale } from '../../../lambda/scaling/scale';
import { HOUR_MILLIS, MINUTE_MILLIS } from '../../../lib/contract/units';
import type { ScalingState } from '../../../lib/scaling/types';
import { day, NOW, POLICY } from '../../support/scaling';

const kinesis = mockClient(KinesisClient);
const cloudWatch = mockClient(CloudWatchClient);
const log = { info: jest.fn(), warn: jest.fn(), error: jest.fn() };
let saved: ScalingState[];

beforeEach(() => {
  kinesis.reset();
  cloudWatch.reset();
  jest.resetAllMocks();
  saved = [];
  kinesis.on(UpdateShardCountCommand).resolves({});
});

interface Given {
  readonly status?: StreamStatus;
  readonly mode?: StreamMode;
  /** Until ten minutes ago. @default as now */
  readonly earlierMegabytesPerSecond?: number;
}

/** A stream with so many shards and so many MB/s. */
function given(
  openShards: number,
  megabytesPerSecond: number,
  { status = 'ACTIVE', mode = 'PROVISIONED', earlierMegabytesPerSecond = megabytesPerSecond }: Given = {},
) {
  kinesis.on(DescribeStreamSummaryCommand, { StreamName: 'events' }).resolves({
    StreamDescriptionSummary: {
      StreamName: 'events',
      StreamARN: 'arn:aws:kinesis:us-east-1:111122223333:stream/events',
      StreamStatus: status,
      StreamModeDetails: { StreamMode: mode },
      RetentionPeriodHours: 24,
      StreamCreationTimestamp: new Date(0),
      EnhancedMonitoring: [],
      OpenShardCount: openShards,
    },
  });
  const minutes = day(megabytesPerSecond, earlierMegabytesPerSecond);
  const result = (Id: string, Values: number[]) => ({
    Id,
    StatusCode: 'Complete' as const,
    Timestamps: minutes.map(({ startMillis }) => new Date(startMillis)),
    Values,
  });
  cloudWatch.on(GetMetricDataCommand).resolves({
    MetricDataResults: [
      result(
        'bytes',
        minutes.map(({ bytes }) => bytes),
      ),
      result(
        'records',
        minutes.map(({ records }) => records),
      ),
    ],
  });
}

function run(state: ScalingState, options: Partial<ScaleOptions> = {}) {
  return scale({
    kinesis: new KinesisClient({ region: 'us-east-1' }),
    cloudWatch: new CloudWatchClient({ region: 'us-east-1' }),
    store: {
      load: async () => state,
      save: async (newState) => {
        saved.push(newState);
      },
    },
    log,
    streamName: 'events',
    policy: POLICY,
    now: () => NOW,
    ...options,
  });
}

const updates = () => kinesis.commandCalls(UpdateShardCountCommand).map(({ args }) => args[0].input);

test('a change is made evenly over the shards, written down with its reason, and logged with the numbers', async () => {
  given(100, 90);
  expect(await run({ shards: 100, changes: [] })).toEqual({
    shards: 100,
    shardsNeeded: 113,
    changesLeft: 9,
    isBlocked: false,
    outsideChange: false,
    decision: 'change',
    reason: 'traffic',
    toShards: 125,
  });
  expect(updates()).toEqual([
    { StreamName: 'events', TargetShardCount: 125, ScalingType: 'UNIFORM_SCALING' },
  ]);
  expect(saved).toEqual([
    { shards: 125, changes: [{ atMillis: NOW, fromShards: 100, toShards: 125, reason: 'traffic' }] },
  ]);
  expect(log.info).toHaveBeenCalledWith(
    'Shard count changed',
    expect.objectContaining({
      shards: 100,
      toShards: 125,
      reason: 'traffic',
      explanation: 'the last minutes need 113 shards at 80 % of the limits, 100 are open',
    }),
  );
});

test('when nothing is to be done, nothing is called and nothing is written, but the reason is logged', async () => {
  given(100, 70);
  expect(await run({ shards: 100, changes: [] })).toMatchObject({
    decision: 'hold',
    reason: 'enough',
    changesLeft: 10,
  });
  expect(updates()).toEqual([]);
  expect(saved).toEqual([]);
  expect(log.info).toHaveBeenCalledWith('Shard count kept', expect.objectContaining({ reason: 'enough' }));
});

test('the first look is remembered', async () => {
  given(100, 70);
  await run({ changes: [] });
  expect(saved).toEqual([{ shards: 100, changes: [] }]);
});

test('the end of a change is remembered: cool-down begins with it', async () => {
  given(125, 90);
  const change = {
    atMillis: NOW - 3 * MINUTE_MILLIS,
    fromShards: 100,
    toShards: 125,
    reason: 'traffic',
  } as const;
  await run({ shards: 125, changes: [change] });
  expect(saved).toEqual([{ shards: 125, changes: [{ ...change, settledAtMillis: NOW }] }]);
});

test('a deployment that set the planned count is seen, told and counted', async () => {
  given(109, 140);
  const decision = { outsideChange: true, decision: 'hold', reason: 'cool-down', changesLeft: 9 };
  expect(await run({ shards: 218, changes: [] })).toMatchObject(decision);
  expect(log.warn).toHaveBeenCalledWith('Somebody else changed the shard count', {
    fromShards: 218,
    toShards: 109,
  });
  const outside = { atMillis: NOW, fromShards: 218, toShards: 109, reason: 'outside', settledAtMillis: NOW };
  expect(saved).toEqual([{ shards: 109, changes: [outside] }]);
});

test('after such a deployment the need of the last day’s peak is restored when the cool-down has passed', async () => {
  given(109, 60, { earlierMegabytesPerSecond: 140 });
  const atMillis = NOW - 5 * MINUTE_MILLIS;
  const outside = {
    atMillis,
    fromShards: 218,
    toShards: 109,
    reason: 'outside',
    settledAtMillis: atMillis,
  } as const;
  expect(await run({ shards: 109, changes: [outside] })).toMatchObject({
    decision: 'change',
    reason: 'day-peak',
    // 140 MB/s at 80 % need 175 shards: 75 % more than 109.
    toShards: 191,
  });
});

test('while the stream is changing nothing is called and the state is left alone', async () => {
  given(110, 99, { status: 'UPDATING' });
  const change = {
    atMillis: NOW - MINUTE_MILLIS,
    fromShards: 100,
    toShards: 125,
    reason: 'traffic',
  } as const;
  expect(await run({ shards: 125, changes: [change] })).toMatchObject({
    decision: 'hold',
    reason: 'resharding',
  });
  expect([updates(), saved]).toEqual([[], []]);
});

const metadata = { $metadata: {}, message: 'no' };

test('a change that AWS refuses for a limit is told as blocked and not counted', async () => {
  given(100, 90);
  kinesis.on(UpdateShardCountCommand).rejects(new LimitExceededException(metadata));
  expect(await run({ shards: 100, changes: [] })).toMatchObject({
    decision: 'refused',
    reason: 'traffic',
    isBlocked: true,
    changesLeft: 10,
    toShards: undefined,
  });
  expect(saved).toEqual([]);
  expect(log.error).toHaveBeenCalledWith(
    'AWS refused to change the shard count',
    expect.objectContaining({ toShards: 125, error: 'LimitExceededException: no' }),
  );
});

test('a step down that AWS refuses keeps nobody from more shards', async () => {
  given(100, 10);
  kinesis.on(UpdateShardCountCommand).rejects(new LimitExceededException(metadata));
  expect(await run({ shards: 100, changes: [] })).toMatchObject({ decision: 'refused', isBlocked: false });
});

test('somebody else’s change that has just begun is left to the next run', async () => {
  given(100, 90);
  kinesis.on(UpdateShardCountCommand).rejects(new ResourceInUseException(metadata));
  expect(await run({ shards: 100, changes: [] })).toMatchObject({ decision: 'refused', isBlocked: false });
});

test('a reached ceiling is told as blocked', async () => {
  given(200, 190);
  expect(await run({ shards: 200, changes: [] })).toMatchObject({
    decision: 'hold',
    reason: 'ceiling',
    isBlocked: true,
  });
});

test('other errors fail the run: nothing is guessed', async () => {
  given(100, 90);
  kinesis.on(UpdateShardCountCommand).rejects(new Error('socket hang up'));
  await expect(run({ shards: 100, changes: [] })).rejects.toThrow('socket hang up');
  expect(saved).toEqual([]);
});

test('an on-demand stream is an error that says what to do', async () => {
  given(4, 1, { mode: 'ON_DEMAND' });
  await expect(run({ shards: 4, changes: [] })).rejects.toThrow(
    'The stream events is ON_DEMAND, only PROVISIONED streams are scaled: take stream.scaling out of the configuration, ' +
      'or switch the stream back',
  );
});

test('a run that died after its change finds it again and counts it', async () => {
  given(100, 90);
  const lost = {
    load: async () => ({ shards: 100, changes: [] }),
    save: async () => Promise.reject(new Error('killed')),
  };
  await expect(run({ shards: 100, changes: [] }, { store: lost })).rejects.toThrow('killed');
  given(125, 90);
  expect(await run({ shards: 100, changes: [] }, { now: () => NOW + HOUR_MILLIS })).toMatchObject({
    outsideChange: true,
    changesLeft: 9,
  });
});
