/** COPY table FROM a manifest of Parquet files, with Redshift's rules. */
import { requireAssumeRole, requireTablePrivilege } from '../access';
import type { Command } from '../commands/command';
import { RedshiftError } from '../redshiftError';
import type { Column, Relation, Session } from '../session';
import { quoteIdentifier, stringLiteral } from '../sql/lexer';
import { readCopy } from './copyStatement';
import { type CopyFile, readManifest } from './manifest';
import { readParquetColumns, requireMatch, scanError } from './parquetSchema';

/** Files whose columns have the same names: DuckDB matches several files by name, COPY goes by position. */
interface FileGroup {
  readonly columnNames: readonly string[];
  readonly files: CopyFile[];
}

export const copy: Command = async (session, reader) => {
  const statement = readCopy(reader);
  const relation = await session.relation(statement.table);
  if (relation.kind !== 'table') throw new RedshiftError(`cannot copy to view "${relation.name}"`);
  await requireTablePrivilege(session, relation, 'insert');
  await requireAssumeRole(session, statement.iamRole);
  const columns = chooseColumns(await session.columns(relation), statement.columns, relation);
  const files = await readManifest(statement.source, session.resolveS3);
  const groups = new Map<string, FileGroup>();
  for (const file of files) {
    const fileColumns = await readParquetColumns(session, file);
    requireMatch(file, fileColumns, columns, statement.fillRecord);
    const columnNames = fileColumns.map(({ name }) => name);
    const id = JSON.stringify(columnNames);
    const group = groups.get(id);
    if (group) group.files.push(file);
    else groups.set(id, { columnNames, files: [file] });
  }
  let rowCount = 0;
  for (const group of groups.values()) rowCount += await load(session, relation, columns, group);
  session.lastCopyCount = rowCount;
  return { rowCount };
};

function chooseColumns(
  all: readonly Column[],
  names: readonly string[] | undefined,
  relation: Relation,
): Column[] {
  if (!names) return [...all];
  return names.map((name, index) => {
    const column = all.find((candidate) => candidate.name === name);
    if (!column) throw new RedshiftError(`column "${name}" of relation "${relation.name}" does not exist`);
    if (names.indexOf(name) !== index) throw new RedshiftError(`column "${name}" specified more than once`);
    return column;
  });
}

async function load(
  session: Session,
  relation: Relation,
  columns: readonly Column[],
  { columnNames, files }: FileGroup,
): Promise<number> {
  const targets = columns.slice(0, columnNames.length).map(({ name }) => quoteIdentifier(name));
  const paths = files.map(({ path }) => stringLiteral(path)).join(', ');
  try {
    return await session.execute(`INSERT INTO ${relation.sqlName} (${targets.join(', ')})
      SELECT ${columnNames.map(quoteIdentifier).join(', ')}
        FROM read_parquet([${paths}], hive_partitioning = false, union_by_name = false)`);
  } catch (error) {
    throw (await faultOfFiles(session, columns, columnNames, files)) ?? error;
  }
}

/** Finds the file that cannot be read, or has a value that is too long, which the failed insert does not tell. */
async function faultOfFiles(
  session: Session,
  columns: readonly Column[],
  columnNames: readonly string[],
  files: readonly CopyFile[],
): Promise<RedshiftError | undefined> {
  const limited = columns.flatMap((column, index) => {
    const fileColumn = columnNames[index];
    return column.maxBytes === undefined || fileColumn === undefined ? [] : [{ column, fileColumn }];
  });
  const lengthsSql = limited.map(({ fileColumn }) => `max(strlen(${quoteIdentifier(fileColumn)}))`);
  // The hash makes DuckDB read every page.
  const everything = `max(hash(${columnNames.map(quoteIdentifier).join(', ')}))`;
  // The failed insert has aborted the transaction: look from outside of it.
  await session.execute('ROLLBACK');
  for (const file of files) {
    let lengths: readonly unknown[];
    try {
      const reader = await session.connection.runAndReadAll(
        `SELECT ${[...lengthsSql, everything].join(', ')} FROM read_parquet(${stringLiteral(file.path)}, hive_partitioning = false)`,
      );
      lengths = reader.getRowsJson()[0] ?? [];
    } catch (error) {
      const [reason] = String(error).split('\n');
      return scanError(`File '${file.url}' has corrupt pages: ${reason}`);
    }
    const wrong = limited.findIndex(
      ({ column }, index) => Number(lengths[index] ?? 0) > (column.maxBytes ?? 0),
    );
    const { column } = limited[wrong] ?? {};
    if (!column) continue;
    return scanError(
      `The length of the data column ${column.name} is longer than the length defined in the table. Table: ${column.maxBytes}, Data: ${lengths[wrong]}, File name: ${file.url}`,
    );
  }
  return undefined;
}
