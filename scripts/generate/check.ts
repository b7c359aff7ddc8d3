/** Compares the local warehouse with a truth, for somebody at a terminal. */
import { count } from '../../lib/contract/words';
import { firstRows } from '../query/queryResult';
import { openSource } from '../query/sources';
import { compare } from './compare';
import { readTruth } from './truthFile';

const SHOWN_DIFFERENCES = 20;

/** What a check came to. */
export interface Check {
  readonly isEqual: boolean;
  /** In words. */
  readonly lines: readonly string[];
}

/**
 * Compares.
 * @param localDirectory where the local run keeps its state
 * @throws Error when the truth cannot be read; QueryError when there is no warehouse
 */
export async function check(truthFile: string, localDirectory: string): Promise<Check> {
  const expected = readTruth(truthFile);
  const source = await openSource(localDirectory, undefined);
  try {
    const { compared, differences } = await compare(expected, async (sql) => {
      const { columns, rows } = await firstRows(await source.run(sql), Number.POSITIVE_INFINITY);
      return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
    });
    const isEqual = differences.length === 0;
    const verdict = isEqual
      ? 'all are as the truth says'
      : `${count(differences.length)} are NOT as the truth says`;
    return {
      isEqual,
      lines: [
        `${count(compared)} numbers compared with ${source.name}: ${verdict}`,
        ...differences
          .slice(0, SHOWN_DIFFERENCES)
          .map(
            ({ what, expected, found }) => `  ${what}: ${count(expected)} expected, ${count(found)} found`,
          ),
        `Not compared, because they leave no rows: ${count(expected.truth.rejected)} rejected events and ` +
          `${count(expected.truth.duplicates)} copies. The run that took them prints both.`,
      ],
    };
  } finally {
    await source.close();
  }
}
