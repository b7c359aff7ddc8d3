/** The Data API's answers about statements and their results. */
import type { ResultColumn, ResultValue, StatementResult } from '../warehouse';
import type { Statement, SubStatement } from './statements';

const seconds = (millis: number) => millis / 1000;
const nanoseconds = (millis: number) => (millis < 0 ? -1 : Math.round(millis * 1e6));

const hasRows = ({ result }: SubStatement) => result?.columns !== undefined;

/** Members that name a statement and who runs it. */
function identity(statement: Statement, clusterIdentifier: string) {
  return {
    Id: statement.id,
    ClusterIdentifier: clusterIdentifier,
    Database: statement.database,
    CreatedAt: seconds(statement.createdAtMillis),
    ...(statement.secretArn === undefined ? {} : { SecretArn: statement.secretArn }),
    ...(statement.dbUser === undefined ? {} : { DbUser: statement.dbUser }),
  };
}

/** Answer of ExecuteStatement and BatchExecuteStatement. */
export function submitted(statement: Statement, clusterIdentifier: string) {
  return {
    ...identity(statement, clusterIdentifier),
    Status: statement.status,
    HasResultSet: statement.statements.some(hasRows),
  };
}

/** Answer of DescribeStatement for a whole request. */
export function described(statement: Statement, clusterIdentifier: string) {
  const last = statement.statements.at(-1);
  return {
    ...identity(statement, clusterIdentifier),
    Status: statement.status,
    UpdatedAt: seconds(statement.updatedAtMillis),
    Duration: nanoseconds(statement.durationMillis),
    HasResultSet: statement.statements.some(hasRows),
    RedshiftPid: statement.processId,
    RedshiftQueryId: statement.isBatch ? 0 : statement.processId,
    ResultRows: statement.status === 'FINISHED' ? (last?.resultRows ?? -1) : -1,
    ResultSize: statement.status === 'FINISHED' && last ? resultBytes(last) : -1,
    ResultFormat: 'json',
    ...(statement.error === undefined ? {} : { Error: statement.error }),
    ...(statement.parameters.length === 0 ? {} : { QueryParameters: statement.parameters }),
    ...(statement.isBatch
      ? { SubStatements: statement.statements.map((_, index) => describedPart(statement, index)) }
      : { QueryString: last?.sql }),
  };
}

/** Answer of DescribeStatement for one statement of a batch, and its entry in SubStatements. */
export function describedPart(statement: Statement, index: number) {
  const part = statement.statements[index];
  if (!part) return {};
  return {
    Id: `${statement.id}:${index + 1}`,
    QueryString: part.sql,
    Status: part.status,
    CreatedAt: seconds(statement.createdAtMillis),
    UpdatedAt: seconds(part.updatedAtMillis),
    Duration: nanoseconds(part.durationMillis),
    HasResultSet: hasRows(part),
    RedshiftQueryId: statement.processId,
    ResultRows: part.resultRows,
    ResultSize: resultBytes(part),
    ...(part.error === undefined ? {} : { Error: part.error }),
  };
}

/** An entry of ListStatements. */
export function listed(statement: Statement) {
  const sqls = statement.statements.map(({ sql }) => sql);
  return {
    Id: statement.id,
    IsBatchStatement: statement.isBatch,
    Status: statement.status,
    CreatedAt: seconds(statement.createdAtMillis),
    UpdatedAt: seconds(statement.updatedAtMillis),
    ...(statement.isBatch ? { QueryStrings: sqls } : { QueryString: sqls[0] }),
    ...(statement.name === undefined ? {} : { StatementName: statement.name }),
    ...(statement.secretArn === undefined ? {} : { SecretArn: statement.secretArn }),
    ...(statement.parameters.length === 0 ? {} : { QueryParameters: statement.parameters }),
  };
}

function resultBytes({ result }: SubStatement): number {
  if (!result) return -1;
  let bytes = 0;
  for (const row of result.rows ?? [])
    for (const value of row) bytes += typeof value === 'string' ? value.length : 8;
  return bytes;
}

/** A page of GetStatementResult. */
export function resultPage(result: StatementResult, from: number, maxBytes: number) {
  const columns = result.columns ?? [];
  const rows = result.rows ?? [];
  const records: object[][] = [];
  let bytes = 0;
  let next = from;
  while (next < rows.length && (next === from || bytes < maxBytes)) {
    const record = (rows[next] ?? []).map((value, index) => field(value, columns[index]?.typeName ?? ''));
    bytes += JSON.stringify(record).length;
    records.push(record);
    next++;
  }
  return {
    Records: records,
    ColumnMetadata: columns.map(columnMetadata),
    TotalNumRows: rows.length,
    ...(next < rows.length ? { NextToken: Buffer.from(String(next)).toString('base64') } : {}),
  };
}

/** A field is typed by its column: numeric, timestamps and SUPER travel as text. */
function field(value: ResultValue, typeName: string): object {
  if (value === null) return { isNull: true };
  if (typeof value === 'boolean') return { booleanValue: value };
  if (/^int\d$/.test(typeName)) return { longValue: value };
  if (/^float\d$/.test(typeName)) return { doubleValue: value };
  return { stringValue: String(value) };
}

const LENGTHS: Readonly<Record<string, number>> = {
  bool: 1,
  int2: 5,
  int4: 10,
  int8: 19,
  float4: 8,
  float8: 17,
};

function columnMetadata({ name, typeName }: ResultColumn) {
  return {
    name,
    label: name,
    typeName,
    nullable: 1,
    precision: LENGTHS[typeName] ?? 0,
    scale: 0,
    length: 0,
    schemaName: '',
    tableName: '',
    isCaseSensitive: typeName === 'varchar',
    isCurrency: false,
    isSigned: /^(int|float|numeric)/.test(typeName),
  };
}
