import {
  commentStatements,
  eventsTableSteps,
  storedEvents,
  storedEventsQuery,
} from '../../../lambda/migrate/eventsTable';
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

describe('the table of events', () => {
  it('is made with its view from the definition, keys included, when there is none', () => {
    const [[landing, analysis, table, view] = [], ...others] = eventsTableSteps(storedEvents([]));
    expect(others).toEqual([]);
    expect([landing, analysis]).toEqual([
      'CREATE SCHEMA IF NOT EXISTS landing',
      'CREATE SCHEMA IF NOT EXISTS analysis',
    ]);
    expect(table).toBe(
      `CREATE TABLE landing.events (\n${redshiftColumns('final')},\n  load_batch_id VARCHAR(36) NOT NULL\n) ` +
        'DISTKEY (visitor_id) SORTKEY (received_at)',
    );
    expect(view).toBe(
      `CREATE VIEW analysis.events AS\nSELECT ${COLUMN_NAMES.join(', ')}\nFROM landing.events`,
    );
  });

  it('is left alone when it is what the definition says', () => {
    expect(eventsTableSteps(made(...EVENT_COLUMNS))).toEqual([]);
  });

  it('gets what was appended in one transaction with the view, whose grant goes with it', () => {
    expect(eventsTableSteps(made(A, B), [A, B, C, D])).toEqual([
      [
        'ALTER TABLE landing.events ADD COLUMN c DOUBLE PRECISION',
        'ALTER TABLE landing.events ADD COLUMN d TIMESTAMP',
        'DROP VIEW IF EXISTS analysis.events',
        'CREATE VIEW analysis.events AS\nSELECT a, b, c, d\nFROM landing.events',
        'GRANT SELECT ON analysis.events TO ROLE analyst',
      ],
    ]);
  });

  it('is recognised after it has grown, though its own column then stands in between', () => {
    const [a, b, c, own] = made(A, B, C).columns;
    if (a === undefined || b === undefined || c === undefined || own === undefined)
      throw new Error('Too few');
    const grown = { columns: [a, b, own, c], hasView: true };
    expect(eventsTableSteps(grown, [A, B, C])).toEqual([]);
    expect(eventsTableSteps(grown, [A, B, C, D])[0]?.[0]).toContain('ADD COLUMN d ');
  });

  it('gets its view back when somebody has dropped it', () => {
    expect(eventsTableSteps(storedEvents(catalogRows([A, B], false)), [A, B])).toEqual([
      [
        'CREATE VIEW analysis.events AS\nSELECT a, b\nFROM landing.events',
        'GRANT SELECT ON analysis.events TO ROLE analyst',
      ],
    ]);
  });

  it('takes as many transactions as the Data API needs, the view right after each', () => {
    const many = Array.from({ length: 80 }, (_, index) => column(`n${index}`));
    const steps = eventsTableSteps(made(A), [A, ...many]);
    expect(steps.map((statements) => statements.length)).toEqual([40, 40, 9]);
    expect(steps[0]?.at(-2)).toMatch(/, n36\nFROM/);
    expect(steps.flat().filter((sql) => sql.startsWith('ALTER TABLE'))).toHaveLength(80);
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

  it('is looked up with its view by schema and name', () => {
    expect(storedEventsQuery().replaceAll(/\s+/g, ' ')).toContain(
      "WHERE (table_schema = 'landing' AND table_name = 'events') OR (table_schema = 'analysis' AND table_name = 'events')",
    );
  });
});

it('every event column is commented with its meaning', () => {
  const statements = commentStatements();
  expect(statements).toHaveLength(EVENT_COLUMNS.length);
  expect(statements[0]).toMatch(/^COMMENT ON COLUMN landing\.events\.event_id IS 'Identifies the event;/);
});
