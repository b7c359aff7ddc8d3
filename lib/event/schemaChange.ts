/** Which changes of the event definition the data already written survive. Pure. */
import { EVENT_COLUMNS, type EventColumn } from './columns';

/** What stored files and tables depend on of a column. Its meaning, origin and repairs may change at any time. */
export interface StoredColumn {
  readonly name: string;
  readonly type: string;
  readonly maxBytes?: number;
  readonly nullable: boolean;
}

/** The definition as stored data depends on it, in file order. */
export function storedSchema(columns: readonly EventColumn[] = EVENT_COLUMNS): StoredColumn[] {
  return columns.map(({ name, type, maxBytes, nullable }) => ({
    name,
    type,
    ...(maxBytes === undefined ? {} : { maxBytes }),
    nullable,
  }));
}

/**
 * What is wrong with a change of the schema, a text a problem with what to do instead; empty when the schema stays as
 * it is or only grows by nullable columns at its end, and when there was none before.
 */
export function schemaProblems(before: readonly StoredColumn[], after: readonly StoredColumn[]): string[] {
  if (before.length === 0) return [];
  const old = new Map(before.map((column) => [column.name, column]));
  const now = new Map(after.map((column) => [column.name, column]));
  const kept = after.filter(({ name }) => old.has(name));
  const remaining = before.filter(({ name }) => now.has(name));
  const lastKept = after.findLastIndex(({ name }) => old.has(name));
  return [
    ...before.filter(({ name }) => !now.has(name)).map(removed),
    ...kept.flatMap((column) => changed(old.get(column.name), column)),
    ...reordered(remaining, kept),
    ...after.flatMap((column, index) => (old.has(column.name) ? [] : added(column, index < lastKept))),
  ];
}

function removed({ name }: StoredColumn): string {
  return `${name} was removed or renamed. Files and tables still have it and COPY reads by position: keep it, and say in its meaning that it is filled no more`;
}

function changed(before: StoredColumn | undefined, after: StoredColumn): string[] {
  if (before === undefined || described(before) === described(after)) return [];
  return [
    `${after.name} was ${described(before)} and is ${described(after)}. Files and tables keep the old form: leave it as it was, and append a column of another name`,
  ];
}

function reordered(before: readonly StoredColumn[], after: readonly StoredColumn[]): string[] {
  const place = before.findIndex(({ name }, index) => after[index]?.name !== name);
  if (place < 0) return [];
  return [
    `${after[place]?.name} stands where ${before[place]?.name} stood. COPY reads files by position: restore the order`,
  ];
}

function added(column: StoredColumn, isInside: boolean): string[] {
  const problems: string[] = [];
  if (isInside) {
    problems.push(
      `${column.name} is new and stands among older columns. COPY reads files by position: move it to the end`,
    );
  }
  if (!column.nullable) {
    problems.push(
      `${column.name} is new and not nullable. Events stored before have no value for it: make it nullable`,
    );
  }
  return problems;
}

function described({ type, maxBytes, nullable }: StoredColumn): string {
  const size = maxBytes === undefined ? '' : `(${maxBytes})`;
  return `${type}${size}${nullable ? '' : ' not null'}`;
}
