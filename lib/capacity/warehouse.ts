/** How many nodes the warehouse needs, and how much one load may bring. */
import type { EnvironmentConfig } from '../config';
import { TERABYTE } from '../contract/units';
import { bytes, count, megabytes, percent } from '../contract/words';
import type { Demand } from './demand';
import type { StageResult } from './error';
import { ASSUMPTIONS, NODE_TYPES, type NodeFacts } from './facts';
import type { CapacityPlan } from './types';

/** Nodes that loading, storage and the node type each ask for. */
interface NodeNeeds {
  readonly loading: number;
  readonly storage: number;
  readonly minimum: number;
}

/** Plans the warehouse. Refuses more or fewer nodes than a cluster of the type may have. */
export function planWarehouse(
  { warehouse }: Pick<EnvironmentConfig, 'warehouse'>,
  demand: Demand,
  parquetBytesPerDay: number,
): StageResult<CapacityPlan['warehouse']> {
  const type = NODE_TYPES[warehouse.nodeType];
  const storedBytes = parquetBytesPerDay * warehouse.retentionDays;
  const peakBytesPerSecond = demand.jsonBytesPerSecond * demand.peakFactor;
  const needs: NodeNeeds = {
    loading: Math.ceil(peakBytesPerSecond / (loadBytesPerSecond(type) * ASSUMPTIONS.loadingShare.value)),
    storage: Math.ceil(
      storedBytes / (type.managedTerabytes.value * TERABYTE * ASSUMPTIONS.storageFill.value),
    ),
    minimum: type.minNodes.value,
  };
  const wanted = Math.max(needs.loading, needs.storage, needs.minimum);
  const nodes = warehouse.nodes === 'auto' ? wanted : warehouse.nodes;
  const plan: CapacityPlan['warehouse'] = {
    nodeType: warehouse.nodeType,
    nodes,
    reason: `${warehouse.nodes === 'auto' ? 'Planned' : 'Set in the configuration'}: ${because(needs, peakBytesPerSecond, storedBytes)}`,
    storedBytes,
    loadedShareOfTime: demand.jsonBytesPerSecond / (nodes * loadBytesPerSecond(type)),
    maxObjectsPerBatch: ASSUMPTIONS.maxObjectsPerBatch.value,
    maxBytesPerBatch: Math.max(
      ASSUMPTIONS.largestObjectBytes.value,
      Math.floor(
        (nodes * loadBytesPerSecond(type) * ASSUMPTIONS.loadBatchSeconds.value) /
          ASSUMPTIONS.parquetRatio.value,
      ),
    ),
  };
  const warnings =
    nodes < wanted && nodes >= needs.minimum
      ? [
          `warehouse.nodes is ${nodes}, the traffic asks for ${count(wanted)}: loads or analysts will wait at the peak`,
        ]
      : [];
  return { plan, problems: checkNodes(warehouse.nodeType, type, nodes), warnings };
}

/** Event JSON that one node of a type loads per second. */
function loadBytesPerSecond(type: NodeFacts): number {
  return type.slices.value * ASSUMPTIONS.loadBytesPerSecondPerSlice.value;
}

function because(needs: NodeNeeds, peakBytesPerSecond: number, storedBytes: number): string {
  return (
    `loading ${megabytes(peakBytesPerSecond)}/s of events at the peak in ${percent(ASSUMPTIONS.loadingShare.value)} of the time needs ` +
    `${count(needs.loading)}, storing ${bytes(storedBytes)} needs ${count(needs.storage)}, ` +
    `the node type's minimum is ${needs.minimum}`
  );
}

function checkNodes(nodeType: string, type: NodeFacts, nodes: number): string[] {
  const [low, high] = [type.minNodes.value, type.maxNodes.value];
  if (nodes >= low && nodes <= high) return [];
  const advice = nodes > high ? 'choose a larger warehouse.nodeType' : 'raise warehouse.nodes';
  return [`Redshift nodes per ${nodeType} cluster: ${count(nodes)} must be ${low} to ${high}; ${advice}`];
}
