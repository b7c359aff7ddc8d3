/** Commands that lock, empty or look after tables, and session settings. */
import { requireOwner, requireTablePrivilege } from '../access';
import { NotSupportedLocallyError } from '../redshiftError';
import { type Command, NO_ROWS } from './command';

/**
 * LOCK [TABLE] name, ... Statements that write run one after another here, so the lock is already held; the table
 * must exist and the user must be allowed to change it.
 */
export const lock: Command = async (session, reader) => {
  reader.expect('lock');
  reader.accept('table');
  const objects = reader.list(() => reader.objectName());
  reader.expectEnd();
  for (const object of objects) {
    await requireTablePrivilege(session, await session.relation(object), 'update', 'delete');
  }
  return NO_ROWS;
};

/** TRUNCATE [TABLE] name. On Redshift it commits the transaction; a batch here stays whole. */
export const truncate: Command = async (session, reader) => {
  reader.expect('truncate');
  reader.accept('table');
  const relation = await session.relation(reader.objectName());
  reader.expectEnd();
  await requireOwner(session, relation);
  await session.execute(`DELETE FROM ${relation.sqlName}`);
  return NO_ROWS;
};

/** VACUUM and ANALYZE: DuckDB looks after itself, but a table that is named must exist. */
export const lookAfter: Command = async (session, reader) => {
  if (reader.take().value === 'vacuum') session.refuseTransactionBlock('VACUUM');
  const modes = ['full', 'sort', 'delete', 'reindex', 'recluster', 'only', 'verbose', 'predicate', 'columns'];
  while (reader.acceptOne(...modes));
  if (!reader.atEnd && !reader.sees('to')) await session.relation(reader.objectName());
  return NO_ROWS;
};

/** Settings that change nothing here. */
const HARMLESS_SETTINGS = [
  'query_group',
  'statement_timeout',
  'application_name',
  'wlm_query_slot_count',
  'enable_result_cache_for_session',
  'analyze_threshold_percent',
];

/** SET and RESET of settings that do not change what a statement answers. */
export const setSetting: Command = async (_session, reader) => {
  reader.expectOne('set', 'reset');
  reader.acceptOne('session', 'local');
  const name = reader.identifier();
  if (HARMLESS_SETTINGS.includes(name)) return NO_ROWS;
  throw new NotSupportedLocallyError(`The setting ${name}`, `of: ${HARMLESS_SETTINGS.join(', ')}`);
};

/** REFRESH MATERIALIZED VIEW: views are always fresh here. */
export const refresh: Command = async (session, reader) => {
  reader.expect('refresh', 'materialized', 'view');
  await requireOwner(session, await session.relation(reader.objectName()));
  return NO_ROWS;
};
