/** The Glue database of the lake. */
import { Aws } from 'aws-cdk-lib';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';

export interface EventsDatabaseProps {
  /** Lower-case letters, digits and underscores. */
  readonly name: string;
}

/**
 * Stays when the delivery, which keeps its table here, is deleted: people may have tables and views of their own in it.
 */
export class EventsDatabase extends Construct {
  readonly database: CfnDatabase;

  constructor(scope: Construct, id: string, { name }: EventsDatabaseProps) {
    super(scope, id);
    this.database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name, description: 'Clickstream events in the data lake' },
    });
  }
}
