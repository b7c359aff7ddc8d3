/** Holds the objects of the lake against the ledgers: what is loaded, waits, lies in quarantine, has changed. Pure. */
import type { ListedObject } from './lake';
import type { Ledger, LoadedFile, QuarantinedObject } from './ledger';

/** What became of the objects of some partitions. */
export interface ObjectFates {
  /** In the lake, and neither loaded nor in quarantine. */
  readonly waiting: readonly ListedObject[];
  readonly quarantined: readonly QuarantinedObject[];
  /** Deleted from quarantine by hand, or replaced there: their rows are given up. */
  readonly dropped: readonly QuarantinedObject[];
  /** Objects whose size is not the one that was loaded last. */
  readonly changed: readonly { readonly key: string; readonly bytes: number; readonly loadedBytes: number }[];
  /** Loads that brought nothing but objects that had been loaded before: replays, repeated notifications. */
  readonly repeatedBatches: ReadonlySet<string>;
  /** Objects that were loaded again in a load that brought others for the first time. */
  readonly repeatedFiles: readonly LoadedFile[];
}

/** The fate of each object. */
export function classify(listed: readonly ListedObject[], ledger: Ledger): ObjectFates {
  const lastLoads = new Map<string, LoadedFile>();
  const batches = new Map<string, LoadedFile[]>();
  for (const file of ledger.files) {
    const last = lastLoads.get(file.key);
    if (last === undefined || last.loadNumber < file.loadNumber) lastLoads.set(file.key, file);
    batches.set(file.batchId, [...(batches.get(file.batchId) ?? []), file]);
  }
  const quarantined = ledger.quarantined.filter(({ isDropped }) => !isDropped);
  const aside = new Set(quarantined.map(({ key }) => key));
  const repeatedBatches = new Set<string>();
  const repeatedFiles: LoadedFile[] = [];
  for (const [batchId, files] of batches) {
    const repeats = files.filter(({ loadNumber }) => loadNumber > 1);
    if (repeats.length === files.length) repeatedBatches.add(batchId);
    else repeatedFiles.push(...repeats);
  }
  return {
    waiting: listed.filter(({ key }) => !lastLoads.has(key) && !aside.has(key)),
    quarantined,
    dropped: ledger.quarantined.filter(({ isDropped, key }) => isDropped && !lastLoads.has(key)),
    changed: listed.flatMap(({ key, bytes }) => {
      const loadedBytes = lastLoads.get(key)?.bytes;
      return loadedBytes === undefined || loadedBytes === bytes ? [] : [{ key, bytes, loadedBytes }];
    }),
    repeatedBatches,
    repeatedFiles,
  };
}
