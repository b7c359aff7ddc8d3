import { commentStatements, eventsTableSteps } from '../../../lambda/migrate/eventsTable';
import { storedEvents, storedEventsQuery } from '../../../lambda/shared/eventSlices';
import { EVENT_COLUMNS, type EventColumn } from '../../../lib/event/columns';
import { COLUMN_NAMES, redshiftColumns } from '../../../lib/event/tables';
import { catalogRows } from '../../support/catalogRows';

const column = (name: string, more: Partial<EventColumn> = {}): EventColumn => ({
  name,
  type: 'int',
  nullable: true,
  origin: 'sent',
  meaning: `Meaning of ${name}.`,
  ...more,
});
const A = column('a', { type: 'string', maxBytes: 10, tooLong: 'truncate', nullable: false });
const B = column('b', { type: 'json', maxBytes: 100, tooLong: 'reject' });
const C = column('c', { type: 'double' });
const D = column('d', { type: 'timestamp' });

/** The events as a warehouse has them that was made for a definition. */
const made = (...columns: EventColumn[]) => storedEvents(catalogRows(columns));

/** What makes both views anew, over the current slice and others. */
const views = (names: string, ...closed: string[]) => [
  'DROP VIEW IF EXISTS analysis.events',
  'DROP VIEW IF EXISTS landing.all_events',
  `CREATE VIEW landing.all_events AS\n${['landing.events', ...closed]
    .map((table) => `SELECT ${names}, load_batch_id\nFROM ${table}`)
    .join('\nUNION ALL\n')}`,
  `CREATE VIEW analysis.events AS\nSELECT ${names}\nFROM landing.all_events`,
  'GRANT SELECT ON analysis.events TO ROLE analyst',
];
const GRANTS = [
  'GRANT SELECT ON landing.all_events TO loader',
  'GRANT SELECT ON landing.all_events TO modeler',
];
const CLOSED = 'landing.events_202611010000';

describe('the table of events', () => {
  it('is made with its views from the definition, keys included, when there is none', () => {
    const [[landing, analysis, table, ...rest] = [], ...others] = eventsTableSteps(storedEvents([]));
    expect(others).toEqual([]);
    expect([landing, analysis]).toEqual([
      'CREATE SCHEMA IF NOT EXISTS landing',
      'CREATE SCHEMA IF NOT EXISTS analysis',
    ]);
    expect(table).toBe(
      `CREATE TABLE landing.events (\n${redshiftColumns('final')},\n  load_batch_id VARCHAR(36) NOT NULL\n) ` +
        'DISTKEY (visitor_id) SORTKEY (received_at)',
    );
    expect(rest).toEqual(views(COLUMN_NAMES.join(', ')).slice(2, 4));
  });

  it('is left alone when it is what the definition says', () => {
    expect(eventsTableSteps(made(...EVENT_COLUMNS))).toEqual([]);
  });

  it('gets what was appended, and then its views anew, whose grants go with them', () => {
    expect(eventsTableSteps(made(A, B), [A, B, C, D])).toEqual([
      [
        'ALTER TABLE landing.events ADD COLUMN c DOUBLE PRECISION',
        'ALTER TABLE landing.events ADD COLUMN d TIMESTAMP',
      ],
      [...views('a, b, c, d'), ...GRANTS],
    ]);
  });

  it('grows in every slice, each by what it lacks', () => {
    const rows = [...catalogRows([A, B], { closedSlices: [CLOSED] })].filter(
      ({ table_name, column_name }) => !(table_name === 'events_202611010000' && column_name === 'b'),
    );
    expect(eventsTableSteps(storedEvents(rows), [A, B, C])).toEqual([
      [
        'ALTER TABLE landing.events ADD COLUMN c DOUBLE PRECISION',
        `ALTER TABLE ${CLOSED} ADD COLUMN b SUPER`,
        `ALTER TABLE ${CLOSED} ADD COLUMN c DOUBLE PRECISION`,
      ],
      [...views('a, b, c', CLOSED), ...GRANTS],
    ]);
  });

  it('goes on where a deployment was cut off between the columns and the views', () => {
    const rows = [
      ...catalogRows([A, B, C], { views: [] }),
      ...catalogRows([A, B]).filter(
        ({ table_name, table_schema }) => table_name === 'all_events' || table_schema === 'analysis',
      ),
    ];
    expect(eventsTableSteps(storedEvents(rows), [A, B, C])).toEqual([[...views('a, b, c'), ...GRANTS]]);
  });

  it('is recognised after it has grown, though its own column then stands in between', () => {
    const grown = catalogRows([A, B, C]).toSorted(
      (x, y) => Number(x.column_name === 'c') - Number(y.column_name === 'c'),
    );
    expect(eventsTableSteps(storedEvents(grown), [A, B, C])).toEqual([]);
    expect(eventsTableSteps(storedEvents(grown), [A, B, C, D])[0]?.[0]).toContain('ADD COLUMN d ');
  });

  it('gets its views back when somebody has dropped them', () => {
    expect(eventsTableSteps(storedEvents(catalogRows([A, B], { views: [] })), [A, B])).toEqual([
      [...views('a, b'), ...GRANTS],
    ]);
  });

  it('gets the view over all slices in a warehouse from before it, and leaves its readers to the migration', () => {
    const before = storedEvents(catalogRows([A, B], { views: ['analysis.events'] }));
    expect(eventsTableSteps(before, [A, B])).toEqual([views('a, b')]);
  });

  it('takes as many transactions as the Data API needs', () => {
    const many = Array.from({ length: 80 }, (_, index) => column(`n${index}`));
    const steps = eventsTableSteps(made(A), [A, ...many]);
    expect(steps.map((statements) => statements.length)).toEqual([40, 40, 7]);
    expect(steps.flat().filter((sql) => sql.startsWith('ALTER TABLE'))).toHaveLength(80);
  });

  it('takes the lock of the loads, and fails when upkeep has changed the slices, where these have a ledger', () => {
    const many = Array.from({ length: 40 }, (_, index) => column(`n${index}`));
    const rows = catalogRows([A], { closedSlices: [CLOSED], hasLedger: true });
    const steps = eventsTableSteps(storedEvents(rows), [A, ...many]);
    expect(steps.map((statements) => statements.length)).toEqual([40, 40, 9, 10]);
    for (const [lock, table, guard] of steps) {
      expect([lock, table]).toEqual([
        'LOCK ops.load_lock',
        'CREATE TEMP TABLE slice_guard (slices_are_as_read BOOLEAN NOT NULL)',
      ]);
      expect(guard).toContain('CASE WHEN COUNT(*) = 2 AND');
      expect(guard).toContain(`slice_name IN ('events', 'events_202611010000') THEN 1 END) = 2`);
    }
  });

  it('keeps columns of a newer release at its end, so that a deployment can be rolled back', () => {
    expect(eventsTableSteps(made(A, B, C), [A, B])).toEqual([]);
  });

  it.each<[string, EventColumn[], EventColumn[], string]>([
    [
      'a column was removed',
      [A, B, C],
      [A, C],
      'column 2 is b SUPER, the definition says c DOUBLE PRECISION.',
    ],
    ['columns changed places', [A, B, C], [A, C, B], 'column 2 is b SUPER, the definition says c DOUBLE'],
    [
      'a type changed',
      [A, C],
      [A, { ...C, type: 'bigint' }],
      'column 2 is c DOUBLE PRECISION, the definition says c BIGINT',
    ],
    [
      'a text became longer',
      [A],
      [{ ...A, maxBytes: 11 }],
      'column 1 is a VARCHAR(10) NOT NULL, the definition says a VARCHAR(11) NOT NULL',
    ],
    [
      'a column must have values now',
      [A, C],
      [A, { ...C, nullable: false }],
      'c DOUBLE PRECISION, the definition says c DOUBLE PRECISION NOT NULL',
    ],
    ['a column was inserted', [A, B], [A, C, B], 'column 2 is b SUPER, the definition says c'],
    [
      'a new column is NOT NULL',
      [B],
      [B, A],
      'a is new and NOT NULL, but events stored before have no value for it',
    ],
    [
      'a column nobody fills is NOT NULL',
      [B, A],
      [B],
      'a VARCHAR(10) NOT NULL is not in the definition, and no load could fill it',
    ],
  ])('is not touched when %s', (_, stored, wanted, problem) => {
    expect(() => eventsTableSteps(made(...stored), wanted)).toThrow(problem);
  });

  it('counts what else is wrong and says what to do', () => {
    expect(() => eventsTableSteps(made(A, B, C), [C, A, B])).toThrow(
      /^landing\.events cannot follow the event definition: column 1 is .* \(and 2 more\)\. Nothing was changed\. Restore/,
    );
  });

  it('is looked up with its slices and views, and with nothing else of the schema', () => {
    expect(storedEventsQuery()).toMatch(
      /table_schema = 'landing'\s+OR \(table_schema = 'analysis' AND table_name = 'events'\)\s+OR \(table_schema = 'ops' AND table_name = 'slices'\)/,
    );
    const other = catalogRows([A]).map((row) => ({ ...row, table_name: 'events_copy' }));
    const { slices } = storedEvents([...catalogRows([A], { closedSlices: [CLOSED] }), ...other]);
    expect(slices.map(({ table }) => table)).toEqual(['landing.events', CLOSED]);
  });
});

it('every event column is commented with its meaning', () => {
  const statements = commentStatements();
  expect(statements).toHaveLength(EVENT_COLUMNS.length);
  expect(statements[0]).toMatch(/^COMMENT ON COLUMN landing\.events\.event_id IS 'Identifies the event;/);
});
