/** The one table of limits, prices and assumptions behind a plan. A change of any is a change of one line. */
import { ASSUMPTIONS } from './assumptions';
import type { Fact } from './fact';
import { NODE_TYPES } from './nodes';
import { BILLING_UNITS, FIREHOSE_INGESTION_TIERS, PRICES } from './prices';
import { QUOTAS } from './quotas';

export { ASSUMPTIONS } from './assumptions';
export type { Fact, Standing } from './fact';
export { NODE_TYPES, type NodeFacts, type NodeType } from './nodes';
export { BILLING_UNITS, FIREHOSE_INGESTION_TIERS, PRICES, type PriceTier } from './prices';
export { QUOTAS, regionalQuotas } from './quotas';

/** Every fact with its name, for printing: quotas, prices, node types, assumptions. */
export function allFacts(): ReadonlyArray<readonly [name: string, fact: Fact]> {
  const group = (prefix: string, facts: object): Array<readonly [string, Fact]> =>
    Object.entries(facts).map(([name, fact]) => [`${prefix}.${name}`, fact] as const);
  return [
    ...group('quota', QUOTAS),
    ...group('price', PRICES),
    ...FIREHOSE_INGESTION_TIERS.map(
      ({ price }, index) => [`price.firehoseIngestionTier${index + 1}`, price] as const,
    ),
    ...group('billingUnit', BILLING_UNITS),
    ...Object.entries(NODE_TYPES).flatMap(([type, facts]) => group(`node.${type}`, facts)),
    ...group('assumption', ASSUMPTIONS),
  ];
}
