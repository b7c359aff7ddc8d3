/** A row in the making: what was read of an event, and the columns filled so far. */
import { EVENT_COLUMNS, type EventColumn, type EventRow } from '../../lib/event/columns';
import { fitsBytes, shortHash, truncateBytes } from '../../lib/event/text';
import { type Inspection, type JsonObject, newInspection } from './json';

type Column = (typeof EVENT_COLUMNS)[number];
type NameOf<T extends Column['type']> = Extract<Column, { type: T }>['name'];

/** Names of the columns that hold plain text. */
export type TextColumnName = NameOf<'string'>;
/** Names of the columns that hold times. */
export type TimeColumnName = NameOf<'timestamp'>;

/** A row of which columns may still be missing. */
type RowDraft = { -readonly [C in keyof EventRow]?: EventRow[C] };

/** All columns in order, undefined: copies share one hidden class, which keeps rows fast to fill and to write. */
const EMPTY_ROW: RowDraft = Object.fromEntries(EVENT_COLUMNS.map(({ name }) => [name, undefined]));

const TEXT_LIMITS = new Map<string, Required<Pick<EventColumn, 'maxBytes' | 'tooLong'>>>(
  EVENT_COLUMNS.filter((column) => column.type === 'string').map((column) => [column.name, column]),
);

export class EventDraft {
  readonly row: RowDraft = { ...EMPTY_ROW };
  /** Times the sender gave, in epoch milliseconds. */
  readonly times: { [C in TimeColumnName]?: number } = {};
  /** The client's whole address, to be truncated and then forgotten. */
  ip: string | undefined;
  properties: JsonObject | undefined;
  items: readonly unknown[] | undefined;
  /** Fields that are no columns by their lower-cased names, and `invalid_<column>` for values no column can take. */
  readonly extras: (readonly [name: string, value: unknown])[] = [];
  /** What is to know of properties, items and extras. */
  readonly found: Inspection = newInspection();
  /** Texts that were cut or hashed to fit. */
  truncatedValues = 0;

  /** Stores text, cut or hashed to its column's bytes. Nothing and empty text leave the column as it is. */
  setText(name: TextColumnName, value: string | undefined): void {
    if (value === undefined || value === '') return;
    const limits = TEXT_LIMITS.get(name);
    this.row[name] =
      limits === undefined || fitsBytes(value, limits.maxBytes)
        ? value
        : this.shorten(value, limits.maxBytes, limits.tooLong);
  }

  /** Stores text where the sender gave none. */
  deriveText(name: TextColumnName, value: string | undefined): void {
    if (this.row[name] === undefined) this.setText(name, value);
  }

  /** Keeps a value its column cannot take. */
  keepInvalid(column: string, value: unknown): void {
    this.extras.push([`invalid_${column}`, value]);
  }

  private shorten(value: string, maxBytes: number, tooLong: EventColumn['tooLong']): string {
    // Whether to reject is decided on the whole value, by the row's checks.
    if (tooLong === 'reject') return value;
    this.truncatedValues++;
    return tooLong === 'hash' ? shortHash(value) : truncateBytes(value, maxBytes);
  }
}
