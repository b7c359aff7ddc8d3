/** Redshift's managed-storage node types. */
import type { EnvironmentConfig } from '../../config';
import { documented, type Fact, own, thirdParty } from './fact';

export type NodeType = EnvironmentConfig['warehouse']['nodeType'];

/** What one node of a type brings, and how many nodes a cluster may have. */
export interface NodeFacts {
  readonly slices: Fact;
  /** Managed storage of one node, TB of 10^12 bytes. */
  readonly managedTerabytes: Fact;
  readonly minNodes: Fact;
  readonly maxNodes: Fact;
  readonly usdPerHour: Fact;
}

const GUIDE = 'Redshift management guide, clusters and nodes';
const PRICING = 'Redshift pricing, on demand';

function node(slices: number, terabytes: number, min: number, max: number, usdPerHour: Fact): NodeFacts {
  return {
    slices: documented(slices, 'slices/node', GUIDE),
    managedTerabytes: documented(terabytes, 'TB/node', GUIDE),
    minNodes: documented(min, 'nodes', GUIDE),
    maxNodes: documented(max, 'nodes', GUIDE),
    usdPerHour,
  };
}

const hourly = (usd: number) => thirdParty(usd, 'USD/node-hour', PRICING);

export const NODE_TYPES: Readonly<Record<NodeType, NodeFacts>> = {
  'ra3.large': node(2, 8, 1, 16, own(0.543, 'USD/node-hour', PRICING)),
  'ra3.xlplus': node(2, 32, 2, 16, hourly(1.086)),
  'ra3.4xlarge': node(4, 128, 2, 32, hourly(3.26)),
  'ra3.16xlarge': node(16, 128, 2, 128, hourly(13.04)),
  'rg.large': node(2, 8, 1, 16, hourly(0.38)),
  'rg.xlarge': node(2, 32, 2, 16, hourly(0.76)),
  'rg.4xlarge': node(8, 128, 2, 32, hourly(3.043)),
  'rg.12xlarge': node(16, 128, 2, 128, hourly(9.13)),
};
