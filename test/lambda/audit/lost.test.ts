import fc from 'fast-check';
import { lostObjects } from '../../../lambda/audit/lost';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const GRACE = 45 * 60_000;

const waiting = (ageMinutes: number, key = `object-${ageMinutes}`) => ({
  key,
  bytes: 1,
  createdAtMillis: NOW - ageMinutes * 60_000,
});
const minutesAgo = (minutes: number) => NOW - minutes * 60_000;
const state = { nowMillis: NOW, graceMillis: GRACE, queuedMessages: 5, newestLoadedMillis: minutesAgo(1) };
const keys = (objects: readonly { key: string }[]) => objects.map(({ key }) => key);

describe('lost objects', () => {
  it('are those that younger ones have overtaken', () => {
    const { lost, queued } = lostObjects([waiting(44), waiting(50)], state);
    expect(keys(lost)).toEqual(['object-50']);
    expect(queued).toEqual([]);
  });

  it('are all that have waited too long when the queue is empty', () => {
    const objects = [waiting(10), waiting(45), waiting(600)];
    const { lost } = lostObjects(objects, { ...state, queuedMessages: 0, newestLoadedMillis: undefined });
    expect(keys(lost)).toEqual(['object-45', 'object-600']);
  });

  it('are not those of a warehouse that is down: nothing overtakes them', () => {
    const objects = Array.from({ length: 5_000 }, (_, index) => waiting(60 + index, `${index}`));
    const down = { ...state, queuedMessages: 5_000, newestLoadedMillis: minutesAgo(61) };
    expect(lostObjects(objects, down).lost).toEqual([]);
    const few = lostObjects(objects.slice(0, 3), down);
    expect(few.lost).toEqual([]);
    expect(few.queued).toHaveLength(3);
  });

  it('are not those of a backlog that is being loaded in whatever order', () => {
    const objects = Array.from({ length: 5_000 }, (_, index) => waiting(60 + index, `${index}`));
    expect(lostObjects(objects, { ...state, queuedMessages: 5_100 }).lost).toEqual([]);
  });

  it('are many when the queue holds fewer messages than objects wait', () => {
    const objects = Array.from({ length: 5_000 }, (_, index) => waiting(60 + index, `${index}`));
    expect(lostObjects(objects, { ...state, queuedMessages: 40 }).lost).toHaveLength(5_000);
  });

  it('never include one that has not waited for the grace, and none is named twice', () => {
    const ages = fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 200 });
    fc.assert(
      fc.property(ages, fc.nat(300), fc.option(fc.nat(3_000)), (minutes, queuedMessages, newest) => {
        const objects = minutes.map((age, index) => waiting(age, `${index}`));
        const newestLoadedMillis = newest === null ? undefined : minutesAgo(newest);
        const { lost, queued } = lostObjects(objects, { ...state, queuedMessages, newestLoadedMillis });
        const late = objects.filter(({ createdAtMillis }) => createdAtMillis <= NOW - GRACE);
        expect(keys([...lost, ...queued]).sort()).toEqual(keys(late).sort());
      }),
    );
  });
});
