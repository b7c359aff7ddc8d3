/** Chooses the command for a statement by its first words. */
import { copy } from '../copy/copy';
import { NotSupportedLocallyError, RedshiftError } from '../redshiftError';
import type { Session } from '../session';
import { tokenize } from '../sql/lexer';
import { TokenReader } from '../sql/tokenReader';
import { alterTable } from './alterTable';
import type { Command, StatementResult } from './command';
import { createTable } from './createTable';
import { comment, createSchema, createView, drop } from './definitions';
import { createExternalSchema } from './externalSchema';
import { alterDefaultPrivileges, grant, revoke } from './grants';
import { lock, lookAfter, refresh, setSetting, truncate } from './maintenance';
import { alterGroup, alterUser, createPrincipal, dropPrincipal } from './principals';
import { query } from './query';

interface Entry {
  /** Words the statement begins with. */
  readonly words: string;
  readonly command: Command;
  /** Leaves tables and catalog as they are, so it may run beside others. */
  readonly isReadOnly?: true;
}

/** The first that fits decides. */
const COMMANDS: readonly Entry[] = [
  { words: 'select', command: query, isReadOnly: true },
  { words: 'with', command: query, isReadOnly: true },
  { words: '(', command: query, isReadOnly: true },
  { words: 'insert', command: query },
  { words: 'update', command: query },
  { words: 'delete', command: query },
  { words: 'merge', command: query },
  { words: 'copy', command: copy },
  { words: 'create table', command: createTable },
  { words: 'create temp table', command: createTable },
  { words: 'create temporary table', command: createTable },
  { words: 'create local temp table', command: createTable },
  { words: 'create local temporary table', command: createTable },
  { words: 'create view', command: createView },
  { words: 'create or replace view', command: createView },
  { words: 'create materialized view', command: createView },
  { words: 'create schema', command: createSchema },
  { words: 'create external schema', command: createExternalSchema },
  { words: 'create user', command: createPrincipal },
  { words: 'create role', command: createPrincipal },
  { words: 'create group', command: createPrincipal },
  { words: 'drop user', command: dropPrincipal },
  { words: 'drop role', command: dropPrincipal },
  { words: 'drop group', command: dropPrincipal },
  { words: 'drop', command: drop },
  { words: 'alter table', command: alterTable },
  { words: 'alter user', command: alterUser },
  { words: 'alter group', command: alterGroup },
  { words: 'alter default privileges', command: alterDefaultPrivileges },
  { words: 'grant', command: grant },
  { words: 'revoke', command: revoke },
  { words: 'comment', command: comment },
  { words: 'lock', command: lock },
  { words: 'truncate', command: truncate },
  { words: 'vacuum', command: lookAfter },
  { words: 'analyze', command: lookAfter },
  { words: 'refresh', command: refresh },
  { words: 'set', command: setSetting, isReadOnly: true },
  { words: 'reset', command: setSetting, isReadOnly: true },
];

/** Commands of Redshift that this warehouse refuses, as opposed to words Redshift would not know either. */
const REFUSED = new Set(
  'begin start commit rollback end abort unload call explain show declare fetch close prepare execute deallocate cancel alter create describe use'.split(
    ' ',
  ),
);

/** A statement ready to run. */
export interface Prepared {
  readonly isReadOnly: boolean;
  run(session: Session): Promise<StatementResult>;
}

/** @throws RedshiftError when the text is not one statement that is known here */
export function prepare(sql: string): Prepared {
  const tokens = tokenize(sql);
  while (tokens.at(-1)?.value === ';') tokens.pop();
  const semicolon = tokens.find(({ kind, value }) => kind === 'symbol' && value === ';');
  if (semicolon) {
    throw new RedshiftError('a statement holds exactly one SQL command', semicolon.start + 1);
  }
  const reader = new TokenReader(tokens);
  const entry = COMMANDS.find(({ words }) => reader.sees(...words.split(' ')));
  if (entry) {
    return {
      isReadOnly: entry.isReadOnly === true,
      run: (session) => entry.command(session, new TokenReader(tokens), sql),
    };
  }
  const [first, second] = tokens;
  if (first && REFUSED.has(first.value)) {
    throw new NotSupportedLocallyError(
      `${first.value.toUpperCase()} ${second?.value.toUpperCase() ?? ''}`.trim(),
    );
  }
  throw reader.syntaxError();
}
