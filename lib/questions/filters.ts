/** Parameters that nearly all questions have: which sites, when, whose visits, how many rows. Pure. */

import { literal } from '../contract/sqlText';
import { DAY_MILLIS } from '../contract/units';
import { DEVICE_CLOCK_TOLERANCE_MILLIS, FUTURE_TOLERANCE_MILLIS, MAX_DELAY_MILLIS } from '../event/clock';
import { isBetween, isOneOf } from './conditions';
import { choice, integer, list, type Moment, time } from './parameters';
import { QuestionError, wrongValue } from './questionError';

/** Channels that sql/models tells apart. */
export const CHANNELS: readonly string[] = [
  'Direct',
  'Organic Search',
  'Paid Search',
  'Organic Social',
  'Paid Social',
  'Organic Video',
  'Paid Video',
  'Organic Shopping',
  'Paid Shopping',
  'Display',
  'Cross-network',
  'Paid Other',
  'AI Assistants',
  'Email',
  'Affiliates',
  'Referral',
  'Audio',
  'SMS',
  'Mobile Push Notifications',
  'Unassigned',
];

/** Countries by their two letters, in upper or lower case. */
function country(about: { readonly help: string }) {
  const { read, ...info } = list(about);
  return {
    ...info,
    read: (text: string | undefined, name: string) =>
      read(text, name)?.map((code) => {
        if (/^[A-Za-z]{2}$/.test(code)) return code.toUpperCase();
        throw wrongValue(name, code, 'the two letters of a country, such as DE');
      }),
  };
}

/** Filters of questions. */
export const FILTERS = {
  site: list({ help: 'Only these sites; several with commas.' }),
  from: time({ help: 'From this day, or this time in UTC, on.' }),
  to: time({ help: 'Before this day, or this time in UTC: the day itself is not in.' }),
  device: list({
    help: 'Only these device classes: desktop, mobile, tablet, tv, bot, unknown.',
    options: ['desktop', 'mobile', 'tablet', 'tv', 'bot', 'unknown'],
  }),
  country: country({ help: 'Only these countries, by their two letters.' }),
  channel: list({
    help: 'Only sessions that came by these channels, such as Direct or Email.',
    options: CHANNELS,
  }),
  bots: choice({
    options: ['exclude', 'include', 'only'],
    default: 'exclude',
    help: 'Whether known crawlers, monitors and scripts count.',
  }),
};

/** How much of an answer is given. */
export function limit(preset: number, help = 'At most so many rows.') {
  return integer({ help, default: preset, least: 1, most: 10_000 });
}

type Bots = 'exclude' | 'include' | 'only';

/** Values of filters; one that is undefined lets everything through. */
export interface Filters {
  readonly site?: readonly string[] | undefined;
  readonly from?: Moment | undefined;
  readonly to?: Moment | undefined;
  readonly device?: readonly string[] | undefined;
  readonly country?: readonly string[] | undefined;
  readonly channel?: readonly string[] | undefined;
  readonly bots?: Bots | undefined;
}

/** A model as analysts read it: by its name without bots, else the view with bots. */
export function model(name: 'sessions' | 'page_views' | 'visitors', bots: Bots): string {
  return `analysis.${name}${bots === 'exclude' ? '' : '_with_bots'}`;
}

/** Columns that a filter's values are looked for in. */
const COLUMNS = { site: 'site_id', device: 'device_class', country: 'country', channel: 'channel' } as const;

/** @throws QuestionError when there is no time between */
function refuseEmptyPeriod(fromMillis = Number.NEGATIVE_INFINITY, toMillis = Number.POSITIVE_INFINITY): void {
  if (fromMillis < toMillis) return;
  throw new QuestionError('to', '--to is not after --from: the period must have some time in it');
}

function valueConditions(filters: Filters, alias: string): string[] {
  return Object.entries(COLUMNS).flatMap(([name, column]) => {
    const values = filters[name as keyof typeof COLUMNS];
    return values === undefined ? [] : [isOneOf(`${alias}.${column}`, values)];
  });
}

/**
 * Conditions on rows of a model read by `model(name, bots)`. Days are those of the site's time zone (`local_date`);
 * they are repeated, a day wider, in terms of the time, by which the model is sorted on disk.
 * @param timeColumn the model's time
 */
export function modelConditions(
  filters: Filters,
  alias: string,
  timeColumn: 'started_at' | 'viewed_at',
): string[] {
  const { from, to, bots } = filters;
  refuseEmptyPeriod(from?.millis, to?.millis);
  const onDay = (operator: string, moment: Moment | undefined) =>
    moment?.isDay
      ? [`${alias}.local_date ${operator} ${literal(new Date(moment.millis).toISOString().slice(0, 10))}`]
      : [];
  const atTime = (moment: Moment | undefined, margin: number) =>
    moment && (moment.isDay ? moment.millis + margin : moment.millis);
  return [
    ...valueConditions(filters, alias),
    ...onDay('>=', from),
    ...onDay('<', to),
    ...isBetween(`${alias}.${timeColumn}`, atTime(from, -DAY_MILLIS), atTime(to, DAY_MILLIS)),
    ...(bots === 'only' ? [`${alias}.is_bot`] : []),
  ];
}

/** Conditions on events, other than their time. */
export function eventConditions(filters: Omit<Filters, 'from' | 'to' | 'channel'>, alias: string): string[] {
  const bots = { exclude: [`NOT ${alias}.is_bot`], include: [], only: [`${alias}.is_bot`] };
  return [...valueConditions(filters, alias), ...(filters.bots === undefined ? [] : bots[filters.bots])];
}

/**
 * Conditions that an event's time lies in `[from, to)`, in epoch milliseconds. They are repeated in terms of
 * `received_at`, by which events are sorted on disk: the transform takes no event for one that happened longer than
 * MAX_DELAY_MILLIS before it was received, or longer than FUTURE_TOLERANCE_MILLIS after.
 */
export function eventTimeConditions(
  alias: string,
  from: number | undefined,
  to: number | undefined,
): string[] {
  refuseEmptyPeriod(from, to);
  const receivedFrom = from === undefined ? undefined : from - FUTURE_TOLERANCE_MILLIS;
  const receivedTo = to === undefined ? undefined : to + MAX_DELAY_MILLIS + DEVICE_CLOCK_TOLERANCE_MILLIS;
  return [
    ...isBetween(`${alias}.event_time`, from, to),
    ...isBetween(`${alias}.received_at`, receivedFrom, receivedTo),
  ];
}
