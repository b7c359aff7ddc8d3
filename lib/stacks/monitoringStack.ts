/** Monitoring: dashboard, alarms, and who is told. Stateless. */
import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { alarmDefinitions } from '../monitoring/alarmDefinitions';
import { Alarms } from '../monitoring/alarms';
import { AlarmTopic } from '../monitoring/alarmTopic';
import { PipelineDashboard } from '../monitoring/dashboard';
import { signals } from '../monitoring/signals';
import { thresholds } from '../monitoring/thresholds';
import type { DeliveryStack } from './deliveryStack';
import type { LakeStack } from './lakeStack';
import type { LoadingStack } from './loadingStack';
import { type ClickstreamStackProps, statelessStackProps } from './stackProps';
import type { StreamStack } from './streamStack';
import type { WarehouseStack } from './warehouseStack';

export interface MonitoringStackProps extends ClickstreamStackProps {
  readonly stream: StreamStack;
  readonly lake: LakeStack;
  readonly delivery: DeliveryStack;
  readonly warehouse: WarehouseStack;
  readonly loading: LoadingStack;
}

/** The alarm topic, the alarms and the dashboard. */
export class MonitoringStack extends Stack {
  constructor(scope: Construct, id: string, props: MonitoringStackProps) {
    super(scope, id, statelessStackProps(props, 'Clickstream monitoring: dashboard and alarms'));
    const { config, plan, stream, lake, delivery, warehouse, loading } = props;
    const environmentName = config.name;
    const watched = signals({
      environmentName,
      stream: stream.stream,
      events: delivery.events.deliveryStream,
      rejected: delivery.rejected.deliveryStream,
      transform: delivery.transform.function,
      loader: loading.loader.function,
      upkeep: warehouse.upkeep.upkeep.function,
      audit: loading.audit.function,
      modeler: loading.modeler.function,
      objectQueue: lake.objects.queue,
      deadLetters: [
        lake.objects.deadLetters,
        loading.schedule.deadLetters,
        loading.auditSchedule.deadLetters,
        loading.modelSchedule.deadLetters,
      ],
      clusterIdentifier: warehouse.cluster.clusterIdentifier,
      isScaled: config.stream.scaling !== undefined,
    });
    const topic = new AlarmTopic(this, 'Topic', { encryptionKey: lake.dataKey, email: config.alarms.email });
    const { alarms } = new Alarms(this, 'Alarms', {
      environmentName,
      definitions: alarmDefinitions(watched, thresholds(config, plan)),
      topic,
    });
    new PipelineDashboard(this, 'Dashboard', { environmentName, signals: watched, alarms });
    new CfnOutput(this, 'AlarmTopicArn', {
      value: topic.topicArn,
      description: 'Topic alarms are announced on',
    });
  }
}
