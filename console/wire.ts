/** What the console's server and its page say to each other, as JSON. */
import type { ParameterInfo } from '../lib/questions/parameters';
import type { QuestionText } from '../lib/questions/question';

/** A value of a result; SUPER and timestamps are text. */
export type Cell = string | number | boolean | null;

/** How a column is aligned, formatted and drawn. */
export type CellKind = 'number' | 'boolean' | 'time' | 'text';

/** A column of a result. */
export interface ResultColumn {
  readonly name: string;
  /** Redshift's name of the type, such as int8. */
  readonly typeName: string;
  readonly kind: CellKind;
}

/** What a statement gave. */
export interface StatementResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** Rows the statement had; more than `rows` when the result was cut. */
  readonly rowCount: number;
  readonly millis: number;
}

/** Why a statement gave nothing: the warehouse's own words, or the console's. */
export interface StatementProblem {
  readonly message: string;
  /** Half-open range of characters of the statement at fault, where known. */
  readonly from?: number;
  readonly to?: number;
}

/** Answer to a statement or a question. */
export type StatementAnswer =
  | ({ readonly ok: true; readonly sql: string } & StatementResult)
  | ({ readonly ok: false; readonly sql: string } & StatementProblem);

/** A relation that may be queried. */
export interface CatalogTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** What is in the warehouse, for the filters and the editor's completion. */
export interface Catalog {
  readonly tables: readonly CatalogTable[];
  readonly sites: readonly string[];
  /** First and last UTC day with events, as yyyy-mm-dd; undefined when there are none. */
  readonly days: { readonly first: string; readonly last: string } | undefined;
}

/** A ready question, as the page shows and asks it. */
export interface QuestionInfo extends QuestionText {
  readonly parameters: readonly ParameterInfo[];
}

/** What the page has to know before it asks anything. */
export interface Surroundings {
  /** For people: `local run` or `environment prod (us-east-1)`. */
  readonly title: string;
  /** Where the pipeline's numbers come from; undefined when nobody tells. */
  readonly pipeline: { readonly source: string } | undefined;
  readonly limits: { readonly rows: number; readonly seconds: number };
  readonly questions: readonly QuestionInfo[];
}

/** Something that flows. */
export interface Flow {
  readonly perSecond: number;
  /** Since the pipeline came up, or over the hours that CloudWatch was asked for. */
  readonly total: number;
}

/** The pipeline at one moment, stage by stage. */
export interface PipelineSnapshot {
  readonly atMillis: number;
  /** What the totals count, for people: `since the run came up`. */
  readonly totalsCover: string;
  readonly stream: {
    readonly records: Flow;
    readonly bytes: Flow;
    /** Records not yet read; undefined when nobody knows. */
    readonly recordsWaiting: number | undefined;
    readonly secondsBehind: number | undefined;
  };
  readonly transform: {
    readonly events: Flow;
    readonly rejected: Flow;
    readonly rejectedByReason: Readonly<Record<string, number>>;
    readonly putBack: number;
    readonly bots: number;
  };
  readonly lake: {
    readonly rows: Flow;
    readonly objects: number | undefined;
    readonly failed: number | undefined;
  };
  readonly loader: {
    readonly batches: Flow;
    readonly objectsWaiting: number;
    /** Objects set aside because they could not be loaded. */
    readonly quarantined: number;
  };
  readonly warehouse: {
    readonly rowsNew: Flow;
    readonly duplicates: number;
    /** When the last load was seen; undefined before the first. */
    readonly loadedAtMillis: number | undefined;
  };
}

/** One event on its way, with what became of it. */
export interface LiveEvent {
  /** Grows by one an event. */
  readonly number: number;
  readonly atMillis: number;
  readonly fate: 'row' | 'rejected';
  readonly name: string;
  readonly site: string;
  /** Page of a row; what was sent, cut, of a rejected event. */
  readonly what: string;
  /** Why it was rejected; a bot or not for a row. */
  readonly note: string;
}

/** What is pushed to the page each second. */
export interface Pulse {
  readonly snapshot: PipelineSnapshot;
  /** Events since the last pulse, oldest first; the newest of them when there were too many. */
  readonly events: readonly LiveEvent[];
  /** Changes whenever the answers of the warehouse may have. */
  readonly dataVersion: string;
}
