/** Puts the quarantine into text for people. Pure. */
import { count, counted } from '../../lib/contract/words';
import { asTable } from '../query/formats';
import type { LedgerRow } from './ledger';
import type { ReleaseResult } from './release';

/** The objects in quarantine, a line each. Keys are never cut: they are what the other commands want. */
export function listText(rows: readonly LedgerRow[]): string {
  if (rows.length === 0) return 'The quarantine is empty.';
  return asTable(
    {
      columns: [
        { name: 'since (UTC)', typeName: 'varchar' },
        { name: 'reason', typeName: 'varchar' },
        { name: 'bytes', typeName: 'int8' },
        { name: 'rows', typeName: 'int8' },
        { name: 'key', typeName: 'varchar' },
      ],
      rows: rows.map(({ key, since, reason, bytes, rows: rowCount }) => [
        since.slice(0, 19),
        reason,
        count(bytes),
        rowCount === undefined ? '?' : count(rowCount),
        key,
      ]),
    },
    undefined,
  );
}

/** Everything the ledger says of one object. */
export function showText(rows: readonly LedgerRow[]): string {
  return rows.map(rowText).join('\n\n');
}

function rowText(row: LedgerRow): string {
  const fate =
    row.releasedAt === undefined ? 'in quarantine' : `${row.release} at ${row.releasedAt.slice(0, 19)} UTC`;
  const lines: [string, string][] = [
    ['key', row.key],
    ['lies at', row.quarantineKey],
    ['since', `${row.since.slice(0, 19)} UTC`],
    ['state', fate],
    ['bytes', count(row.bytes)],
    ['rows', row.rows === undefined ? 'unknown: its footer cannot be read' : count(row.rows)],
    ['reason', row.reason],
    ['detail', row.detail.trim()],
  ];
  return lines.map(([name, value]) => `${name.padEnd(8)} ${value}`).join('\n');
}

/** Objects of a selection, and what is known of their rows. */
export interface QuarantineAmount {
  readonly objects: number;
  /** Rows by the footers that can be read. */
  readonly rows: number;
  /** Objects among them whose footers cannot. */
  readonly uncounted: number;
}

/** Objects and rows of a selection, for a question or a promise. */
export function amountText({ objects, rows, uncounted }: QuarantineAmount): string {
  const withoutRows = `${counted(uncounted, 'object')} whose rows nobody can count`;
  if (uncounted > 0 && uncounted === objects) return withoutRows;
  const withRows = `${counted(objects - uncounted, 'object')} with ${counted(rows, 'row')}`;
  return uncounted === 0 ? withRows : `${withRows}, and ${withoutRows}`;
}

/** The amount of rows of the ledger. */
export function amountOf(rows: readonly LedgerRow[]): QuarantineAmount {
  return {
    objects: rows.length,
    rows: rows.reduce((total, row) => total + (row.rows ?? 0), 0),
    uncounted: rows.filter((row) => row.rows === undefined).length,
  };
}

/** What became of each object, a line each. */
export function resultText(results: readonly ReleaseResult[]): string {
  return results
    .map(({ key, outcome, note }) => `${outcome.padEnd(8)} ${key}${note === '' ? '' : `: ${note}`}`)
    .join('\n');
}
