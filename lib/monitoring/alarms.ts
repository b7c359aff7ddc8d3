/** Makes alarms of their definitions. */
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { AlarmDefinition } from './alarmDefinitions';

export interface AlarmsProps {
  readonly environmentName: string;
  readonly definitions: readonly AlarmDefinition[];
  /** Told when an alarm is raised and when it is over. */
  readonly topic: ITopic;
}

/** One alarm a definition, named `clickstream-<environment>-<name>`. */
export class Alarms extends Construct {
  readonly alarms: Alarm[];

  constructor(scope: Construct, id: string, { environmentName, definitions, topic }: AlarmsProps) {
    super(scope, id);
    const action = new SnsAction(topic);
    this.alarms = definitions.map((definition) => {
      const alarm = new Alarm(this, definition.name, {
        alarmName: `clickstream-${environmentName}-${definition.name}`,
        alarmDescription: `${definition.runbookLine} Runbook: docs/runbook.md#${definition.name}`,
        metric: definition.metric,
        threshold: definition.threshold,
        comparisonOperator: definition.comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: definition.periods,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
  }
}
