/** CREATE EXTERNAL SCHEMA over a data catalog. */
import { objectKeys, requireSuperuser } from '../access';
import { CATALOG_SCHEMA } from '../catalogTables';
import { addExternalSchema } from '../externalTables';
import { NotSupportedLocallyError, RedshiftError } from '../redshiftError';
import { quoteIdentifier, stringLiteral } from '../sql/lexer';
import { type Command, NO_ROWS } from './command';

/** CREATE EXTERNAL SCHEMA [IF NOT EXISTS] name FROM [DATA CATALOG] DATABASE 'name' [REGION 'name'] IAM_ROLE 'arn'. */
export const createExternalSchema: Command = async (session, reader) => {
  reader.expect('create', 'external', 'schema');
  const ifNotExists = reader.accept('if', 'not', 'exists');
  const schema = reader.identifier();
  reader.expect('from');
  const source = reader.acceptOne('hive', 'postgres', 'mysql', 'kinesis', 'msk', 'redshift', 'kafka');
  if (source !== undefined)
    throw new NotSupportedLocallyError(`CREATE EXTERNAL SCHEMA FROM ${source.toUpperCase()}`);
  reader.accept('data', 'catalog');
  reader.expect('database');
  const database = reader.string();
  if (reader.accept('region')) reader.string();
  reader.expect('iam_role');
  const iamRole = reader.string();
  if (reader.sees('create')) throw new NotSupportedLocallyError('CREATE EXTERNAL DATABASE');
  reader.expectEnd();
  requireSuperuser(session, `create external schema ${schema}`);
  if (await session.hasSchema(schema)) {
    if (ifNotExists) return NO_ROWS;
    throw new RedshiftError(`Schema "${schema}" already exists`);
  }
  await session.execute(`CREATE SCHEMA ${quoteIdentifier(schema)}`);
  await session.execute(
    `INSERT INTO ${CATALOG_SCHEMA}.owners VALUES (${stringLiteral(objectKeys.schema(schema))}, ${stringLiteral(session.user)})`,
  );
  await addExternalSchema(session, { schema, database, iamRole });
  return NO_ROWS;
};
