/** A plan as a person reads it: what binds and why, sizes, cost, alternatives, warnings. */
import type { Alternative, CapacityPlan, CostItem, ShardNeed, UnbilledItem } from '../../lib/capacity';
import type { EnvironmentConfig } from '../../lib/config';
import { bytes, count, counted, dollars, mebibytes, percent, rounded } from '../../lib/contract/words';
import { table } from './table';

/** The whole report. */
export function planReport(
  config: EnvironmentConfig,
  plan: CapacityPlan,
  alternatives: readonly Alternative[],
): string {
  return [
    heading(config),
    streamSection(config, plan.stream),
    transformSection(plan.transform),
    deliverySection(plan.delivery),
    warehouseSection(plan.warehouse),
    costSection(plan.cost),
    alternativesSection(alternatives),
    warningsSection(plan.warnings),
  ].join('\n\n');
}

function section(title: string, ...lines: string[]): string {
  return [title, '='.repeat(title.length), ...lines].join('\n');
}

function heading({ name, region, traffic, packing }: EnvironmentConfig): string {
  const packed =
    packing.packBytes === 0 ? 'one event a record' : `packs of ${bytes(packing.packBytes)} of events`;
  const compressed =
    packing.compression === 'gzip' ? `gzip ${rounded(packing.compressionRatio)}:1` : 'not compressed';
  return (
    `Environment ${name} in ${region}: ${bytes(traffic.terabytesPerDay * 1e12)} a day of ` +
    `${count(traffic.meanEventBytes)}-byte events from ${counted(traffic.sites, 'site')}, ` +
    `peak ${rounded(traffic.peakFactor)} x the mean; ${packed}, ${compressed}.`
  );
}

function streamSection(config: EnvironmentConfig, stream: CapacityPlan['stream']): string {
  const { targetUtilization } = config.stream;
  const size = stream.shards === undefined ? 'on-demand' : counted(stream.shards, 'shard');
  const { scaling } = config.stream;
  const following =
    scaling === undefined
      ? []
      : [
          `Follows the traffic from there, between ${count(scaling.minShards)} and ${count(scaling.maxShards)} shards; ` +
            'the bill is that of the planned count.',
        ];
  return section(
    `Stream: ${size}, bound by ${stream.binding}`,
    `At the peak ${count(stream.eventsPerSecondAtPeak)} events/s in ${rounded(stream.recordsPerSecondAtPeak)} ` +
      `records/s of ${bytes(stream.meanRecordBytes)}. Planned to fill a shard to ${percent(targetUtilization)}.`,
    ...following,
    table(
      ['limit', { numbers: 'at the peak' }, { numbers: 'one shard takes' }, { numbers: 'shards' }],
      stream.needs.map((need) => [
        need.limit,
        rate(need.limit, need.demandPerSecond),
        rate(need.limit, need.perShardPerSecond),
        count(need.shards),
      ]),
    ),
  );
}

function rate(limit: ShardNeed['limit'], perSecond: number): string {
  return limit === 'records in' ? `${rounded(perSecond)} records/s` : `${bytes(perSecond)}/s`;
}

function transformSection(transform: CapacityPlan['transform']): string {
  return section(
    `Transform: buffer of ${transform.bufferMebibytes} MiB or ${transform.bufferSeconds} s`,
    `A mean answer is ${mebibytes(transform.meanAnswerBytes)} of the 6 MiB Lambda allows: expanded, with derived ` +
      'columns, in base64.',
    `At the peak ${rounded(transform.invocationsPerSecondAtPeak)} invocations/s, ` +
      `${rounded(transform.concurrencyAtPeak)} at once, ${count(transform.memoryMebibytes)} MiB each.`,
  );
}

function deliverySection(delivery: CapacityPlan['delivery']): string {
  return section(
    `Delivery: buffer of ${delivery.bufferMebibytes} MiB or ${delivery.bufferSeconds} s`,
    `${count(delivery.objectsPerDay)} objects a day of ${bytes(delivery.meanObjectBytes)}, ` +
      `${bytes(delivery.parquetBytesPerDay)} of Parquet a day.`,
  );
}

function warehouseSection(warehouse: CapacityPlan['warehouse']): string {
  return section(
    `Warehouse: ${count(warehouse.nodes)} x ${warehouse.nodeType}`,
    `${warehouse.reason}.`,
    `Stores ${bytes(warehouse.storedBytes)}. Loads run ${percent(warehouse.loadedShareOfTime)} of the time on the ` +
      `mean, at most ${count(warehouse.maxObjectsPerBatch)} objects or ${bytes(warehouse.maxBytesPerBatch)} each.`,
  );
}

/** Lines below this many USD are added up into one. */
const SMALL_LINE_USD = 0.005;

function costSection(cost: CapacityPlan['cost']): string {
  const shown = cost.items.filter((item) => item.usdPerMonth >= SMALL_LINE_USD);
  const rest = cost.items.filter((item) => item.usdPerMonth > 0 && item.usdPerMonth < SMALL_LINE_USD);
  const restUsd = rest.reduce((sum, item) => sum + item.usdPerMonth, 0);
  const best = cost.items.filter((item) => item.usdPerMonthAtBest !== undefined);
  return section(
    `Cost: ${dollars(cost.usdPerMonth)} USD a month`,
    table(
      ['stage', 'item', { numbers: 'quantity' }, 'unit', { numbers: 'USD/month' }],
      [
        ...shown.map((item) => [
          item.stage,
          item.name,
          rounded(item.quantity),
          item.unit,
          dollars(item.usdPerMonth),
        ]),
        ['', `${counted(rest.length, 'line')} under a cent`, '', '', dollars(restUsd)],
        ['', 'Total', '', '', dollars(cost.usdPerMonth)],
      ],
    ),
    ...best.map(atBest),
    `Not in it: ${cost.notIncluded.map(unbilled).join('; ')}.`,
  );
}

function unbilled({ name, ceiling }: UnbilledItem): string {
  return ceiling === undefined
    ? name
    : `${name}, at most ${dollars(ceiling.usdPerMonth)} USD (${ceiling.setting})`;
}

function atBest(item: CostItem): string {
  return (
    `${item.name} is reckoned on expanded records. AWS does not say which size it meters; if it is the size as put, ` +
    `the line is ${dollars(item.usdPerMonthAtBest ?? item.usdPerMonth)} USD.`
  );
}

function alternativesSection(alternatives: readonly Alternative[]): string {
  const refused = alternatives.filter((alternative) => alternative.plan === undefined);
  return section(
    'Alternatives, USD a month',
    table(
      [
        'the same events, sent',
        { numbers: 'shards' },
        { numbers: 'stream' },
        { numbers: 'lake' },
        { numbers: 'warehouse' },
        { numbers: 'other' },
        { numbers: 'total' },
        { numbers: 'at best' },
      ],
      alternatives.map(alternativeRow),
    ),
    ...refused.map(({ name, refusal }) => `${name} is refused: ${refusal.join('; ')}`),
  );
}

function alternativeRow({ name, plan }: Alternative): string[] {
  if (plan === undefined) return [name, 'refused', '', '', '', '', '', ''];
  const stage = (...stages: CostItem['stage'][]) =>
    dollars(
      plan.cost.items
        .filter((item) => stages.includes(item.stage))
        .reduce((sum, item) => sum + item.usdPerMonth, 0),
    );
  return [
    name,
    plan.stream.shards === undefined ? 'on-demand' : count(plan.stream.shards),
    stage('stream'),
    stage('lake'),
    stage('warehouse'),
    stage('loading', 'monitoring'),
    dollars(plan.cost.usdPerMonth),
    dollars(plan.cost.usdPerMonthAtBest),
  ];
}

function warningsSection(warnings: readonly string[]): string {
  if (warnings.length === 0) return section('Warnings', 'None.');
  return section('Warnings', ...warnings.map((warning) => `* ${warning}.`));
}
