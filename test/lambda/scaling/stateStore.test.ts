import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { parseState, StateStore, serializeState } from '../../../lambda/scaling/stateStore';
import { MINUTE_MILLIS } from '../../../lib/contract/units';
import type { ScalingState } from '../../../lib/scaling/types';
import { NOW } from '../../support/scaling';

const ssm = mockClient(SSMClient);
const store = new StateStore(new SSMClient({ region: 'us-east-1' }), '/scaling');

beforeEach(() => ssm.reset());

const STATE: ScalingState = {
  shards: 125,
  changes: [
    {
      atMillis: NOW,
      fromShards: 80,
      toShards: 100,
      reason: 'traffic',
      settledAtMillis: NOW + 3 * MINUTE_MILLIS,
    },
    { atMillis: NOW + 30 * MINUTE_MILLIS, fromShards: 100, toShards: 125, reason: 'day-peak' },
  ],
};

test('the state is kept as text that people can read', async () => {
  ssm.on(PutParameterCommand).resolves({});
  await store.save(STATE);
  expect(ssm.commandCalls(PutParameterCommand)[0]?.args[0].input).toEqual({
    Name: '/scaling',
    Overwrite: true,
    Value:
      '{"shards":125,"changes":[' +
      '{"at":"2026-03-02T12:00:00.000Z","from":80,"to":100,"reason":"traffic","settledAt":"2026-03-02T12:03:00.000Z"},' +
      '{"at":"2026-03-02T12:30:00.000Z","from":100,"to":125,"reason":"day-peak"}]}',
  });
});

test('what was saved is loaded', async () => {
  ssm.on(GetParameterCommand, { Name: '/scaling' }).resolves({ Parameter: { Value: serializeState(STATE) } });
  expect(await store.load()).toEqual(STATE);
});

test('the parameter as it is deployed is a state without a past', () => {
  expect(parseState('{"changes":[]}')).toEqual({ shards: undefined, changes: [] });
});

test.each([
  '',
  'none',
  '[]',
  '{"shards":0,"changes":[]}',
  '{"changes":[{"at":"yesterday","from":1,"to":2,"reason":"traffic"}]}',
])('a parameter edited to %j is refused with an example of what is right', (text) => {
  expect(() => parseState(text)).toThrow(
    `The scaling state is ${JSON.stringify(text)}, it must be such as {"shards":4,"changes":[]}`,
  );
});

test('the most that is remembered fits a standard parameter of 4 KB', () => {
  const change = {
    atMillis: NOW,
    fromShards: 10_000,
    toShards: 10_000,
    reason: 'emergency',
    settledAtMillis: NOW,
  } as const;
  const state = { shards: 10_000, changes: Array.from({ length: 16 }, () => change) };
  expect(Buffer.byteLength(serializeState(state))).toBeLessThan(4_096);
});

test('any state survives being written and read', () => {
  const time = fc.integer({ min: NOW, max: NOW + 1e9 });
  const shards = fc.integer({ min: 1, max: 10_000 });
  const change = fc.record({
    atMillis: time,
    fromShards: shards,
    toShards: shards,
    reason: fc.constantFrom('emergency', 'traffic', 'day-peak', 'floor', 'quiet-day', 'outside'),
    settledAtMillis: fc.option(time, { nil: undefined }),
  });
  fc.assert(
    fc.property(
      fc.record({ shards: fc.option(shards, { nil: undefined }), changes: fc.array(change) }),
      (state) => {
        expect(parseState(serializeState(state))).toEqual(state);
      },
    ),
  );
});
