/** A simulation, slice by slice. */
import type { GeneratorSettings } from '../settings';
import { type Counted, Tally } from '../tally';
import type { Truth } from '../truth';
import type { Delivery } from './outbox';
import { Partition } from './partition';
import { makeWorld } from './world';

/**
 * Parts of the population. Fixed, so that the events do not depend on the number of processes, of which there cannot
 * be more than this.
 */
export const PARTITIONS = 16;

/** What a partition hands over in a slice. */
export interface PartitionSlice {
  readonly partition: number;
  readonly deliveries: readonly Delivery[];
}

/** Some or all partitions of a simulation. */
export class Simulation {
  private readonly tally = new Tally();
  private readonly partitions: readonly Partition[];
  private readonly world;

  /**
   * @param partitions numbers of those to simulate here. @default all
   * @throws TablesError when the tables that are asked for cannot be read
   */
  constructor(settings: GeneratorSettings, partitions: readonly number[] = [...Array(PARTITIONS).keys()]) {
    this.world = makeWorld(settings);
    this.partitions = partitions.map(
      (number) => new Partition(this.world, number, eventsOf(settings.events, number), this.tally),
    );
  }

  /** Slices there are: those of the calendar, and one for what arrives after its end. */
  get sliceCount(): number {
    return this.world.calendar.sliceCount + 1;
  }

  /**
   * Simulates everything, once. The events of a simulation are in the order of slices, in a slice in the order of
   * partitions, and in those in the order in which they are handed over.
   */
  *slices(): Generator<readonly PartitionSlice[], void> {
    for (let slice = 0; slice < this.sliceCount; slice++) {
      yield this.partitions.map((partition) => ({
        partition: partition.number,
        deliveries: partition.slice(slice),
      }));
    }
  }

  /** Everything in order, once: `slices` without their bounds. */
  *deliveries(): Generator<Delivery, void> {
    for (const slice of this.slices()) for (const { deliveries } of slice) yield* deliveries;
  }

  /** What was counted so far. */
  counted(): Counted {
    return this.tally.counted();
  }

  /** The truth about what was simulated so far. */
  truth(): Truth {
    return this.tally.truth();
  }
}

/** Events of a partition: all have as many, give or take one. */
function eventsOf(events: number, partition: number): number {
  return Math.floor((events * (partition + 1)) / PARTITIONS) - Math.floor((events * partition) / PARTITIONS);
}
