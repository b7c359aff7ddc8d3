import { allFacts, regionalQuotas } from '../../lib/capacity/facts';
import { factsReport } from '../../scripts/plan/facts';

describe('the table of facts', () => {
  it('is what this snapshot shows: a change of a price or a limit is to be seen in review', () => {
    expect(factsReport(allFacts())).toMatchSnapshot();
  });

  it('names every fact once, with a positive value, a unit and a source', () => {
    const names = allFacts().map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const [, fact] of allFacts()) {
      expect(fact.value).toBeGreaterThan(0);
      expect(fact.unit).not.toBe('');
      expect(fact.source).not.toBe('');
    }
  });

  it.each([
    ['us-east-1', 20_000],
    ['us-west-2', 20_000],
    ['eu-west-1', 20_000],
    ['eu-central-1', 1_000],
  ])('gives %s %d shards', (region, shards) => {
    expect(regionalQuotas(region).shards).toBe(shards);
  });
});
