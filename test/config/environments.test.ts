import { planCapacity } from '../../lib/capacity';
import { ENVIRONMENT_NAMES, loadEnvironment } from '../../lib/config';

describe('environments', () => {
  it('are dev, prod and reference', () => {
    expect(ENVIRONMENT_NAMES).toEqual(['dev', 'prod', 'reference']);
  });

  it.each(ENVIRONMENT_NAMES)('%s is valid, carries its own name and passes no quota', (name) => {
    const config = loadEnvironment(name);
    expect(config.name).toBe(name);
    expect(planCapacity(config).cost.usdPerMonth).toBeGreaterThan(0);
  });

  it.each(['staging', '', 'constructor', '__proto__'])('there is none called %p', (name) => {
    expect(() => loadEnvironment(name)).toThrow(
      `There is no environment "${name}":\n  there are: dev, prod, reference`,
    );
  });

  it('of reference takes 30 TB a day from more than 300 sites', () => {
    const { traffic } = loadEnvironment('reference');
    expect(traffic.terabytesPerDay).toBe(30);
    expect(traffic.sites).toBeGreaterThan(300);
  });

  it('delete data in dev alone', () => {
    const deleting = ENVIRONMENT_NAMES.filter((name) => loadEnvironment(name).removal.destroyData);
    expect(deleting).toEqual(['dev']);
  });
});

describe('the dev environment', () => {
  const plan = planCapacity(loadEnvironment('dev'));

  it('takes the least of every size', () => {
    expect(plan.stream.shards).toBe(1);
    expect(plan.warehouse.nodes).toBe(1);
    expect(plan.warnings).toEqual([]);
  });

  it('costs little beside its one Redshift node', () => {
    const node = 0.38 * 720;
    expect(plan.cost.usdPerMonth - node).toBeLessThan(35);
  });
});
