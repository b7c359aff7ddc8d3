/** What an erasure writes down of its work; none of it tells who the person was. */

/** An object, or a version of it, that was changed. */
export interface Change {
  readonly key: string;
  /** Version that was read. */
  readonly versionId: string;
  /** `rewritten` without the person's events, or an old version that held some, `deleted`. */
  readonly action: 'rewritten' | 'version deleted';
  readonly before: Content;
  /** Undefined for a version that was deleted. */
  readonly after?: Content;
  /** Rows, or events in originals, that were erased. */
  readonly erased: number;
  /** Records that could not be opened and were dropped whole. */
  readonly unopenable: number;
  /** Over the rows that were kept, the same before and after whatever their order; Parquet only. */
  readonly keptRowsChecksum?: string;
  /** Older versions and delete markers of the key that were deleted. */
  readonly versionsDeleted: number;
  /** False until everything of it was done and checked. */
  readonly isDone: boolean;
}

/** An object's bytes. */
export interface Content {
  /** Rows of a Parquet object, lines of originals. */
  readonly rows: number;
  readonly bytes: number;
  readonly eTag: string;
  readonly sha256: string;
}

/** A version that could not be searched. */
export interface NotSearched {
  readonly key: string;
  readonly versionId: string;
  readonly reason: string;
}

/** What was searched of one partition. */
export interface PartitionRecord {
  readonly prefix: string;
  readonly objects: number;
  /** Versions, the current ones included. */
  readonly versions: number;
  readonly bytes: number;
  readonly notSearched: readonly NotSearched[];
}
