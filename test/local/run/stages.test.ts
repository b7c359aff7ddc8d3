import { Closers } from '../../../local/run/closers';
import { createCustomResource } from '../../../local/run/customResources';
import { Loading } from '../../../local/run/loading';
import { Schedule } from '../../../local/run/schedule';

const pause = (millis: number) => new Promise<void>((resolve) => setTimeout(resolve, millis));

describe('a custom resource', () => {
  const definition = {
    logicalId: 'Migrations',
    type: 'Custom::Migrations',
    onEventArn: 'arn:onEvent',
    isCompleteArn: 'arn:isComplete',
    properties: { Checksum: 'abc' },
  };

  it('is created, and asked until it is complete, with what onEvent answered', async () => {
    const calls: [string, unknown][] = [];
    await createCustomResource(definition, async (arn, event) => {
      calls.push([arn, event]);
      if (arn === 'arn:onEvent') return { PhysicalResourceId: 'the-one', Data: { A: 'b' } };
      return { IsComplete: calls.length === 3 };
    });
    expect(calls.map(([arn]) => arn)).toEqual(['arn:onEvent', 'arn:isComplete', 'arn:isComplete']);
    expect(calls[0]?.[1]).toMatchObject({
      RequestType: 'Create',
      LogicalResourceId: 'Migrations',
      ResourceType: 'Custom::Migrations',
      ResourceProperties: { Checksum: 'abc' },
    });
    expect(calls[2]?.[1]).toMatchObject({
      RequestType: 'Create',
      PhysicalResourceId: 'the-one',
      Data: { A: 'b' },
    });
  });

  it('fails when a handler fails', async () => {
    const invoke = () => Promise.reject(new Error('checksum changed'));
    await expect(createCustomResource(definition, invoke)).rejects.toThrow('checksum changed');
  });
});

describe('a schedule', () => {
  it('never runs its task twice at once, goes on after a failure, and waits for the run under way', async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    const errors: unknown[] = [];
    const schedule = new Schedule(
      2,
      async () => {
        most = Math.max(most, ++running);
        runs++;
        await pause(10);
        running--;
        if (runs === 1) throw new Error('first run');
      },
      (error) => errors.push(error),
    );
    while (runs < 3) await pause(2);
    await schedule.close();
    expect({ running, most, errors }).toEqual({ running: 0, most: 1, errors: [new Error('first run')] });
    const runsAtClose = runs;
    await pause(10);
    expect(runs).toBe(runsAtClose);
  });
});

describe('loading until quiet', () => {
  let loading: Loading;
  afterEach(() => loading.close());

  const problems: string[] = [];

  function load(answers: object[], waiting: () => number) {
    let rounds = 0;
    problems.length = 0;
    loading = new Loading({
      schedule: { name: 'load', functionArn: 'arn:loader', everyMillis: 3_600_000, input: {} },
      speedUp: 1,
      invoke: async () => answers[rounds++],
      waitingMessages: waiting,
      onProblem: (problem) => problems.push(problem),
    });
    return loading.untilQuiet().then(() => rounds);
  }

  it('goes on while objects wait, and adds up what was loaded', async () => {
    let waiting = 3;
    const rounds = await load(
      [
        { objectsLoaded: 2, rowsStaged: 10, rowsNew: 9, rowsDuplicate: 1 },
        { objectsLoaded: 1, rowsStaged: 5, rowsNew: 5, rowsDuplicate: 0 },
      ],
      () => --waiting - 1,
    );
    expect(rounds).toBe(2);
    expect(loading.totals).toMatchObject({ objectsLoaded: 3, rowsStaged: 15, rowsNew: 14, rowsDuplicate: 1 });
  });

  it('goes on when all a round did was to move objects aside, and says so loudly', async () => {
    let waiting = 2;
    const answers = [
      { objectsQuarantined: 3, rowsQuarantined: 7, objectsQuarantinedUncounted: 1 },
      { objectsLoaded: 1 },
    ];
    expect(await load(answers, () => --waiting)).toBe(2);
    expect(problems).toEqual([
      'Went to quarantine, because they cannot be loaded: 2 objects with 7 rows, and 1 object whose rows nobody can ' +
        'count (npm run quarantine -- list)',
    ]);
  });

  it('ends when a round has achieved nothing, rather than go on for ever', async () => {
    expect(await load([{ messagesIgnored: 1 }, { objectsUnreadable: 1 }], () => 1)).toBe(2);
  });
});

describe('closing', () => {
  it('goes backwards, takes every step although one fails, and happens once', async () => {
    const order: string[] = [];
    const closers = new Closers();
    closers.closing({ close: () => void order.push('first') });
    closers.add(() => Promise.reject(new Error('stuck')));
    closers.add(async () => void order.push('last'));
    await expect(closers.close()).rejects.toMatchObject({ errors: [new Error('stuck')] });
    await closers.close();
    expect(order).toEqual(['last', 'first']);
  });
});
