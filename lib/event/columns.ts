/**
 * The one definition of an event.
 *
 * Glue columns, staging and final tables, COPY's column list, the transform's coercion, the `EventRow` type and
 * `docs/events.md` are all derived from `EVENT_COLUMNS`; no column name is typed a second time.
 *
 * Columns are only ever appended, and nullable: Parquet files already in the lake are loaded by position. How to:
 * docs/schema-changes.md.
 */

/** How a value is stored. `json` is JSON text in the lake and SUPER in the warehouse. */
export type ColumnType = 'string' | 'timestamp' | 'boolean' | 'int' | 'bigint' | 'double' | 'json';

/**
 * Who fills a column.
 * - `sent`: only the sender; the transform coerces and never invents it.
 * - `sent_or_derived`: the sender's value when it gives a usable one, else derived by the transform.
 * - `derived`: always computed by the transform; a value the sender gives under this name is not used for it.
 * - `stamped`: taken from the Kinesis record that carried the event.
 */
export type ColumnOrigin = 'sent' | 'sent_or_derived' | 'derived' | 'stamped';

/**
 * What happens to text longer than `maxBytes`.
 * - `truncate`: cut at the last whole UTF-8 character that fits.
 * - `hash`: replaced by 32 hex digits of its SHA-256, because a cut identifier could become somebody else's.
 * - `reject`: the event is rejected, because neither a cut nor a hash would mean the same.
 */
export type TooLongPolicy = 'truncate' | 'hash' | 'reject';

/** One column of an event. */
export interface EventColumn {
  /** snake_case, lower case: Firehose's SerDe and Redshift both fold names to lower case. */
  readonly name: string;
  readonly type: ColumnType;
  /** False when every row is guaranteed to carry a value. */
  readonly nullable: boolean;
  /** Bytes of UTF-8, for `string` and `json` only: Redshift's VARCHAR(n) counts bytes. */
  readonly maxBytes?: number;
  /** For `string` and `json` only. */
  readonly tooLong?: TooLongPolicy;
  readonly origin: ColumnOrigin;
  /** What the value means, for the reference page and the Glue and Redshift column comments. */
  readonly meaning: string;
}

/**
 * Longest JSON text of a `json` column. Redshift's staging VARCHAR may hold 65,535 bytes, but wide VARCHARs cost
 * query memory by their declared width, so half of it.
 */
export const MAX_JSON_BYTES = 32_768;

type Options = Partial<Pick<EventColumn, 'nullable' | 'tooLong' | 'origin'>>;
/** What options say as literal types, so that `EventRow` and `InputEvent` can tell columns apart. */
type NullableOf<O extends Options> = O extends { nullable: false } ? false : true;
type OriginOf<O extends Options> = O extends { origin: infer Origin extends ColumnOrigin } ? Origin : 'sent';

function text<const N extends string, const O extends Options = Record<never, never>>(
  name: N,
  maxBytes: number,
  meaning: string,
  options?: O,
) {
  return {
    name,
    type: 'string',
    tooLong: options?.tooLong ?? 'truncate',
    nullable: (options?.nullable ?? true) as NullableOf<O>,
    origin: (options?.origin ?? 'sent') as OriginOf<O>,
    maxBytes,
    meaning,
  } as const;
}

function json<const N extends string>(name: N, meaning: string) {
  return {
    name,
    type: 'json',
    nullable: true,
    tooLong: 'reject',
    origin: 'sent',
    maxBytes: MAX_JSON_BYTES,
    meaning,
  } as const;
}

function scalar<
  const N extends string,
  const T extends Exclude<ColumnType, 'string' | 'json'>,
  const O extends Options = Record<never, never>,
>(name: N, type: T, meaning: string, options?: O) {
  return {
    name,
    type,
    nullable: (options?.nullable ?? true) as NullableOf<O>,
    origin: (options?.origin ?? 'sent') as OriginOf<O>,
    meaning,
  } as const;
}

/** Every column, in the order of Parquet files, staging tables and COPY. Append only. */
export const EVENT_COLUMNS = [
  // What happened, where.
  text(
    'event_id',
    64,
    'Identifies the event; sent again it is the same event. Derived when a source has none.',
    {
      nullable: false,
      tooLong: 'hash',
      origin: 'sent_or_derived',
    },
  ),
  text(
    'event_name',
    128,
    'What happened: page_view, page_ping, add_to_cart, purchase, or a name of the site.',
    {
      nullable: false,
    },
  ),
  text('site_id', 64, 'The site or app the event belongs to.', { nullable: false, tooLong: 'reject' }),
  text('platform', 16, 'web, app, server or another platform the sender names.'),

  // When.
  scalar('occurred_at', 'timestamp', 'When the event happened, as the device said. Not corrected.'),
  scalar('sent_at', 'timestamp', 'When the device sent it, by the same clock as occurred_at.'),
  scalar(
    'received_at',
    'timestamp',
    'When a collector or producer received it; arrived_at when neither said.',
    {
      nullable: false,
      origin: 'sent_or_derived',
    },
  ),
  scalar('arrived_at', 'timestamp', 'When Kinesis accepted the record that carried the event.', {
    nullable: false,
    origin: 'stamped',
  }),
  scalar('event_time', 'timestamp', 'The time to analyse by: occurred_at corrected for the device clock.', {
    nullable: false,
    origin: 'derived',
  }),
  text('event_time_source', 16, 'How event_time came about: device, corrected or received.', {
    nullable: false,
    origin: 'derived',
  }),
  scalar(
    'clock_skew_millis',
    'bigint',
    'Device clock minus receiver clock, in milliseconds, where both are known.',
    {
      origin: 'derived',
    },
  ),
  scalar(
    'is_clock_suspect',
    'boolean',
    'The device clock was too far off to be believed; event_time is received_at.',
    {
      nullable: false,
      origin: 'derived',
    },
  ),
  scalar(
    'received_hour',
    'int',
    'UTC hour of received_at as yyyymmddhh. Its Parquet statistics tell the loader an object’s time span.',
    {
      nullable: false,
      origin: 'derived',
    },
  ),

  // Who.
  text('visitor_id', 128, 'The browser or device, as the tracker knows it.', { tooLong: 'hash' }),
  text('user_id', 128, 'The logged-in user, as the site knows them.', { tooLong: 'hash' }),
  text(
    'session_id',
    128,
    'The session as the tracker counts it; analysis sessions are computed in the warehouse.',
    {
      tooLong: 'hash',
    },
  ),
  scalar('session_number', 'int', 'Which session of the visitor this is, as the tracker counts.'),

  // The page.
  text('page_url', 4096, 'Address of the page, whole.'),
  text('page_scheme', 16, 'https, http, or an app’s scheme; from page_url.', { origin: 'derived' }),
  text('page_host', 255, 'Host of the page in lower case; from page_url.', { origin: 'derived' }),
  text('page_path', 2048, 'Path of the page, starting with a slash; from page_url.', { origin: 'derived' }),
  text('page_query', 2048, 'Query string without the question mark; from page_url.', { origin: 'derived' }),
  text('page_fragment', 1024, 'Fragment without the hash sign; from page_url.', { origin: 'derived' }),
  text('page_title', 1024, 'Title of the page.'),

  // Where the visit came from.
  text('referrer_url', 4096, 'Address of the page that led here, whole.'),
  text('referrer_host', 255, 'Host of the referrer in lower case; from referrer_url.', { origin: 'derived' }),
  text('referrer_medium', 16, 'internal, search, social, email, ai or other; null without a referrer.', {
    origin: 'derived',
  }),
  text('referrer_source', 64, 'Name of the referring service, such as Google.', { origin: 'derived' }),
  text('referrer_term', 512, 'Search words, when the referrer shows them.', { origin: 'derived' }),
  text('utm_source', 255, 'Campaign source; the sender’s or from page_url.', { origin: 'sent_or_derived' }),
  text('utm_medium', 255, 'Campaign medium; the sender’s or from page_url.', { origin: 'sent_or_derived' }),
  text('utm_campaign', 255, 'Campaign name; the sender’s or from page_url.', { origin: 'sent_or_derived' }),
  text('utm_term', 255, 'Campaign keywords; the sender’s or from page_url.', { origin: 'sent_or_derived' }),
  text('utm_content', 255, 'Campaign variant; the sender’s or from page_url.', { origin: 'sent_or_derived' }),
  text('click_id', 512, 'Advertising click id (gclid, fbclid, ...); the sender’s or from page_url.', {
    origin: 'sent_or_derived',
  }),
  text('click_network', 32, 'Advertising network that issued click_id.', { origin: 'sent_or_derived' }),

  // With what.
  text('user_agent', 1024, 'User agent as the device sent it.'),
  text('browser', 64, 'Browser name; the sender’s or from user_agent.', { origin: 'sent_or_derived' }),
  text('browser_version', 32, 'Browser version; the sender’s or from user_agent.', {
    origin: 'sent_or_derived',
  }),
  text('os', 64, 'Operating system; the sender’s or from user_agent.', { origin: 'sent_or_derived' }),
  text('os_version', 32, 'Operating system version; the sender’s or from user_agent.', {
    origin: 'sent_or_derived',
  }),
  text('device_class', 16, 'desktop, mobile, tablet, tv, bot or unknown; from user_agent.', {
    origin: 'sent_or_derived',
  }),
  scalar(
    'is_bot',
    'boolean',
    'The user agent is a known crawler, monitor or script. Bots are flagged, never removed.',
    {
      nullable: false,
      origin: 'derived',
    },
  ),
  text('language', 35, 'Language of the device, BCP 47.'),
  text('time_zone', 64, 'Time zone of the device, IANA name.'),
  scalar('screen_width', 'int', 'Screen width in CSS pixels.'),
  scalar('screen_height', 'int', 'Screen height in CSS pixels.'),
  scalar('viewport_width', 'int', 'Viewport width in CSS pixels.'),
  scalar('viewport_height', 'int', 'Viewport height in CSS pixels.'),

  // From where.
  text(
    'ip_truncated',
    43,
    'Network of the client: IPv4 to /24, IPv6 to /48. The whole address is never stored here.',
    {
      origin: 'derived',
    },
  ),
  text('country', 2, 'ISO 3166-1 alpha-2 country, when a header or the sender gives it.'),
  text('consent', 255, 'Consent the visitor gave, as the sender states it.'),

  // What else.
  scalar('event_value', 'double', 'Amount of the event, such as the revenue of a purchase.'),
  text('currency', 3, 'ISO 4217 currency of event_value.'),
  json('properties', 'Free-form properties of the event: a JSON object with lower-case keys.'),
  json('items', 'Items of a cart or a purchase: a JSON array of objects with lower-case keys.'),

  // How it got here.
  text('tracker_name', 64, 'Tracker or importer that made the event.'),
  text('tracker_version', 32, 'Version of the tracker or importer.'),
  text('schema_version', 16, 'Version of the event definition the sender had in mind.'),
  text('source', 128, 'Where the sender took it from: a tracker endpoint or the name of an imported file.'),
  text('stream_shard_id', 64, 'Kinesis shard that carried the event.', { origin: 'stamped' }),
  text('stream_sequence_number', 64, 'Sequence number of the Kinesis record that carried the event.', {
    origin: 'stamped',
  }),
] as const satisfies readonly EventColumn[];

/** Name of a column. */
export type ColumnName = (typeof EVENT_COLUMNS)[number]['name'];

/**
 * Fields a sender may give that are no columns: `ip` is the client's whole address, truncated into `ip_truncated`
 * and then forgotten.
 */
export const INPUT_ONLY_FIELDS = ['ip'] as const;

type ValueOf<T extends ColumnType> = T extends 'boolean'
  ? boolean
  : T extends 'int' | 'bigint' | 'double'
    ? number
    : string;

/**
 * A row as the transform writes it, one JSON object a line. `timestamp` columns are UTC text
 * `yyyy-MM-dd HH:mm:ss.SSS`; `json` columns are JSON text. A null column is left out.
 */
export type EventRow = {
  [C in (typeof EVENT_COLUMNS)[number] as C['nullable'] extends false ? C['name'] : never]: ValueOf<
    C['type']
  >;
} & {
  [C in (typeof EVENT_COLUMNS)[number] as C['nullable'] extends true ? C['name'] : never]?: ValueOf<
    C['type']
  >;
};

/**
 * An event as a sender gives it: any column that is not derived or stamped, in any order and letter case, plus
 * `ip`. Timestamps may also be epoch milliseconds or ISO 8601; `properties` and `items` may be JSON values.
 * Only `event_name` and `site_id` are required; a key nobody knows is kept in `properties`.
 */
export type InputEvent = { event_name: string; site_id: string; ip?: string } & {
  [C in (typeof EVENT_COLUMNS)[number] as C['origin'] extends 'sent' | 'sent_or_derived'
    ? C['name']
    : never]?: unknown;
} & Record<string, unknown>;
