/** Counts what a correct pipeline must find in NDJSON lines: plainly, and without any code of the pipeline. */

export interface SampleTruth {
  lines: number;
  blank: number;
  /** Lines with something on them. */
  events: number;
  rejected: Record<string, number>;
  /** Events that become rows, copies included. */
  rows: number;
  /** Rows left when every event counts once. */
  uniqueRows: number;
  purchases: number;
  /** Cents per currency of the purchases, each once. */
  revenueCents: Record<string, number>;
  /** Distinct visitors of the rows. */
  visitors: number;
  bySite: Record<string, number>;
}

type Fields = Record<string, unknown>;

/** Counts lines. */
export function sampleTruth(lines: Iterable<string>): SampleTruth {
  const truth: SampleTruth = {
    lines: 0,
    blank: 0,
    events: 0,
    rejected: {},
    rows: 0,
    uniqueRows: 0,
    purchases: 0,
    revenueCents: {},
    visitors: 0,
    bySite: {},
  };
  const ids = new Set<string>();
  const visitors = new Set<unknown>();
  for (const line of lines) {
    truth.lines += 1;
    if (line.trim() === '') {
      truth.blank += 1;
      continue;
    }
    truth.events += 1;
    const event = readEvent(line);
    if (typeof event === 'string') {
      add(truth.rejected, event, 1);
      continue;
    }
    truth.rows += 1;
    const id = typeof event.event_id === 'string' ? event.event_id : `line ${truth.lines}`;
    if (ids.has(id)) continue;
    ids.add(id);
    truth.uniqueRows += 1;
    add(truth.bySite, String(event.site_id), 1);
    if (event.visitor_id !== undefined) visitors.add(event.visitor_id);
    if (event.event_name === 'purchase') {
      truth.purchases += 1;
      add(truth.revenueCents, String(event.currency), Math.round(Number(event.event_value) * 100));
    }
  }
  truth.visitors = visitors.size;
  return truth;
}

function add(counts: Record<string, number>, key: string, amount: number): void {
  counts[key] = (counts[key] ?? 0) + amount;
}

/** The event on a line, keys in lower case, or why it has to be rejected. */
function readEvent(line: string): Fields | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'not_json';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not_an_object';
  const event: Fields = Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key.toLowerCase(), field]),
  );
  if (depth(value) > 64) return 'json_too_deep';
  if (!isText(event.event_name)) return 'missing_event_name';
  if (!isText(event.site_id)) return 'missing_site_id';
  if (Buffer.byteLength(String(event.site_id)) > 64) return 'site_id_too_long';
  const isTooLarge = [event.properties, event.items].some(
    (field) => field !== undefined && Buffer.byteLength(JSON.stringify(field)) > 32_768,
  );
  return isTooLarge ? 'json_too_large' : event;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function depth(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depth));
}
