/** Holds what is to be handed over until its time has come. */
import type { RecordReason } from './broken';
import type { Calendar } from './calendar';

/** A record that is broken as a whole. */
export interface BrokenRecord {
  readonly reason: RecordReason;
  /** Which of the forms a reason has; any whole number. */
  readonly variant: number;
  /** The line of a valid event that travels in the record and must not suffer. */
  readonly companion: string | undefined;
}

/** What is handed over: a line, or a broken record. */
export type Delivery = string | BrokenRecord;

/** Events in what is handed over: the broken record is one, and the line it carries another. */
export function countEvents(deliveries: readonly Delivery[]): number {
  let events = deliveries.length;
  for (const what of deliveries) if (typeof what !== 'string' && what.companion !== undefined) events++;
  return events;
}

interface Due {
  readonly millis: number;
  readonly what: Delivery;
}

export class Outbox {
  private readonly bySlice = new Map<number, Due[]>();

  constructor(private readonly calendar: Calendar) {}

  /** @param millis when it is handed over; all that comes after the calendar's end is handed over together */
  put(millis: number, what: Delivery): void {
    const slice = Math.min(this.calendar.sliceOf(millis), this.calendar.sliceCount);
    const dues = this.bySlice.get(slice);
    if (dues === undefined) this.bySlice.set(slice, [{ millis, what }]);
    else dues.push({ millis, what });
  }

  /** Takes what is handed over in a slice, in order of time. */
  take(slice: number): Delivery[] {
    const dues = this.bySlice.get(slice) ?? [];
    this.bySlice.delete(slice);
    return dues.sort((one, other) => one.millis - other.millis).map(({ what }) => what);
  }
}
