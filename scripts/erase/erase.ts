/** Finds what the lake and the warehouse hold of a person and, when told to, erases it. */
import {
  ERRORS_PREFIX,
  EVENTS_PREFIX,
  QUARANTINE_PREFIX,
  REJECTED_PREFIX,
} from '../../lib/contract/lakeLayout';
import type { Target } from '../target/target';
import { finishChanges, makeChange } from './change';
import { Lake } from './lake';
import { type HourRange, partitions } from './partitions';
import { type Horizons, type Receipt, receiptOf } from './receipt';
import type { PartitionRecord } from './records';
import { type Hit, isParquet, searchPartition } from './search';
import { ErasureState } from './state';
import { type Owner, ownerOf, type Subject } from './subject';
import { Warehouse, type WarehouseResult } from './warehouse';

/** Prefixes that hold events or originals; the others hold neither identifiers nor anything they could be told by. */
const SEARCHED_PREFIXES = [EVENTS_PREFIX, QUARANTINE_PREFIX, ERRORS_PREFIX, REJECTED_PREFIX] as const;

/** What an erasure needs of a pipeline. */
export type ErasureTarget = Pick<
  Target,
  'title' | 'environment' | 'bucketName' | 'clusterIdentifier' | 'copyRoleArn' | 's3' | 'dataApi'
>;

/** What is to be erased, of which pipeline. */
export interface ErasureRequest {
  readonly target: ErasureTarget;
  /** Without the linked visitors, which are looked up. */
  readonly subject: Omit<Subject, 'linkedVisitors'>;
  readonly range: HourRange;
  /** Told of every partition when it is done. */
  readonly onProgress: (partition: PartitionRecord, hits: number) => void;
}

/** What a search found; nothing was changed. */
export interface SearchReport {
  readonly partitions: readonly PartitionRecord[];
  readonly hits: readonly Hit[];
  readonly warehouse: WarehouseResult;
  /** Visitors the user was seen as; undefined for a visitor. */
  readonly visitorsOfUser: number | undefined;
}

/** Searches and changes nothing, but that identifiers are staged for the warehouse for as long as it is asked. */
export async function search(request: ErasureRequest): Promise<SearchReport> {
  const { target, range, onProgress } = request;
  const lake = new Lake(target.s3, target.bucketName);
  const warehouse = new Warehouse(target.dataApi(), lake, target.copyRoleArn);
  const { subject, visitorsOfUser } = await withLinkedVisitors(request.subject, warehouse);
  const owner = ownerOf(subject);
  const records: PartitionRecord[] = [];
  const hits: Hit[] = [];
  for await (const prefix of allPartitions(lake, range)) {
    const searched = await searchPartition(lake, prefix, owner);
    records.push(searched.record);
    hits.push(...searched.hits);
    onProgress(searched.record, searched.hits.length);
  }
  return { partitions: records, hits, warehouse: await warehouse.count(subject), visitorsOfUser };
}

/**
 * Erases: the lake first, the warehouse last, then the receipt. Killed at any point, it goes on when it is called with
 * the same request again.
 */
export async function erase(request: ErasureRequest, horizons: Horizons): Promise<Receipt> {
  const { target, range } = request;
  const lake = new Lake(target.s3, target.bucketName);
  const unlinked: Subject = { ...request.subject, linkedVisitors: new Set() };
  const state = await ErasureState.open(lake, unlinked, range);
  const { erasureId } = state.head;
  const warehouse = new Warehouse(target.dataApi(), lake, target.copyRoleArn, erasureId);
  const { subject } = await withLinkedVisitors(request.subject, warehouse);
  const owner = ownerOf(subject);
  await finishChanges({ lake, owner, state, clusterIdentifier: target.clusterIdentifier });
  for await (const prefix of allPartitions(lake, range)) {
    if (!state.isSearched(prefix)) await erasePartition(request, { lake, warehouse, owner, state }, prefix);
  }
  // Last, so that the user's visitors are still known when a killed run is taken up, and what was loaded meanwhile
  // goes, too.
  if (state.warehouse === undefined) await state.setWarehouse(await warehouse.erase(subject, erasureId));
  const receipt = receiptOf(request, state, horizons);
  await state.finish(receipt);
  return receipt;
}

interface Parts {
  readonly lake: Lake;
  readonly warehouse: Warehouse;
  readonly owner: Owner;
  readonly state: ErasureState;
}

async function erasePartition(
  { target, onProgress }: ErasureRequest,
  { lake, warehouse, owner, state }: Parts,
  prefix: string,
): Promise<void> {
  const { record, hits } = await searchPartition(lake, prefix, owner);
  const keys = hits.filter(({ version }) => isParquet(version.key)).map(({ version }) => version.key);
  const loaded = await warehouse.loadedKeys([...new Set(keys)]);
  const tools = { lake, owner, state, clusterIdentifier: target.clusterIdentifier };
  const notSearched = [...record.notSearched];
  // One after another: a rewritten object is in memory whole, and decoded.
  for (const hit of hits) {
    const { key, versionId } = hit.version;
    const reason = await makeChange(tools, hit, loaded.has(key));
    if (reason !== undefined) notSearched.push({ key, versionId, reason });
  }
  const done = { ...record, notSearched };
  await state.addPartition(done);
  onProgress(done, hits.length);
}

async function withLinkedVisitors(
  given: Omit<Subject, 'linkedVisitors'>,
  warehouse: Warehouse,
): Promise<{ subject: Subject; visitorsOfUser: number | undefined }> {
  const subject = { ...given, linkedVisitors: new Set<string>() };
  if (given.kind === 'visitor') return { subject, visitorsOfUser: undefined };
  const visitors = await warehouse.visitorsOf(subject);
  return {
    subject: given.withVisitors ? { ...given, linkedVisitors: visitors } : subject,
    visitorsOfUser: visitors.size,
  };
}

async function* allPartitions(lake: Lake, range: HourRange): AsyncGenerator<string> {
  for (const prefix of SEARCHED_PREFIXES) yield* partitions(lake, prefix, range);
}
