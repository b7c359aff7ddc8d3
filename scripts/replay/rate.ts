/** How fast a replay goes, so that live traffic keeps its room. */
import { DescribeStreamSummaryCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { InvalidArgumentError } from 'commander';
import type { PackResult } from '../../lambda/shared/packing';
import { KINESIS_SHARD_BYTES_PER_SECOND } from '../../lib/contract/limits';

/** At most so much a second. */
export interface Rate {
  readonly perSecond: number;
  /** Bytes are those of the records, compressed. */
  readonly unit: 'bytes' | 'events';
}

/** Time; replaced in tests. */
export interface PaceClock {
  /** A clock that never goes back. */
  nowMillis(): number;
  sleep(millis: number): Promise<void>;
}

/**
 * Share of the shards' write limit that a replay takes by default. Streams are planned with a fifth to spare at the
 * peak, and refusals make the sender give way besides.
 */
export const SPARE_SHARE = 0.2;

const SYSTEM_CLOCK: PaceClock = {
  nowMillis: () => performance.now(),
  sleep: (millis) => new Promise((resolve) => setTimeout(resolve, millis)),
};

const UNITS = { B: 1, KB: 1_000, MB: 1_000_000 } as const;

/** Reads `500KB/s`, `2MB/s` or `1000events/s`. */
export function parseRate(text: string): Rate {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(B|KB|MB|events)(?:\/s)?$/.exec(text) ?? [];
  const number = Number(digits);
  if (number > 0 && unit === 'events') return { perSecond: number, unit: 'events' };
  if (number > 0 && (unit === 'B' || unit === 'KB' || unit === 'MB')) {
    return { perSecond: number * UNITS[unit], unit: 'bytes' };
  }
  throw new InvalidArgumentError(
    'It must be bytes or events a second, such as 500KB/s, 2MB/s or 1000events/s.',
  );
}

/** For people. */
export function rateText({ perSecond, unit }: Rate): string {
  return unit === 'events' ? `${perSecond} events/s` : `${(perSecond / UNITS.MB).toFixed(2)} MB/s`;
}

/** A share of what the stream's open shards take. */
export async function spareRate(client: KinesisClient, StreamName: string): Promise<Rate> {
  const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
  const shards = StreamDescriptionSummary?.OpenShardCount ?? 1;
  return { perSecond: shards * KINESIS_SHARD_BYTES_PER_SECOND * SPARE_SHARE, unit: 'bytes' };
}

/** Lets packs through one after the other, each when the ones before it have had their time. */
export class Pace {
  private nextMillis = 0;

  constructor(
    private readonly rate: Rate,
    private readonly clock: PaceClock = SYSTEM_CLOCK,
  ) {}

  readonly packs = async function* (
    this: Pace,
    packs: Iterable<PackResult> | AsyncIterable<PackResult>,
  ): AsyncGenerator<PackResult, void> {
    for await (const pack of packs) {
      if (pack.kind === 'entry') await this.turn(pack.data.length, pack.eventCount);
      yield pack;
    }
  }.bind(this);

  private async turn(bytes: number, events: number): Promise<void> {
    const { unit, perSecond } = this.rate;
    const now = this.clock.nowMillis();
    const turn = Math.max(now, this.nextMillis);
    this.nextMillis = turn + ((unit === 'bytes' ? bytes : events) / perSecond) * 1_000;
    if (turn > now) await this.clock.sleep(turn - now);
  }
}
