/**
 * What a running erasure leaves in the lake, so that the same command goes on where it was killed. It knows the request
 * by a salted hash; salt and state are deleted at the end.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { ERASURES_PREFIX } from '../../lib/contract/lakeLayout';
import type { Lake } from './lake';
import type { HourRange } from './partitions';
import type { Change, PartitionRecord } from './records';
import { type Subject, subjectHash } from './subject';
import type { WarehouseResult } from './warehouse';

const RUNNING_PREFIX = `${ERASURES_PREFIX}running/`;

/** What does not change while an erasure runs, however often it is started. */
export interface ErasureHead {
  readonly erasureId: string;
  readonly salt: string;
  readonly subjectHash: string;
  readonly range: HourRange;
  readonly startedAt: string;
}

/** Key of an erasure's receipt. */
export function receiptKey(erasureId: string): string {
  return `${ERASURES_PREFIX}${erasureId}/receipt.json`;
}

/** The state of one erasure. */
export class ErasureState {
  private constructor(
    private readonly lake: Lake,
    readonly head: ErasureHead,
    readonly isResumed: boolean,
    private readonly partitionRecords: Map<string, PartitionRecord>,
    private readonly changeRecords: Map<string, Change>,
    private warehouseResult: WarehouseResult | undefined,
  ) {}

  /** Takes up the erasure of the same request that was not finished, or begins one. */
  static async open(lake: Lake, subject: Subject, range: HourRange): Promise<ErasureState> {
    const { prefixes } = await lake.level(RUNNING_PREFIX);
    for (const prefix of prefixes) {
      const text = await lake.readText(`${prefix}head.json`);
      if (text === undefined) continue;
      const head: ErasureHead = JSON.parse(text);
      const isSame =
        head.subjectHash === subjectHash(head.salt, subject) &&
        JSON.stringify(head.range) === JSON.stringify(range);
      if (isSame) return ErasureState.resume(lake, head);
    }
    const salt = randomBytes(32).toString('hex');
    const head = {
      erasureId: randomUUID(),
      salt,
      subjectHash: subjectHash(salt, subject),
      range,
      startedAt: new Date().toISOString(),
    };
    await lake.write(`${RUNNING_PREFIX}${head.erasureId}/head.json`, JSON.stringify(head));
    return new ErasureState(lake, head, false, new Map(), new Map(), undefined);
  }

  private static async resume(lake: Lake, head: ErasureHead): Promise<ErasureState> {
    const prefix = `${RUNNING_PREFIX}${head.erasureId}/`;
    const records = async <T>(folder: string): Promise<T[]> => {
      const found: T[] = [];
      for (const key of (await lake.versions(`${prefix}${folder}/`)).keys()) {
        const text = await lake.readText(key);
        if (text !== undefined) found.push(JSON.parse(text));
      }
      return found;
    };
    const partitions = await records<PartitionRecord>('partitions');
    const changes = await records<Change>('changes');
    const warehouse = await lake.readText(`${prefix}warehouse.json`);
    return new ErasureState(
      lake,
      head,
      true,
      new Map(partitions.map((record) => [record.prefix, record])),
      new Map(changes.map((change) => [changeName(change), change])),
      warehouse === undefined ? undefined : JSON.parse(warehouse),
    );
  }

  isSearched(prefix: string): boolean {
    return this.partitionRecords.has(prefix);
  }

  get partitions(): PartitionRecord[] {
    return [...this.partitionRecords.values()].sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
  }

  get changes(): Change[] {
    return [...this.changeRecords.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  get warehouse(): WarehouseResult | undefined {
    return this.warehouseResult;
  }

  /** Remembers a partition all of whose changes are done. */
  async addPartition(record: PartitionRecord): Promise<void> {
    this.partitionRecords.set(record.prefix, record);
    await this.write(`partitions/${hashOf(record.prefix)}.json`, record);
  }

  /** Remembers a change that is about to be made, or was made. */
  async putChange(change: Change): Promise<void> {
    this.changeRecords.set(changeName(change), change);
    await this.write(`changes/${changeName(change)}.json`, change);
  }

  /** Forgets a change that was not made. */
  async dropChange(change: Change): Promise<void> {
    this.changeRecords.delete(changeName(change));
    await this.lake.deleteAll(this.key(`changes/${changeName(change)}.json`));
  }

  async setWarehouse(result: WarehouseResult): Promise<void> {
    this.warehouseResult = result;
    await this.write('warehouse.json', result);
  }

  /** Writes the receipt, then deletes the state and with it the salt. */
  async finish(receipt: object): Promise<void> {
    await this.lake.write(receiptKey(this.head.erasureId), `${JSON.stringify(receipt, null, 2)}\n`);
    await this.lake.deleteAll(this.key(''));
  }

  private write(name: string, value: object): Promise<void> {
    return this.lake.write(this.key(name), JSON.stringify(value));
  }

  private key(name: string): string {
    return `${RUNNING_PREFIX}${this.head.erasureId}/${name}`;
  }
}

function changeName({ key, versionId }: Pick<Change, 'key' | 'versionId'>): string {
  return hashOf(`${key}\n${versionId}`);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
