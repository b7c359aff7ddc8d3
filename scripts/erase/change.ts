/**
 * Makes the changes an erasure found: writes objects again without the person's events, and deletes their old versions.
 *
 * Every change is written down before it is made and again when it was checked. Killed in between, the next run
 * compares the object with what was to become of it, and goes on or begins it anew.
 */
import { parquetMetadata } from 'hyparquet';
import { LOADED_INTO_METADATA } from '../../lib/contract/lakeLayout';
import { checksumRows } from '../../lib/erasure/parquet/checksum';
import { findRows } from '../../lib/erasure/parquet/find';
import { withoutRows } from '../../lib/erasure/parquet/rewrite';
import { bufferOf, memorySource } from '../../lib/erasure/parquet/source';
import { type Lake, type ObjectVersion, type ReadObject, sha256 } from './lake';
import { eraseOriginals } from './originals';
import type { Change, Content } from './records';
import { type Hit, isParquet } from './search';
import type { ErasureState } from './state';
import type { Owner } from './subject';

/** What changes are made with. */
export interface ChangeTools {
  readonly lake: Lake;
  readonly owner: Owner;
  readonly state: ErasureState;
  /** Name of the cluster the lake is loaded into. */
  readonly clusterIdentifier: string;
}

/** An object without the owner's events, checked. */
interface Rewritten {
  readonly bytes: Uint8Array;
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  readonly erased: number;
  readonly unopenable: number;
  readonly keptRowsChecksum?: string;
}

/** Goes on with changes that an earlier run had begun. */
export async function finishChanges({ lake, state }: ChangeTools): Promise<void> {
  for (const change of state.changes.filter(({ isDone }) => !isDone)) {
    const versions = (await lake.versions(change.key)).get(change.key) ?? [];
    if (change.action === 'version deleted') {
      await lake.deleteVersions(versions.filter(({ versionId }) => versionId === change.versionId));
      await state.putChange({ ...change, isDone: true });
    } else if ((await lake.storedSha256(change.key)) === change.after?.sha256) {
      await finishRewrite(lake, state, change);
    } else {
      await state.dropChange(change);
    }
  }
}

/**
 * Makes the change for one hit.
 * @param isLoaded the warehouse has taken the object's rows already
 * @returns why it was not made, if it was not
 */
export async function makeChange(
  tools: ChangeTools,
  hit: Hit,
  isLoaded: boolean,
): Promise<string | undefined> {
  const { lake, state } = tools;
  const { version } = hit;
  const was = await lake.read(version);
  if (!version.isLatest) {
    const change: Change = {
      key: version.key,
      versionId: version.versionId,
      action: 'version deleted',
      before: content(was.bytes, was.eTag, await rowCount(version.key, was.bytes, tools.owner)),
      erased: hit.found,
      unopenable: hit.unopenable,
      versionsDeleted: 1,
      isDone: false,
    };
    await state.putChange(change);
    await lake.deleteVersions([version]);
    await state.putChange({ ...change, isDone: true });
    return undefined;
  }
  const rewritten = isParquet(version.key)
    ? await rewriteRows(version, was, tools.owner)
    : rewriteOriginals(version, was, tools.owner);
  const change: Change = {
    key: version.key,
    versionId: version.versionId,
    action: 'rewritten',
    before: content(was.bytes, was.eTag, rewritten.rowsBefore),
    after: content(rewritten.bytes, '', rewritten.rowsAfter),
    erased: rewritten.erased,
    unopenable: rewritten.unopenable,
    ...(rewritten.keptRowsChecksum === undefined ? {} : { keptRowsChecksum: rewritten.keptRowsChecksum }),
    versionsDeleted: 0,
    isDone: false,
  };
  await state.putChange(change);
  const metadata: Record<string, string> = isLoaded
    ? { [LOADED_INTO_METADATA]: tools.clusterIdentifier }
    : {};
  try {
    await lake.rewrite(version, was, rewritten.bytes, metadata);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'PreconditionFailed') throw error;
    await state.dropChange(change);
    return 'it changed while it was rewritten: run again';
  }
  await finishRewrite(lake, state, change);
  return undefined;
}

/** Checks what was written, then deletes every other version of the key. */
async function finishRewrite(lake: Lake, state: ErasureState, change: Change): Promise<void> {
  const { key, after } = change;
  const stored = await lake.storedSha256(key);
  if (after === undefined || stored !== after.sha256) {
    throw new Error(`${key} was to have SHA-256 ${after?.sha256} after it was rewritten, it has ${stored}`);
  }
  const versions = (await lake.versions(key)).get(key) ?? [];
  const latest = versions.find(({ isLatest }) => isLatest);
  const others = versions.filter((version) => version !== latest);
  await lake.deleteVersions(others);
  await state.putChange({
    ...change,
    after: { ...after, eTag: latest?.eTag ?? '' },
    versionsDeleted: change.versionsDeleted + others.length,
    isDone: true,
  });
}

async function rewriteRows({ key }: ObjectVersion, { bytes }: ReadObject, owner: Owner): Promise<Rewritten> {
  const source = memorySource(bytes);
  const metadata = parquetMetadata(bufferOf(bytes));
  const rows = await findRows(source, metadata, owner);
  const erased = [...rows.values()].reduce((total, group) => total + group.size, 0);
  const kept = await checksumRows(source, metadata, rows);
  const after = await withoutRows(bytes, rows);
  const afterMetadata = parquetMetadata(bufferOf(after));
  const left = await checksumRows(memorySource(after), afterMetadata);
  const stillThere = await findRows(memorySource(after), afterMetadata, owner);
  const rowsBefore = Number(metadata.num_rows);
  if (left.checksum !== kept.checksum || left.rows !== rowsBefore - erased || stillThere.size > 0) {
    throw new Error(
      `${key} would not be what it was without ${erased} of ${rowsBefore} rows: ${left.rows} rows with checksum ` +
        `${left.checksum}, to be ${kept.checksum}. Nothing was written`,
    );
  }
  return {
    bytes: after,
    rowsBefore,
    rowsAfter: left.rows,
    erased,
    unopenable: 0,
    keptRowsChecksum: kept.checksum,
  };
}

function rewriteOriginals({ key }: ObjectVersion, { bytes }: ReadObject, owner: Owner): Rewritten {
  const { bytes: after, lines, linesAfter, events, unopenable } = eraseOriginals(bytes, owner);
  if (after === undefined || eraseOriginals(after, owner).bytes !== undefined) {
    throw new Error(`${key} would not be without the events after it was rewritten. Nothing was written`);
  }
  return { bytes: after, rowsBefore: lines, rowsAfter: linesAfter, erased: events, unopenable };
}

async function rowCount(key: string, bytes: Buffer, owner: Owner): Promise<number> {
  return isParquet(key)
    ? Number(parquetMetadata(bufferOf(bytes)).num_rows)
    : eraseOriginals(bytes, owner).lines;
}

function content(bytes: Uint8Array, eTag: string, rows: number): Content {
  return { rows, bytes: bytes.length, eTag, sha256: sha256(bytes) };
}
