/** Small made-up histories of visits. */

import fc from 'fast-check';
import { HOUR_MILLIS, MINUTE_MILLIS } from '../../lib/contract/units';

/** An event, in the words of its columns; `millis` is its time. */
export interface Click {
  readonly event_id: string;
  readonly event_name: string;
  readonly site_id: string;
  readonly visitor_id: string;
  readonly is_bot: boolean;
  readonly millis: number;
  readonly page_path: string;
  readonly device_class: string;
  readonly channel: string;
  readonly coupon: string | number | undefined;
  readonly amount: number;
  readonly currency: string;
}

/** A session: clicks of a visitor less than half an hour apart, in order. The channel is the first click's. */
export interface Visit {
  readonly key: string;
  readonly site_id: string;
  readonly visitor_id: string;
  readonly is_bot: boolean;
  readonly channel: string;
  readonly device_class: string;
  readonly startMillis: number;
  readonly endMillis: number;
  readonly clicks: readonly Click[];
}

const PAUSE_MILLIS = 30 * 60_000;

/** Which of two clicks comes first: ties go by event id. */
export function inOrder(one: Click, other: Click): number {
  return one.millis - other.millis || (one.event_id < other.event_id ? -1 : 1);
}

/** The sessions of the clicks. */
export function visitsOf(clicks: readonly Click[]): Visit[] {
  const visits: Click[][] = [];
  const open = new Map<string, Click[]>();
  for (const click of [...clicks].sort(inOrder)) {
    const who = JSON.stringify([click.site_id, click.visitor_id, click.is_bot]);
    const current = open.get(who);
    const last = current?.at(-1);
    if (current !== undefined && last !== undefined && click.millis - last.millis < PAUSE_MILLIS)
      current.push(click);
    else {
      const visit = [click];
      visits.push(visit);
      open.set(who, visit);
    }
  }
  return visits.flatMap((members) => {
    const [first] = members;
    const last = members.at(-1);
    if (first === undefined || last === undefined) return [];
    const { site_id, visitor_id, is_bot, channel, device_class } = first;
    const times = { startMillis: first.millis, endMillis: last.millis };
    return [
      { key: first.event_id, site_id, visitor_id, is_bot, channel, device_class, ...times, clicks: members },
    ];
  });
}

/** A Sunday, so that a few days lie in two weeks. */
const START = Date.UTC(2026, 9, 25, 22);

/**
 * Histories that hold what is hard: ties on the millisecond, short and long sessions, visits over midnight and over
 * Sunday, two sites with the same visitor ids, bots that share an id with people.
 */
export function histories(maxClicks = 60): fc.Arbitrary<readonly Click[]> {
  const click = fc.record({
    event_name: fc.constantFrom(
      'page_view',
      'page_view',
      'page_view',
      'add_to_cart',
      'purchase',
      'page_ping',
    ),
    site_id: fc.constantFrom('shop', 'shop', 'shop', 'blog'),
    visitor_id: fc.constantFrom('v1', 'v1', 'v1', 'v2', 'v3'),
    is_bot: fc.constantFrom(false, false, false, false, false, false, true),
    millis: fc
      .tuple(fc.constantFrom(0, 0, 0, 1, 1, 3, 20, 50, 150), fc.constantFrom(0, 0, 1, 29, 58))
      .map(([hours, minutes]) => START + hours * HOUR_MILLIS + minutes * MINUTE_MILLIS),
    page_path: fc.constantFrom('/', '/product/a', '/product/b_1', '/product/b%1', '/cart'),
    device_class: fc.constantFrom('desktop', 'mobile'),
    channel: fc.constantFrom('Direct', 'Email', 'Organic Search'),
    coupon: fc.constantFrom(undefined, undefined, 'AUTUMN', 7),
    amount: fc.constantFrom(0, 1, 2.5, 10),
    currency: fc.constantFrom('EUR', 'EUR', 'USD'),
  });
  return fc
    .array(click, { minLength: 1, maxLength: maxClicks, size: 'max' })
    .map((clicks) =>
      clicks.map((fields, index) => ({ ...fields, event_id: `e${(index * 7_919) % 10_007}` })),
    );
}

/** The day of a time, in UTC, which is the time zone of all sites here. */
export function dayOf(millis: number): string {
  return new Date(millis).toISOString().slice(0, 10);
}

/** The page views of a visit, in order. */
export function pageViews({ clicks }: Visit): Click[] {
  return clicks.filter(({ event_name }) => event_name === 'page_view');
}
