/** What `planCapacity` answers: the numbers the stacks deploy and the reasons behind them. */

/** A limit that asks for shards, and how many. */
export interface ShardNeed {
  /** Which limit: bytes written, records written, or bytes read by standard consumers. */
  readonly limit: 'bytes in' | 'records in' | 'bytes out';
  /** Demand at the peak, in the limit's own unit per second. */
  readonly demandPerSecond: number;
  /** What one shard takes, in the same unit per second. */
  readonly perShardPerSecond: number;
  /** Shards this limit alone needs at the target utilization, rounded up. */
  readonly shards: number;
}

/** One line of the monthly bill (30 days, 720 hours, us-east-1 prices), in USD. */
export interface CostItem {
  readonly stage: 'stream' | 'lake' | 'warehouse' | 'loading' | 'monitoring';
  readonly name: string;
  /** The amount billed, in `unit`. */
  readonly quantity: number;
  readonly unit: string;
  readonly usdPerMonth: number;
  /** What the line would cost on AWS's kindest reading of an undocumented rule, where it differs. */
  readonly usdPerMonthAtBest?: number;
}

/** Something that costs and is not in the bill. */
export interface UnbilledItem {
  readonly name: string;
  /** The most it can cost, in USD, and the setting that sees to it; left out: nothing limits it. */
  readonly ceiling?: { readonly usdPerMonth: number; readonly setting: string };
}

export interface CapacityPlan {
  readonly stream: {
    /** Shards to provision, with `stream.scaling` to begin with; undefined in on-demand mode. */
    readonly shards: number | undefined;
    readonly needs: readonly ShardNeed[];
    /** The limit that needs the most shards. */
    readonly binding: ShardNeed['limit'];
    readonly eventsPerSecondAtPeak: number;
    readonly recordsPerSecondAtPeak: number;
    readonly bytesPerSecondAtPeak: number;
    /** Bytes of one record as it is put: packed and compressed. */
    readonly meanRecordBytes: number;
  };
  readonly transform: {
    /** Firehose's buffer hint for the function, MiB: as much as its answer can carry within Lambda's 6 MB. */
    readonly bufferMebibytes: number;
    readonly bufferSeconds: number;
    readonly memoryMebibytes: number;
    readonly timeoutSeconds: number;
    /** Bytes of a mean answer, to hold against Lambda's 6 MB. */
    readonly meanAnswerBytes: number;
    /** Of the mean second. */
    readonly invocationsPerSecond: number;
    readonly invocationsPerSecondAtPeak: number;
    /** Concurrent executions in the mean second: billed seconds per second. */
    readonly concurrency: number;
    /** Concurrent executions at the peak. */
    readonly concurrencyAtPeak: number;
  };
  readonly delivery: {
    readonly bufferMebibytes: number;
    readonly bufferSeconds: number;
    readonly objectsPerDay: number;
    readonly meanObjectBytes: number;
    readonly parquetBytesPerDay: number;
  };
  readonly warehouse: {
    readonly nodeType: string;
    readonly nodes: number;
    /** Why this many nodes. */
    readonly reason: string;
    readonly storedBytes: number;
    /** Share of the time that loads run in the mean second. */
    readonly loadedShareOfTime: number;
    readonly maxObjectsPerBatch: number;
    readonly maxBytesPerBatch: number;
  };
  readonly cost: {
    readonly items: readonly CostItem[];
    readonly usdPerMonth: number;
    /** The total with every line at its kindest reading. */
    readonly usdPerMonthAtBest: number;
    readonly notIncluded: readonly UnbilledItem[];
  };
  /** What to know before deploying: a quota to ask for, a setting that is costly. */
  readonly warnings: readonly string[];
}
