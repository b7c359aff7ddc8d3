/** The Data API's operations, by AWS's names. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError } from '../../http/awsError';
import type { JsonOperation } from '../../http/jsonService';
import { type JsonObject, optionalInteger, optionalText, requiredText } from '../../http/members';
import { CATALOG_SCHEMA } from '../catalogTables';
import { stringLiteral } from '../sql/lexer';
import { BatchError, type Warehouse } from '../warehouse';
import { described, describedPart, listed, resultPage, submitted } from './answers';
import { type Cluster, readBatch, readExecute, readSignIn } from './requests';
import type { Statement, StatementStore, Submission, SubStatement } from './statements';

/** Bytes of records in one page of GetStatementResult. */
const PAGE_BYTES = 1_000_000;
const ID = /^[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\d+)?$/;
const STATUSES = ['SUBMITTED', 'PICKED', 'STARTED', 'FINISHED', 'ABORTED', 'FAILED', 'ALL'];

const hidden = stringLiteral(CATALOG_SCHEMA);
const invalid = (message: string) => new AwsError('ValidationException', message);

export function dataApiOperations(
  cluster: Cluster,
  warehouse: Warehouse,
  statements: StatementStore,
): Readonly<Record<string, JsonOperation>> {
  const tokens = new ClientTokens();
  const submit = async (input: JsonObject, read: (input: JsonObject, cluster: Cluster) => Submission) => {
    const submission = read(input, cluster);
    if (submission.database !== cluster.databaseName) {
      throw invalid(
        `FATAL: database "${submission.database}" does not exist (here is ${cluster.databaseName})`,
      );
    }
    const statement = tokens.once(
      input,
      (id) => statements.find(id),
      () => statements.submit(submission),
    );
    await waitFor(statement, input);
    return submitted(statement, cluster.clusterIdentifier);
  };

  return {
    ExecuteStatement: (input) => submit(input, readExecute),
    BatchExecuteStatement: (input) => submit(input, readBatch),

    async DescribeStatement(input) {
      const { statement, index } = findStatement(statements, input);
      await waitFor(statement, input);
      const whole = described(statement, cluster.clusterIdentifier);
      return index === undefined
        ? whole
        : { ...whole, SubStatements: undefined, ...describedPart(statement, index) };
    },

    GetStatementResult(input) {
      const { statement, index } = findStatement(statements, input);
      if (statement.isBatch && index === undefined) {
        throw invalid('BatchExecuteStatement result can only be retrieved with sub-statement id.');
      }
      const part: SubStatement | undefined = statement.statements[index ?? 0];
      if (statement.status !== 'FINISHED' || !part?.result?.columns) {
        throw new AwsError(
          'ResourceNotFoundException',
          'Query does not have result. Please check query status with DescribeStatement.',
        );
      }
      return resultPage(part.result, readToken(input), PAGE_BYTES);
    },

    ListStatements(input) {
      const name = optionalText(input, 'StatementName');
      const status = optionalText(input, 'Status', { oneOf: STATUSES }) ?? 'ALL';
      const found = statements
        .list()
        .filter(
          (statement) =>
            (status === 'ALL' || statement.status === status) &&
            (statement.name ?? '').startsWith(name ?? ''),
        );
      return page(input, 'Statements', found.map(listed));
    },

    CancelStatement(input) {
      const { statement } = findStatement(statements, input);
      if (!statements.cancel(statement.id)) {
        throw invalid(
          `Could not cancel a query that is already in ${statement.status} state with ID: ${statement.id}`,
        );
      }
      return { Status: true };
    },

    async ListSchemas(input) {
      const { user } = readSignIn(input, cluster);
      const pattern = stringLiteral(optionalText(input, 'SchemaPattern') ?? '%');
      const rows = await catalogRows(
        warehouse,
        `SELECT DISTINCT schema_name FROM information_schema.schemata
          WHERE catalog_name = current_database() AND schema_name LIKE ${pattern} AND schema_name <> ${hidden}
          ORDER BY 1`,
        user,
      );
      return page(
        input,
        'Schemas',
        rows.map(([name]) => name),
      );
    },

    async ListTables(input) {
      const { user } = readSignIn(input, cluster);
      const schema = stringLiteral(optionalText(input, 'SchemaPattern') ?? '%');
      const table = stringLiteral(optionalText(input, 'TablePattern') ?? '%');
      const rows = await catalogRows(
        warehouse,
        `SELECT table_schema, table_name, table_type FROM information_schema.tables
          WHERE table_catalog = current_database() AND table_schema LIKE ${schema} AND table_name LIKE ${table}
            AND table_schema <> ${hidden}
          ORDER BY 1, 2`,
        user,
      );
      const tables = rows.map(([tableSchema, name, type]) => ({
        name,
        schema: tableSchema,
        type: type === 'VIEW' ? 'VIEW' : 'TABLE',
      }));
      return page(input, 'Tables', tables);
    },
  };
}

/** ClientToken makes a request idempotent: the same one again gives the statement that is already there. */
class ClientTokens {
  private readonly known = new Map<string, { readonly id: string; readonly fingerprint: string }>();

  once(input: JsonObject, find: (id: string) => Statement | undefined, submit: () => Statement): Statement {
    const token = optionalText(input, 'ClientToken', { maxLength: 64 });
    if (token === undefined) return submit();
    const fingerprint = createHash('sha256').update(JSON.stringify(input)).digest('hex');
    const earlier = this.known.get(token);
    const statement = earlier && find(earlier.id);
    if (statement) {
      if (earlier.fingerprint === fingerprint) return statement;
      throw invalid(`The client token ${token} was used before for a request with other parameters.`);
    }
    const submittedNow = submit();
    this.known.set(token, { id: submittedNow.id, fingerprint });
    return submittedNow;
  }
}

function findStatement(
  statements: StatementStore,
  input: JsonObject,
): { statement: Statement; index?: number } {
  const id = requiredText(input, 'Id', { pattern: ID });
  const [statementId = '', position] = id.split(':');
  const statement = statements.find(statementId);
  if (!statement || (position !== undefined && !statement.statements[Number(position) - 1])) {
    throw new AwsError('ResourceNotFoundException', `Query does not exist: ${id}`, 400, { ResourceId: id });
  }
  return position === undefined ? { statement } : { statement, index: Number(position) - 1 };
}

/** WaitTimeSeconds: answers when the statement has ended or the time is over. */
async function waitFor(statement: Statement, input: JsonObject): Promise<void> {
  const waitSeconds = optionalInteger(input, 'WaitTimeSeconds', 0, 30) ?? 0;
  if (waitSeconds === 0) return;
  const timer = new AbortController();
  const timeout = sleep(waitSeconds * 1000, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([statement.ended, timeout]);
  timer.abort();
}

function readToken(input: JsonObject): number {
  const token = optionalText(input, 'NextToken');
  if (token === undefined) return 0;
  const position = Number(Buffer.from(token, 'base64').toString());
  if (!Number.isSafeInteger(position) || position < 1) throw invalid(`NextToken is not valid: ${token}`);
  return position;
}

function page<T>(input: JsonObject, member: string, all: readonly T[]): object {
  const from = readToken(input);
  const to = from + (optionalInteger(input, 'MaxResults', 0, 1000) || 100);
  const next = to < all.length ? { NextToken: Buffer.from(String(to)).toString('base64') } : {};
  return { [member]: all.slice(from, to), ...next };
}

async function catalogRows(warehouse: Warehouse, sql: string, user: string) {
  try {
    return (await warehouse.query(sql, { user })).rows ?? [];
  } catch (error) {
    throw error instanceof BatchError ? invalid(error.message) : error;
  }
}
