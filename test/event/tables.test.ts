import { EVENT_COLUMNS, type EventColumn } from '../../lib/event/columns';
import { COLUMN_NAMES, glueColumns, redshiftColumns, redshiftType } from '../../lib/event/tables';

const names = EVENT_COLUMNS.map(({ name }) => name);
const nameOf = (definition: string) => definition.trim().split(' ')[0];

describe('tables derived from the event definition', () => {
  test('have the same columns in the same order everywhere', () => {
    expect(COLUMN_NAMES).toEqual(names);
    expect(glueColumns().map(({ name }) => name)).toEqual(names);
    for (const table of ['staging', 'final'] as const) {
      expect(redshiftColumns(table).split('\n').map(nameOf)).toEqual(names);
    }
  });

  test('use the Hive types that COPY can load into the Redshift types', () => {
    const sample = (type: EventColumn['type']): EventColumn => ({
      name: 'sample',
      type,
      nullable: true,
      maxBytes: 100,
      tooLong: 'truncate',
      origin: 'sent',
      meaning: 'A sample.',
    });
    const types = (['string', 'timestamp', 'boolean', 'int', 'bigint', 'double', 'json'] as const).map(
      (type) => [
        glueColumns([sample(type)])[0]?.type,
        redshiftType(sample(type), 'staging'),
        redshiftType(sample(type), 'final'),
      ],
    );
    expect(types).toEqual([
      ['string', 'VARCHAR(100)', 'VARCHAR(100)'],
      ['timestamp', 'TIMESTAMP', 'TIMESTAMP'],
      ['boolean', 'BOOLEAN', 'BOOLEAN'],
      ['int', 'INTEGER', 'INTEGER'],
      ['bigint', 'BIGINT', 'BIGINT'],
      ['double', 'DOUBLE PRECISION', 'DOUBLE PRECISION'],
      ['string', 'VARCHAR(100)', 'SUPER'],
    ]);
  });

  test('demand values in the final table only, so that a stage takes files as they are', () => {
    expect(redshiftColumns('staging')).not.toContain('NOT NULL');
    expect(redshiftColumns('final')).toContain('  event_id VARCHAR(64) NOT NULL,\n');
    expect(redshiftColumns('final')).toContain('  user_id VARCHAR(128),\n');
  });

  test('give every column a comment within Glue’s 255 characters', () => {
    for (const { comment } of glueColumns()) expect(comment.length).toBeLessThanOrEqual(255);
  });
});
