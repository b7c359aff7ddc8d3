import { HOUR_MILLIS, MINUTE_MILLIS } from '../../lib/contract/units';
import { changesLeft, INITIAL_STATE, reconcile, withChange } from '../../lib/scaling/state';
import type { ScalingState } from '../../lib/scaling/types';
import { changed, NOW, settled } from '../support/scaling';

const CHANGE = {
  atMillis: NOW - 2 * MINUTE_MILLIS,
  fromShards: 100,
  toShards: 125,
  reason: 'traffic',
} as const;

describe('holding the state against the stream', () => {
  it('only remembers the count at the first look', () => {
    expect(reconcile(INITIAL_STATE, settled(100))).toEqual({
      state: { shards: 100, changes: [] },
      outsideChange: undefined,
    });
  });

  it('changes nothing when nothing has changed', () => {
    const state = changed(100, 3, 1);
    expect(reconcile(state, settled(100)).state).toBe(state);
  });

  it('waits while the stream is changing, whatever its count is meanwhile', () => {
    const state = withChange({ shards: 100, changes: [] }, CHANGE);
    expect(reconcile(state, { ...settled(110), isSettled: false })).toEqual({
      state,
      outsideChange: undefined,
    });
  });

  it('notes when a change of its own has ended', () => {
    const state = withChange({ shards: 100, changes: [] }, CHANGE);
    expect(reconcile(state, settled(125))).toEqual({
      state: { shards: 125, changes: [{ ...CHANGE, settledAtMillis: NOW }] },
      outsideChange: undefined,
    });
  });

  it('counts a change that somebody else made', () => {
    const { state, outsideChange } = reconcile({ shards: 218, changes: [] }, settled(109));
    expect(outsideChange).toEqual({
      atMillis: NOW,
      fromShards: 218,
      toShards: 109,
      reason: 'outside',
      settledAtMillis: NOW,
    });
    expect(state).toEqual({ shards: 109, changes: [outsideChange] });
    expect(changesLeft(state, NOW)).toBe(9);
  });

  it('counts its own change as an outside one when it died before it could write it down', () => {
    const before: ScalingState = { shards: 100, changes: [] };
    expect(changesLeft(reconcile(before, settled(125)).state, NOW)).toBe(9);
  });
});

describe('changes left', () => {
  it('are ten less those of the last 24 hours', () => {
    expect(changesLeft(INITIAL_STATE, NOW)).toBe(10);
    expect(changesLeft(changed(100, 3, 23), NOW)).toBe(7);
    expect(changesLeft(changed(100, 3, 24.1), NOW)).toBe(10);
  });

  it('are given back a few minutes late, never early', () => {
    const state = changed(100, 1, 24);
    expect(changesLeft(state, NOW)).toBe(9);
    expect(changesLeft(state, NOW + 5 * MINUTE_MILLIS)).toBe(10);
  });

  it('are none, not fewer, when others have made more than ten', () => {
    expect(changesLeft(changed(100, 12, 1), NOW)).toBe(0);
  });
});

it('the newest change is remembered for as long as there is no newer one, older ones for a day', () => {
  const old = changed(100, 5, 48);
  const atMillis = NOW;
  const state = withChange(old, { ...CHANGE, atMillis });
  expect(state.changes).toEqual([{ ...CHANGE, atMillis }]);
  expect(reconcile(old, settled(100)).state.changes).toHaveLength(5);
});

it('what is remembered stays small however often others change the count', () => {
  let state: ScalingState = { shards: 1, changes: [] };
  for (let index = 0; index < 200; index++) {
    state = reconcile(state, {
      nowMillis: NOW + index * (HOUR_MILLIS / 60),
      openShards: 2 + index,
      isSettled: true,
    }).state;
  }
  expect(state.changes).toHaveLength(16);
  expect(state.changes.at(-1)?.toShards).toBe(201);
});
