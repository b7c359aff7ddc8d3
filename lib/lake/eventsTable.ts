/** The Glue table of events: Firehose converts to its columns, Athena queries it. */
import { Aws } from 'aws-cdk-lib';
import { type CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { EVENTS_PREFIX, EVENTS_TABLE_NAME, PARTITION_KEYS } from '../contract/lakeLayout';
import { glueColumns } from '../event/tables';

/** The year before which no event can have arrived: nothing was deployed yet. */
const FIRST_YEAR = 2026;

const PARQUET = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
};

export interface EventsTableProps {
  readonly database: CfnDatabase;
  readonly bucketName: string;
}

/**
 * The table. Partitions are projected from the layout of the keys, so a new hour is queryable in Athena at once,
 * without a crawler.
 *
 * It belongs to the delivery, not to the lake: from the moment it has a column Firehose writes files with it, so
 * whatever reads them has to be deployed before.
 */
export class EventsTable extends Construct {
  readonly table: CfnTable;

  constructor(scope: Construct, id: string, { database, bucketName }: EventsTableProps) {
    super(scope, id);
    const location = `s3://${bucketName}/${EVENTS_PREFIX}`;
    this.table = new CfnTable(this, 'Table', {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: database.ref,
      tableInput: {
        name: EVENTS_TABLE_NAME,
        description:
          'Events as they arrived, by arrival hour in UTC. May hold duplicates; the warehouse does not.',
        tableType: 'EXTERNAL_TABLE',
        parameters: { EXTERNAL: 'TRUE', classification: 'parquet', ...partitionProjection(location) },
        partitionKeys: PARTITION_KEYS.map((name) => ({ name, type: 'string' })),
        storageDescriptor: { ...PARQUET, columns: glueColumns(), location },
      },
    });
  }
}

/** Athena's partition projection for `year=/month=/day=/hour=` below a location. */
function partitionProjection(location: string): Record<string, string> {
  const path = PARTITION_KEYS.map((key) => `${key}=\${${key}}/`).join('');
  return {
    'projection.enabled': 'true',
    // A date, not a number: its range may end with NOW, so it needs no change at New Year.
    'projection.year.type': 'date',
    'projection.year.format': 'yyyy',
    'projection.year.range': `${FIRST_YEAR},NOW`,
    'projection.year.interval': '1',
    'projection.year.interval.unit': 'YEARS',
    ...twoDigits('month', 1, 12),
    ...twoDigits('day', 1, 31),
    ...twoDigits('hour', 0, 23),
    'storage.location.template': `${location}${path}`,
  };
}

function twoDigits(key: (typeof PARTITION_KEYS)[number], low: number, high: number): Record<string, string> {
  return {
    [`projection.${key}.type`]: 'integer',
    [`projection.${key}.range`]: `${low},${high}`,
    [`projection.${key}.digits`]: '2',
  };
}
