/** Reads ExecuteStatement and BatchExecuteStatement as strictly as AWS. */
import { DATA_API_BATCH_STATEMENTS, DATA_API_STATEMENT_BYTES } from '../../../lib/contract/limits';
import { AwsError } from '../../http/awsError';
import {
  type JsonObject,
  objectList,
  optionalText,
  requiredText,
  textList,
  validationError,
} from '../../http/members';
import { bindParameters, type SqlParameter } from './parameters';
import type { Submission } from './statements';

/** What the server stands for. */
export interface Cluster {
  readonly clusterIdentifier: string;
  readonly databaseName: string;
  readonly adminUser: string;
}

/** How a request signs in. */
export interface SignIn {
  /** The warehouse's user. */
  readonly user: string;
  readonly secretArn?: string;
  readonly dbUser?: string;
  readonly database: string;
}

const invalid = (message: string) => new AwsError('ValidationException', message);

/** Members that change what a request does and that nothing here carries out. */
const REFUSED = ['SessionKeepAliveSeconds', 'SessionId', 'WorkgroupName'] as const;

/**
 * @throws AwsError ValidationException unless the request names this cluster, a database, and exactly one of
 * SecretArn (the admin) and DbUser
 */
export function readSignIn(input: JsonObject, cluster: Cluster): SignIn {
  for (const member of REFUSED) {
    if (input[member] !== undefined && input[member] !== null)
      throw invalid(`${member} is not served by the local warehouse.`);
  }
  const identifier = requiredText(input, 'ClusterIdentifier', { maxLength: 63 });
  if (identifier !== cluster.clusterIdentifier) {
    throw invalid(
      `Redshift endpoint doesn't exist in this region: ${identifier} (here is ${cluster.clusterIdentifier}).`,
    );
  }
  const database = requiredText(input, 'Database');
  const secretArn = optionalText(input, 'SecretArn');
  const dbUser = optionalText(input, 'DbUser');
  if (secretArn !== undefined && dbUser !== undefined)
    throw invalid('SecretArn and DbUser exclude each other: give one.');
  if (secretArn !== undefined) {
    if (!/^arn:aws[\w-]*:secretsmanager:/.test(secretArn))
      throw validationError('SecretArn', secretArn, 'be the ARN of a secret');
    return { user: cluster.adminUser, secretArn, database };
  }
  // Without either, AWS derives the user from the caller's IAM identity, which a loopback server has none of.
  if (dbUser === undefined) throw invalid('Either SecretArn or DbUser must be given.');
  return { user: dbUser.toLowerCase(), dbUser, database };
}

/** @throws AwsError ValidationException */
export function readExecute(input: JsonObject, cluster: Cluster): Submission {
  return readSubmission(input, cluster, [requiredText(input, 'Sql')], false);
}

/** @throws AwsError ValidationException */
export function readBatch(input: JsonObject, cluster: Cluster): Submission {
  const sqls = textList(input, 'Sqls');
  if (sqls.length < 1) throw validationError('Sqls', sqls.length, 'have length greater than or equal to 1');
  if (sqls.length > DATA_API_BATCH_STATEMENTS) {
    throw validationError(
      'Sqls',
      sqls.length,
      `have length less than or equal to ${DATA_API_BATCH_STATEMENTS}`,
    );
  }
  const mode = optionalText(input, 'ExecutionMode', { oneOf: ['TRANSACTION', 'AUTO_COMMIT'] });
  if (mode === 'AUTO_COMMIT')
    throw invalid('ExecutionMode AUTO_COMMIT is not served by the local warehouse.');
  return readSubmission(input, cluster, sqls, true);
}

function readSubmission(
  input: JsonObject,
  cluster: Cluster,
  sqls: readonly string[],
  isBatch: boolean,
): Submission {
  for (const sql of sqls) {
    const bytes = Buffer.byteLength(sql);
    if (bytes < 1) throw validationError('Sql', '', 'have length greater than or equal to 1');
    if (bytes > DATA_API_STATEMENT_BYTES) {
      throw invalid(`Cannot process query string larger than 100kB: it has ${bytes} bytes.`);
    }
  }
  const format = optionalText(input, 'ResultFormat', { oneOf: ['JSON', 'CSV'] });
  if (format === 'CSV') throw invalid('ResultFormat CSV is not served by the local warehouse.');
  const name = optionalText(input, 'StatementName', { maxLength: 500 });
  const parameters = readParameters(input);
  return {
    ...readSignIn(input, cluster),
    isBatch,
    sqls,
    boundSqls: bindParameters(sqls, parameters),
    parameters,
    ...(name === undefined ? {} : { name }),
  };
}

function readParameters(input: JsonObject): SqlParameter[] {
  if (input.Parameters === undefined || input.Parameters === null) return [];
  const parameters = objectList(input, 'Parameters').map((parameter) => {
    const { value } = parameter;
    if (typeof value !== 'string') throw validationError('Parameters', value, 'have a text as value');
    return { name: requiredText(parameter, 'name', { pattern: /^[0-9a-zA-Z_]+$/ }), value };
  });
  const names = parameters.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`Duplicate parameter: ${twice}`);
  return parameters;
}
