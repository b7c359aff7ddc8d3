import fc from 'fast-check';
import { FAULT_CASES } from '../../local/faults/cases';
import { FaultPlan } from '../../local/faults/faultPlan';

/** A sequence of decisions of every kind. */
function decisions(seed: number, name: string) {
  const plan = new FaultPlan(seed, name);
  const strikes = Array.from({ length: 20 }, () => plan.strikes(0.5, 100));
  return {
    seed: plan.trafficSeed(),
    strikes,
    order: plan.shuffled([1, 2, 3, 4, 5]),
    pick: plan.pick([1, 2, 3]),
  };
}

describe('a fault plan', () => {
  it('decides the same for the same seed and case, and otherwise for another seed or case', () => {
    expect(decisions(7, 'two-loaders')).toEqual(decisions(7, 'two-loaders'));
    expect(decisions(8, 'two-loaders')).not.toEqual(decisions(7, 'two-loaders'));
    expect(decisions(7, 'sqs-lost')).not.toEqual(decisions(7, 'two-loaders'));
  });

  it('never injects more than it may, and counts each', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 31 - 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(20),
        (seed, share, most) => {
          const plan = new FaultPlan(seed, 'case');
          const struck = Array.from({ length: 50 }, () => plan.strikes(share, most)).filter(Boolean).length;
          return struck <= most && plan.injected === struck;
        },
      ),
    );
  });

  it('shuffles so that the order is another one and nothing is lost', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.integer({ min: 2, max: 9 }), (seed, count) => {
        const items = Array.from({ length: count }, (_, index) => index);
        const shuffled = new FaultPlan(seed, 'case').shuffled(items);
        expect(shuffled).not.toEqual(items);
        expect(shuffled.toSorted((a, b) => a - b)).toEqual(items);
      }),
    );
  });
});

describe('the fault cases', () => {
  it('have names of their own that a command line takes', () => {
    const names = FAULT_CASES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });
});
