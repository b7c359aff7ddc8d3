/** What the scaling of the stream looks at, remembers and answers. */

/** What CloudWatch measured in one minute. A minute without a measurement is left out. */
export interface MinuteTraffic {
  /** When the minute began, epoch milliseconds. */
  readonly startMillis: number;
  /** Bytes and records Kinesis took: what it turned away is not in them. */
  readonly bytes: number;
  readonly records: number;
  /** Records it turned away; each retry counts again. */
  readonly throttledRecords: number;
}

/** Why the shard count was changed. */
export type ChangeReason =
  /** Records are turned away, or soon will be. */
  | 'emergency'
  /** The last minutes fill the shards beyond the target. */
  | 'traffic'
  /** The busiest minute of the last day would. */
  | 'day-peak'
  /** There are fewer shards than the floor. */
  | 'floor'
  /** The whole last day needed a step fewer. */
  | 'quiet-day'
  /** Somebody else did it: a deployment, or a person. */
  | 'outside';

/** Why it was left alone. */
export type HoldReason =
  /** It is right. */
  | 'enough'
  /** The last change is still under way. */
  | 'resharding'
  /** The last change has ended and nothing has been measured since. */
  | 'no-measurements'
  | 'cool-down'
  /** Records are turned away although the stream as a whole is far from full. */
  | 'hot-shard'
  | 'ceiling'
  /** Only emergencies may use the changes that are left. */
  | 'reserve'
  | 'no-changes-left'
  /** An hour of the last day has no measurement: it may have held the peak. */
  | 'gap'
  /** A step down is due later. */
  | 'step-down-wait';

/** A change of the shard count. */
export interface ShardChange {
  readonly atMillis: number;
  readonly fromShards: number;
  readonly toShards: number;
  readonly reason: ChangeReason;
  /** When the stream was first seen to have settled; undefined while the change is under way. */
  readonly settledAtMillis?: number;
}

/** What is kept from run to run. */
export interface ScalingState {
  /** Shards when the stream was last seen settled, or what they are being changed to; undefined before the first look. */
  readonly shards?: number;
  /** Oldest first. */
  readonly changes: readonly ShardChange[];
}

/** The stream as it is. */
export interface StreamObservation {
  readonly nowMillis: number;
  readonly openShards: number;
  /** False while a change is under way. */
  readonly isSettled: boolean;
}

/** What to do, with the numbers behind it. */
export type Decision = {
  /** One sentence with the numbers that decided. */
  readonly explanation: string;
  /** Shards the last minutes need at the target utilization; undefined when nothing was measured. */
  readonly shardsNeeded: number | undefined;
  /** Changes AWS still allows now, before this decision is carried out. */
  readonly changesLeft: number;
} & (
  | { readonly action: 'change'; readonly toShards: number; readonly reason: ChangeReason }
  | {
      readonly action: 'hold';
      readonly reason: HoldReason;
      /** More shards are needed and forbidden. */
      readonly isBlocked: boolean;
    }
);
