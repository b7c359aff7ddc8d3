import { Backlog } from '../../../lambda/loader/backlog';

const message = (id: string, receipt = '1') => ({
  messageId: id,
  receiptHandle: `${id}/${receipt}`,
  receives: Number(receipt),
});

describe('Backlog', () => {
  it('tells a key once, however many messages name it, and lets all of them go with it', () => {
    const backlog = new Backlog();
    expect(backlog.add(message('a'), ['x'])).toEqual({ newKeys: ['x'], isDone: false });
    expect(backlog.add(message('b'), ['x'])).toEqual({ newKeys: [], isDone: false });
    expect(backlog.settle(['x'])).toEqual([message('a'), message('b')]);
    expect(backlog.size).toBe(0);
  });

  it('holds a message until the last of its keys is settled', () => {
    const backlog = new Backlog();
    backlog.add(message('a'), ['x', 'y']);
    expect(backlog.settle(['x'])).toEqual([]);
    expect(backlog.settle(['y'])).toEqual([message('a')]);
  });

  it('has nothing left to do for a message about what is settled already', () => {
    const backlog = new Backlog();
    backlog.add(message('a'), ['x']);
    backlog.settle(['x']);
    expect(backlog.add(message('b'), ['x'])).toEqual({ newKeys: [], isDone: true });
    expect(backlog.add(message('c'), ['x', 'y'])).toEqual({ newKeys: ['y'], isDone: false });
    expect(backlog.settle(['y'])).toEqual([message('c')]);
  });

  it('keeps the latest receipt handle of a message received twice', () => {
    const backlog = new Backlog();
    backlog.add(message('a', '1'), ['x']);
    backlog.add(message('a', '2'), ['x']);
    expect(backlog.settle(['x'])).toEqual([message('a', '2')]);
  });

  it('knows which messages name none of some keys', () => {
    const backlog = new Backlog();
    backlog.add(message('a'), ['x']);
    backlog.add(message('b'), ['y']);
    expect(backlog.heldExcept(new Set(['x']))).toEqual([message('b')]);
  });

  it('takes news of a key that was released for something new, unlike news of one that was settled', () => {
    const backlog = new Backlog();
    backlog.add(message('a'), ['x']);
    expect(backlog.release(['x'])).toEqual([message('a')]);
    expect(backlog.add(message('b'), ['x'])).toEqual({ newKeys: ['x'], isDone: false });
  });

  it('knows how often news of a key was received', () => {
    const backlog = new Backlog();
    backlog.add(message('a', '2'), ['x']);
    backlog.add(message('b', '3'), ['x', 'y']);
    expect(['x', 'y', 'z'].map((key) => backlog.receives(key))).toEqual([3, 3, 0]);
  });
});
