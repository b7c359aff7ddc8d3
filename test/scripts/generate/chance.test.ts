import fc from 'fast-check';
import { Random } from '../../../scripts/generate/chance/random';
import { powerLaw, Weighted } from '../../../scripts/generate/chance/weighted';

const draws = (random: Random, count = 5) => Array.from({ length: count }, () => random.next());

describe('random numbers', () => {
  test('are the same for the same seed', () => {
    expect(draws(new Random(7, 1, 2))).toEqual(draws(new Random(7, 1, 2)));
  });

  test('are others when any part of the seed differs in one bit', () => {
    const sequences = [new Random(7), new Random(6), new Random(7, 1), new Random(7, 0, 1)].map((random) =>
      draws(random),
    );
    expect(new Set(sequences.flat()).size).toBe(20);
  });

  test('stay within their bounds, which are both reached', () => {
    const random = new Random(3);
    const drawn = new Set(Array.from({ length: 500 }, () => random.between(-2, 2)));
    expect([...drawn].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
  });

  test('are spread evenly', () => {
    const random = new Random(11);
    const counts = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw++) {
      const bin = random.below(10);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    // Four standard deviations of 10,000 expected are 380.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(380);
  });

  test('make waiting times with the mean asked for', () => {
    const random = new Random(5);
    let sum = 0;
    for (let draw = 0; draw < 50_000; draw++) sum += random.exponential(100);
    expect(sum / 50_000 / 100).toBeCloseTo(1, 1);
  });

  test('make UUIDs of version 4 that do not repeat', () => {
    const random = new Random(1);
    const uuids = new Set(Array.from({ length: 100_000 }, () => random.uuid()));
    expect(uuids.size).toBe(100_000);
    const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect([...uuids].filter((uuid) => !shape.test(uuid))).toEqual([]);
  });
});

describe('weighted choices', () => {
  test('are picked as often as their weights say', () => {
    const weighted = new Weighted([
      { value: 'a', weight: 6 },
      { value: 'b', weight: 3 },
      { value: 'c', weight: 1 },
    ]);
    const random = new Random(9);
    const counts: Record<string, number> = { a: 0, b: 0, c: 0 };
    for (let draw = 0; draw < 100_000; draw++) {
      const value = weighted.pick(random);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    expect(counts.a).toBeGreaterThan(59_300);
    expect(counts.a).toBeLessThan(60_700);
    expect(counts.c).toBeGreaterThan(9_600);
    expect(counts.c).toBeLessThan(10_400);
  });

  test('of a power law fall off with their rank', () => {
    const { choices } = powerLaw(['first', 'second', 'third'], 1);
    expect(choices.map(({ weight }) => weight)).toEqual([1, 1 / 2, 1 / 3]);
  });

  test('are always one of those given, whatever the weights', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 20 }),
        fc.nat(),
        (weights, seed) => {
          const weighted = new Weighted(weights.map((weight, value) => ({ value, weight })));
          const random = new Random(seed);
          for (let draw = 0; draw < 20; draw++) expect(weights[weighted.pick(random)]).toBeDefined();
        },
      ),
    );
  });

  test.each([
    [[], 'There is nothing to pick from, there must be one choice'],
    [[{ value: 'a', weight: 0 }], 'A weight is 0, it must be above 0'],
    [[{ value: 'a', weight: Number.NaN }], 'A weight is NaN, it must be above 0'],
  ])('cannot be made of %j', (choices, message) => {
    expect(() => new Weighted(choices)).toThrow(message);
  });
});
