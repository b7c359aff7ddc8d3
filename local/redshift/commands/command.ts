/** What all commands have in common. */
import type { Session } from '../session';
import type { TokenReader } from '../sql/tokenReader';

/** A column of a result. */
export interface ResultColumn {
  readonly name: string;
  /** Redshift's name of the type, such as varchar or int4. */
  readonly typeName: string;
}

/** A value as results carry it: whole numbers and decimals beyond a double's precision are text. */
export type ResultValue = string | number | boolean | null;

export interface StatementResult {
  /** Only for statements that answer rows. */
  readonly columns?: readonly ResultColumn[];
  readonly rows?: readonly (readonly ResultValue[])[];
  /** Rows answered, or inserted, changed or deleted; -1 for statements that count none. */
  readonly rowCount: number;
}

/** Answer of a command that neither reads nor changes rows, as the Data API counts it. */
export const NO_ROWS: StatementResult = { rowCount: -1 };

/** Runs one statement whose first words have chosen the command; the reader stands before them. */
export type Command = (session: Session, reader: TokenReader, sql: string) => Promise<StatementResult>;
