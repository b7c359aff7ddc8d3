/** Whose events are erased, and how to tell them in every form they are kept in. Pure. */
import { createHash } from 'node:crypto';
import { toText } from '../../lambda/transform/coerce';
import { type JsonObject, parseExactly } from '../../lambda/transform/json';
import type { OwnerColumns, RowOwner } from '../../lib/erasure/parquet/find';
import { EVENT_COLUMNS } from '../../lib/event/columns';
import { fitsBytes, shortHash, storable } from '../../lib/event/text';

/** Who asked to be forgotten. */
export interface Subject {
  readonly kind: 'visitor' | 'user';
  /** As the tracker or the site knows it. */
  readonly id: string;
  /** Only events of this site; undefined for all. */
  readonly site: string | undefined;
  /** Events without a user go, too, when their visitor was seen as the user. */
  readonly withVisitors: boolean;
  /** Those visitors, as they are stored. */
  readonly linkedVisitors: ReadonlySet<string>;
}

/** Tells a subject's rows, events and bytes from those of others. */
export interface Owner extends RowOwner {
  /** Whether an event as a sender gave it is theirs. */
  ownsEvent(event: JsonObject): boolean;
  /** Whether bytes that cannot be read as events hold the identifier. */
  isMentioned(bytes: Buffer): boolean;
}

/** Column that holds a subject's identifier. */
export const ID_COLUMNS = { visitor: 'visitor_id', user: 'user_id' } as const;

const ID_BYTES = new Map<string, number>(
  EVENT_COLUMNS.flatMap((column) => ('maxBytes' in column ? [[column.name, column.maxBytes]] : [])),
);

/** An identifier as the transform stores it: one that is too long is kept as a hash. */
export function storedIdentifier(column: 'visitor_id' | 'user_id', id: string): string {
  const text = storable(id);
  return fitsBytes(text, ID_BYTES.get(column) ?? 0) ? text : shortHash(text);
}

/** Tells what is the subject's. */
export function ownerOf(subject: Subject): Owner {
  const column = ID_COLUMNS[subject.kind];
  const stored = storedIdentifier(column, subject.id);
  const { linkedVisitors, site } = subject;
  const owns = (row: OwnerColumns) => {
    if (site !== undefined && row.site_id !== site) return false;
    if (row[column] === stored) return true;
    return row.user_id === undefined && row.visitor_id !== undefined && linkedVisitors.has(row.visitor_id);
  };
  const needles = needlesOf([subject.id, stored, ...linkedVisitors]);
  return {
    identifiers: new Map([
      [column, new Set([stored])],
      ...(subject.kind === 'user' ? [['visitor_id', linkedVisitors] as const] : []),
    ]),
    owns,
    ownsEvent: (event) => ownerColumns(event).some(owns),
    isMentioned: (bytes) => needles.some((needle) => bytes.includes(needle)),
  };
}

/** What identifies the sender of an event; several, when keys differ in letter case only. */
function ownerColumns(event: JsonObject): OwnerColumns[] {
  const values = (name: string) =>
    Object.keys(event)
      .filter((key) => key.toLowerCase() === name)
      .flatMap((key) => toText(event[key]) ?? [])
      .filter((text) => text !== '');
  const orNone = (texts: string[]) => (texts.length > 0 ? texts : [undefined]);
  const visitors = orNone(values('visitor_id').map((id) => storedIdentifier('visitor_id', id)));
  const users = orNone(values('user_id').map((id) => storedIdentifier('user_id', id)));
  const sites = orNone(values('site_id').map(storable));
  return visitors.flatMap((visitor_id) =>
    users.flatMap((user_id) => sites.map((site_id) => ({ visitor_id, user_id, site_id }))),
  );
}

/** An event of a line; undefined when the line is no JSON object. */
export function eventOf(line: string): JsonObject | undefined {
  try {
    const value = parseExactly(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value))
      : undefined;
  } catch {
    return undefined;
  }
}

/** Identifiers as bytes, also as JSON writes them. */
function needlesOf(ids: readonly string[]): Buffer[] {
  const texts = new Set(ids.flatMap((id) => [id, JSON.stringify(id).slice(1, -1)]));
  return [...texts].map((text) => Buffer.from(text));
}

/**
 * Names a request without naming the person: the same only for the same request and salt.
 * @param salt random; once it is gone nobody can try identifiers against the hash
 */
export function subjectHash(salt: string, { kind, id, site, withVisitors }: Subject): string {
  return createHash('sha256')
    .update(JSON.stringify([salt, kind, id, site ?? null, withVisitors]))
    .digest('hex');
}
