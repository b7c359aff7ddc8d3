/** What the command prints. Pure. */
import Table from 'cli-table3';
import { counted } from '../../lib/contract/words';
import type { ErasureRequest, SearchReport } from './erase';
import { type Receipt, type SearchedPrefix, searchedPrefixes } from './receipt';
import type { NotSearched } from './records';
import type { WarehouseResult } from './warehouse';

/** A dry run, for people. */
export function searchText(report: SearchReport, { target, subject }: ErasureRequest): string {
  const { hits, partitions, warehouse, visitorsOfUser } = report;
  const notSearched = partitions.flatMap((partition) => partition.notSearched);
  const lines = [
    `Dry run on the ${target.title}: nothing was changed. Add --execute to erase.`,
    '',
    searchedTable(searchedPrefixes(partitions)),
    '',
    hits.length === 0 ? 'No object holds events of them.' : 'Objects to change:',
    ...hits.map(
      ({ version, found, unopenable }) =>
        `  ${version.key}: ${counted(found, 'event')}${unopenable > 0 ? `, ${counted(unopenable, 'record')} not to be opened` : ''}` +
        (version.isLatest ? '' : ` (old version ${version.versionId})`),
    ),
    '',
    tablesTable(warehouse, 'to erase'),
    ...leftLines(warehouse, notSearched),
  ];
  if (visitorsOfUser !== undefined) {
    const what = subject.withVisitors ? 'their events without a user are included' : 'see --with-visitors';
    lines.push('', `The user was seen as ${counted(visitorsOfUser, 'visitor')}; ${what}.`);
  }
  return `${lines.join('\n')}\n`;
}

/** A dry run, for machines. */
export function searchJson({ partitions, hits, warehouse, visitorsOfUser }: SearchReport) {
  return {
    searched: searchedPrefixes(partitions),
    notSearched: partitions.flatMap(({ notSearched }) => notSearched),
    found: hits.map(({ version, found, unopenable }) => ({
      key: version.key,
      versionId: version.versionId,
      isLatest: version.isLatest,
      events: found,
      unopenable,
    })),
    warehouse,
    visitorsOfUser,
  };
}

/** An erasure, for people. */
export function receiptText(receipt: Receipt, where: string): string {
  const { totals, warehouse, searched, notSearched, remarks } = receipt;
  const lines = [
    searchedTable(searched),
    '',
    `${counted(totals.objectsRewritten, 'object')} rewritten, ${counted(totals.versionsDeleted, 'old version')} deleted, ` +
      `${counted(totals.erasedFromObjects, 'event')} erased from them` +
      (totals.unopenableRecordsDropped > 0
        ? `, ${counted(totals.unopenableRecordsDropped, 'record')} dropped, not to be opened`
        : ''),
    '',
    tablesTable(warehouse, 'erased'),
    ...leftLines(warehouse, notSearched),
    '',
    `Receipt: ${where}`,
    `Search again (--verify) from ${remarks.searchAgainFrom} on: what was under way has arrived by then.`,
    `Snapshots of the warehouse from before expire by ${remarks.snapshotsExpireBy}.`,
  ];
  return `${lines.join('\n')}\n`;
}

function searchedTable(searched: readonly SearchedPrefix[]): string {
  const table = new Table({ head: ['searched', 'partitions', 'objects', 'versions', 'bytes'], style: PLAIN });
  for (const { prefix, partitions, objects, versions, bytes } of searched) {
    table.push([prefix, partitions, objects, versions, bytes]);
  }
  return table.toString();
}

function tablesTable({ tables }: WarehouseResult, title: string): string {
  const table = new Table({ head: ['table', 'rows before', title, 'rows after'], style: PLAIN });
  for (const { table: name, rowsBefore, found, rowsAfter } of tables) {
    table.push([name, rowsBefore, found, rowsAfter]);
  }
  return table.toString();
}

const PLAIN = { head: [], border: [] };

function leftLines({ left }: WarehouseResult, notSearched: readonly NotSearched[]): string[] {
  const lines = [
    ...left.map(({ table, reason }) => `  ${table}: ${reason}`),
    ...notSearched.map(({ key, versionId, reason }) => `  ${key} (version ${versionId}): ${reason}`),
  ];
  return lines.length === 0 ? [] : ['', 'Not searched:', ...lines];
}
