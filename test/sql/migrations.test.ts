/** Holds the migrations against the rules of who may see what. */
import { WAREHOUSE } from '../../lib/contract/names';
import { COLUMN_NAMES } from '../../lib/event/tables';
import { MIGRATIONS } from '../support/schemaSteps';

const statements = MIGRATIONS.flatMap((migration) => migration.statements);
const oneLine = statements.map((statement) => statement.replaceAll(/\s+/g, ' '));

it('migrations leave the table of events and its view to the event definition', () => {
  const definition = new RegExp(
    `^(CREATE|ALTER|DROP) [A-Z ]+ (${WAREHOUSE.eventsTable}|${WAREHOUSE.eventsView})\\b`,
  );
  expect('CREATE OR REPLACE VIEW analysis.events AS SELECT 1').toMatch(definition);
  expect(oneLine.filter((sql) => definition.test(sql))).toEqual([]);
});

describe('grants', () => {
  const grants = oneLine.filter((sql) => /(^| )GRANT /.test(sql));
  const toAnalyst = grants.filter((sql) => sql.endsWith(`TO ROLE ${WAREHOUSE.analystRole}`));
  const ofRoles = grants.filter((sql) => sql.startsWith('GRANT ROLE '));
  const toUser = (user: string) => grants.filter((sql) => new RegExp(`\\bTO ${user}\\b`).test(sql));
  const toLoader = toUser('loader');
  const toAuditor = toUser('auditor');
  const toModeler = toUser('modeler');

  it('give analysts reading in the analysis schema, and nothing else', () => {
    expect(toAnalyst.length).toBeGreaterThan(0);
    for (const sql of toAnalyst) {
      expect(sql).toMatch(
        /^(GRANT USAGE ON SCHEMA analysis|GRANT SELECT ON (analysis\.\w+|ALL TABLES IN SCHEMA analysis)|ALTER DEFAULT PRIVILEGES IN SCHEMA analysis GRANT SELECT ON TABLES) TO ROLE analyst$/,
      );
    }
  });

  it('let analysts read every view of the analysis schema, by its name or with all there were', () => {
    const everything = oneLine.lastIndexOf('GRANT SELECT ON ALL TABLES IN SCHEMA analysis TO ROLE analyst');
    for (const [place, sql] of oneLine.entries()) {
      const view = /^CREATE (?:MATERIALIZED )?VIEW (analysis\.\w+)/.exec(sql)?.[1];
      if (view === undefined || place < everything) continue;
      expect(toAnalyst).toContain(`GRANT SELECT ON ${view} TO ROLE analyst`);
    }
    expect(everything).toBeGreaterThan(0);
  });

  it('let the console read what analysts read, and nothing else', () => {
    expect(ofRoles).toEqual(['GRANT ROLE analyst TO console']);
    expect(toUser('console')).toEqual(ofRoles);
    expect(oneLine.filter((sql) => sql.startsWith('ALTER GROUP'))).toEqual([
      'ALTER GROUP pipeline ADD USER loader, auditor, modeler',
      'ALTER GROUP analysts ADD USER console',
    ]);
  });

  it('give the loader what a load needs, and no way to change or delete an event', () => {
    expect(toLoader).toEqual([
      'GRANT ASSUMEROLE ON ALL TO loader FOR COPY',
      'GRANT USAGE ON SCHEMA landing TO loader',
      'GRANT USAGE ON SCHEMA ops TO loader',
      'GRANT SELECT, INSERT ON landing.events TO loader',
      'GRANT SELECT, INSERT ON ops.load_batches TO loader',
      'GRANT INSERT ON ops.load_files TO loader',
      'GRANT SELECT, UPDATE, DELETE ON ops.load_lock TO loader',
      'GRANT SELECT, INSERT, UPDATE ON ops.quarantined_objects TO loader',
      'GRANT INSERT ON ops.load_counts TO loader',
      'GRANT SELECT ON landing.all_events TO loader',
    ]);
  });

  it('let the auditor read the ledger and write what it found, and see no event', () => {
    expect(toAuditor.filter((sql) => /landing/.test(sql))).toEqual([]);
    const writes = toAuditor.filter((sql) => /INSERT|UPDATE|DELETE/.test(sql));
    expect(writes).toEqual(['GRANT SELECT, INSERT, DELETE ON ops.audits TO auditor']);
  });

  it('let the modeler read events and the ledger, and change neither', () => {
    expect(toModeler).toContain('GRANT SELECT ON landing.all_events TO modeler');
    const changes = toModeler.filter((sql) => /INSERT|UPDATE|DELETE|CREATE/.test(sql));
    const own = / ON (ops\.model_\w+|models\.\w+|ALL TABLES IN SCHEMA models) /;
    expect(changes.filter((sql) => !own.test(sql))).toEqual([]);
  });

  it('give nothing to everybody, and take away what everybody has by default', () => {
    expect(grants.filter((sql) => /TO PUBLIC/.test(sql))).toEqual([]);
    expect(oneLine).toContain('REVOKE ALL ON SCHEMA public FROM PUBLIC');
    expect(oneLine).toContain('REVOKE ASSUMEROLE ON ALL FROM PUBLIC FOR ALL');
  });

  it('are all accounted for', () => {
    const known = [toAnalyst, ofRoles, toLoader, toAuditor, toModeler].flat();
    expect(grants.length).toBe(known.length);
  });

  it('let nobody sign in to a function’s user with a password', () => {
    const users = oneLine.filter((sql) => sql.startsWith('CREATE USER'));
    expect(users).toEqual(
      ['loader', 'auditor', 'modeler', 'console'].map((user) => `CREATE USER ${user} PASSWORD DISABLE`),
    );
  });
});

/** From the Redshift Database Developer Guide, "Reserved words"; those that could be taken for a name. */
const RESERVED_WORDS = new Set(
  `all analyse analyze and any array as asc authorization backup between binary both case cast check collate column
   constraint create credentials cross default deferrable deflate defrag delta desc disable distinct do else enable
   encode encrypt encryption end except explicit false for foreign freeze from full grant group having identity ignore
   ilike in initially inner intersect interval into is isnull join leading left like limit localtime localtimestamp
   minus natural new not notnull null nulls off offline offset oid old on only open or order outer overlaps parallel
   partition percent permissions pivot placing primary raw readratio recover references rejectlog resort respect
   restore right select session_user similar snapshot some sysdate system table tag then timestamp to top trailing
   true truncatecolumns union unique unnest unpivot user using verbose wallet when where with without`.split(
    /\s+/,
  ),
);

it('no column, schema, table, user or role has a name that Redshift reserves', () => {
  const names = [...COLUMN_NAMES, ...Object.values(WAREHOUSE).flatMap((name) => name.split('.'))];
  expect(names.filter((name) => RESERVED_WORDS.has(name))).toEqual([]);
});
