/** How traffic is spread over time: a daily curve in everybody's own time zone. */
import { HOUR_MILLIS, MINUTE_MILLIS } from '../../../lib/contract/units';
import type { Weighted } from '../chance/weighted';
import { endMillis, type GeneratorSettings } from '../settings';
import type { Network, Place } from '../tables/types';

/** Traffic by local hour, in relation to the busiest. */
const DAILY_CURVE = [
  0.3, 0.2, 0.13, 0.1, 0.1, 0.14, 0.25, 0.42, 0.58, 0.68, 0.73, 0.76, 0.8, 0.78, 0.74, 0.74, 0.77, 0.82, 0.88,
  0.95, 1, 0.97, 0.8, 0.52,
];

/** A slice is written at once: short enough to be held in memory, long enough to be worth a message. */
const MOST_SLICE_MILLIS = 15 * MINUTE_MILLIS;
const LEAST_SLICE_MILLIS = 1_000;
const EVENTS_PER_SLICE = 20_000;

/** Traffic at a place at a time, from 0 to 1, where 1 is the busiest hour. */
export function activity({ utcOffsetHours }: Place, millis: number): number {
  const localHours = (millis / HOUR_MILLIS + utcOffsetHours) % 24;
  const hour = Math.floor(localHours);
  const here = DAILY_CURVE[hour] ?? 1;
  const next = DAILY_CURVE[(hour + 1) % 24] ?? 1;
  return here + (next - here) * (localHours - hour);
}

/** The simulated time, in slices of equal length. */
export class Calendar {
  readonly sliceMillis: number;
  readonly sliceCount: number;
  private readonly startMillis: number;
  /** Share of all traffic until the end of each slice. */
  private readonly shares: Float64Array;

  constructor(settings: GeneratorSettings, networks: Weighted<Network>) {
    const duration = endMillis(settings) - settings.startMillis;
    const wanted = Math.round((duration * EVENTS_PER_SLICE) / settings.events);
    this.startMillis = settings.startMillis;
    this.sliceMillis = Math.min(MOST_SLICE_MILLIS, Math.max(LEAST_SLICE_MILLIS, wanted));
    this.sliceCount = Math.ceil(duration / this.sliceMillis);
    this.shares = new Float64Array(this.sliceCount);
    const hours = hourlyTraffic(networks);
    let sum = 0;
    for (let slice = 0; slice < this.sliceCount; slice++) {
      const middle = this.sliceStart(slice) + this.sliceMillis / 2;
      sum += hours[Math.floor(middle / HOUR_MILLIS) % 24] ?? 0;
      this.shares[slice] = sum;
    }
    for (let slice = 0; slice < this.sliceCount; slice++)
      this.shares[slice] = (this.shares[slice] ?? 0) / sum;
  }

  sliceStart(slice: number): number {
    return this.startMillis + slice * this.sliceMillis;
  }

  /** The slice a time lies in; a time before the first is taken for the first, those after the last have none. */
  sliceOf(millis: number): number {
    return Math.max(0, Math.floor((millis - this.startMillis) / this.sliceMillis));
  }

  /** How many of `events` are due by the end of a slice. */
  dueBy(slice: number, events: number): number {
    return slice >= this.sliceCount - 1 ? events : Math.round(events * (this.shares[slice] ?? 1));
  }
}

/** Traffic by UTC hour of all places together. */
function hourlyTraffic(networks: Weighted<Network>): number[] {
  const byPlace = new Map<Place, number>();
  for (const { value, weight } of networks.choices) {
    byPlace.set(value.place, (byPlace.get(value.place) ?? 0) + weight);
  }
  return Array.from({ length: 24 }, (_, hour) => {
    let traffic = 0;
    for (const [place, weight] of byPlace) traffic += weight * activity(place, (hour + 0.5) * HOUR_MILLIS);
    return traffic;
  });
}
