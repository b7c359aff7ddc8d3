import { conversion, ingestion, lambdaCost } from '../../lib/capacity/cost/delivery';
import { putUnits, shardHours } from '../../lib/capacity/cost/stream';
import { type Demand, demandOf } from '../../lib/capacity/demand';
import { shardNeeds } from '../../lib/capacity/stream';
import { planTransform } from '../../lib/capacity/transform';
import { loadEnvironment } from '../../lib/config';

/**
 * The published cost table of 30 TB a day: 30 days, 1,024-byte events, packs of 512,000 bytes before compression,
 * GiB against prices per GB with decimal tiers, 1 KB = 1,024 bytes in all rounding rules.
 */
function demandWith(packBytes: number, compressionRatio: number): Demand {
  const { traffic, packing } = loadEnvironment('reference');
  return demandOf({
    traffic: { ...traffic, terabytesPerDay: 30, meanEventBytes: 1_024, peakFactor: 1 },
    packing: { ...packing, packBytes, compressionRatio },
  });
}

/** The table gives no conventions for its Lambda row; with one vCPU's memory it implies this speed. */
const EXPANDING_BYTES_PER_SECOND = 57_000_000;

function expandingLambdaUsd(demand: Demand): number {
  const items = lambdaCost('lake', 'Lambda that expands', {
    memoryMebibytes: 1_769,
    concurrency: demand.jsonBytesPerSecond / EXPANDING_BYTES_PER_SECOND,
    invocationsPerSecond: planTransform(demand).plan.invocationsPerSecond,
  });
  return items.reduce((sum, item) => sum + item.usdPerMonth, 0);
}

const COLUMNS = [
  {
    name: 'one event per record',
    demand: demandWith(0, 1),
    shards: [348, 869],
    shardHours: [3_758, 9_385],
    putUnits: 12_305,
    ingestion: 95_819,
    conversion: [75_437, 75_437],
    lambda: 0,
    sum: [187_319, 187_319],
  },
  {
    name: 'packed',
    demand: demandWith(512_000, 1),
    shards: [348, 869],
    shardHours: [3_758, 9_385],
    putUnits: 492,
    ingestion: 22_955,
    conversion: [15_087, 15_087],
    lambda: 0,
    sum: [42_292, 42_292],
  },
  {
    name: 'packed and gzipped',
    demand: demandWith(512_000, 8),
    shards: [44, 109],
    shardHours: [475, 1_177],
    putUnits: 74,
    ingestion: 3_160,
    conversion: [1_961, 15_087],
    lambda: 470,
    sum: [6_140, 19_270],
  },
];

describe.each(COLUMNS)('30 TB a day, $name', (column) => {
  const { demand } = column;
  const atAverage = shardNeeds(demand, 1)[0].shards;
  const atPeak = shardNeeds({ ...demand, peakFactor: 2 }, 0.8)[0].shards;
  const converted = conversion(demand);
  const lambdaUsd = column.lambda === 0 ? 0 : expandingLambdaUsd(demand);

  function expectWithinOnePercent(actual: number, published: number) {
    expect(Math.abs(actual - published)).toBeLessThanOrEqual(published * 0.01);
  }

  it('needs the published shards at the average, and at twice the average with 80 % use', () => {
    expect([atAverage, atPeak]).toEqual(column.shards);
  });

  it('costs the published shard-hours', () => {
    expectWithinOnePercent(shardHours(atAverage).usdPerMonth, column.shardHours[0] ?? 0);
    expectWithinOnePercent(shardHours(atPeak).usdPerMonth, column.shardHours[1] ?? 0);
  });

  it('costs the published PUT units, ingestion and conversion', () => {
    expectWithinOnePercent(putUnits(demand).usdPerMonth, column.putUnits);
    expectWithinOnePercent(ingestion('Firehose ingestion', demand).usdPerMonth, column.ingestion);
    expectWithinOnePercent(converted.usdPerMonthAtBest ?? converted.usdPerMonth, column.conversion[0] ?? 0);
    expectWithinOnePercent(converted.usdPerMonth, column.conversion[1] ?? 0);
  });

  it('costs the published Lambda that expands', () => {
    expectWithinOnePercent(lambdaUsd, column.lambda);
  });

  it('costs the published sum at the average', () => {
    const others =
      shardHours(atAverage).usdPerMonth +
      putUnits(demand).usdPerMonth +
      ingestion('Firehose ingestion', demand).usdPerMonth +
      lambdaUsd;
    expectWithinOnePercent(
      others + (converted.usdPerMonthAtBest ?? converted.usdPerMonth),
      column.sum[0] ?? 0,
    );
    expectWithinOnePercent(others + converted.usdPerMonth, column.sum[1] ?? 0);
  });
});

it('a month of 30 TB a day is 838,190 GiB', () => {
  const demand = demandWith(0, 1);
  expect((demand.jsonBytesPerSecond * 720 * 3_600) / 2 ** 30).toBeCloseTo(838_190.3, 1);
});
