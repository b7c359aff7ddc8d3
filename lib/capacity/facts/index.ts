/** The one table of limits, prices and assumptions behind a plan. A change of any is a change of one line. */
import { ASSUMPTIONS } from './assumptions';
import type { Fact } from './fact';
import { NODE_TYPES } from './nodes';
import { BILLING_UNITS, FIREHOSE_INGESTION_TIERS, PRICES, type PriceTier, S3_STANDARD_TIERS } from './prices';
import { QUOTAS } from './quotas';

export { ASSUMPTIONS } from './assumptions';
export type { Fact, Standing } from './fact';
export { NODE_TYPES, type NodeFacts, type NodeType } from './nodes';
export { BILLING_UNITS, FIREHOSE_INGESTION_TIERS, PRICES, type PriceTier, S3_STANDARD_TIERS } from './prices';
export { QUOTAS, regionalQuotas } from './quotas';

/** Every fact with its name, for printing: quotas, prices, node types, assumptions. */
export function allFacts(): ReadonlyArray<readonly [name: string, fact: Fact]> {
  const group = (prefix: string, facts: object): Array<readonly [string, Fact]> =>
    Object.entries(facts).map(([name, fact]) => [`${prefix}.${name}`, fact] as const);
  const tiers = (prefix: string, steps: readonly PriceTier[]) =>
    steps.map(({ price }, index): readonly [string, Fact] => [`${prefix}${index + 1}`, price]);
  return [
    ...group('quota', QUOTAS),
    ...group('price', PRICES),
    ...tiers('price.firehoseIngestionTier', FIREHOSE_INGESTION_TIERS),
    // The first is price.s3Standard.
    ...tiers('price.s3StandardTier', S3_STANDARD_TIERS).slice(1),
    ...group('billingUnit', BILLING_UNITS),
    ...Object.entries(NODE_TYPES).flatMap(([type, facts]) => group(`node.${type}`, facts)),
    ...group('assumption', ASSUMPTIONS),
  ];
}
