/** The table of limits, prices and assumptions as text. */
import type { Fact } from '../../lib/capacity/facts';
import { table } from './table';

/** One line a fact: name, value, unit, standing, source. */
export function factsReport(facts: ReadonlyArray<readonly [name: string, fact: Fact]>): string {
  return table(
    ['fact', { numbers: 'value' }, 'unit', 'standing', 'source'],
    facts.map(([name, { value, unit, standing, source }]) => [
      name,
      value.toLocaleString('en-US', { maximumFractionDigits: 10 }),
      unit,
      standing,
      source,
    ]),
  );
}
