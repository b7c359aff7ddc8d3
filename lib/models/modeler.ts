/** The function that keeps the models of `analysis` up with the loads. */
import path from 'node:path';
import type { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ASSUMPTIONS } from '../capacity/facts';
import { MODELER_ENV, WAREHOUSE } from '../contract/names';
import { copyDirectory } from '../foundation/copyDirectory';
import { PipelineFunction } from '../foundation/pipelineFunction';
import { LOADER_TIMEOUT } from '../loading/timing';
import { allowDataApi, allowDatabaseUser } from '../warehouse/dataApiAccess';
import type { RedshiftCluster } from '../warehouse/redshiftCluster';

export interface ModelerProps {
  readonly environmentName: string;
  /** How often it is called. */
  readonly interval: Duration;
  readonly cluster: Pick<RedshiftCluster, 'clusterIdentifier' | 'clusterArn' | 'databaseName'>;
}

/** Runs one at a time; see lambda/models. Its settings come with each call. */
export class Modeler extends PipelineFunction {
  constructor(scope: Construct, id: string, { environmentName, interval, cluster }: ModelerProps) {
    super(scope, id, {
      folder: 'models',
      description: 'Clickstream: keeps page views, sessions and what is made of them up with the loads',
      memoryMebibytes: ASSUMPTIONS.waitingFunctionMemoryMebibytes.value,
      // It follows its statements, as the loader does.
      timeout: LOADER_TIMEOUT,
      // Runs lock each other out anyway; a second one would only wait.
      reservedConcurrency: 1,
      environment: {
        [MODELER_ENV.clusterIdentifier]: cluster.clusterIdentifier,
        [MODELER_ENV.databaseName]: cluster.databaseName,
        [MODELER_ENV.databaseUser]: WAREHOUSE.modelerUser,
        [MODELER_ENV.environmentName]: environmentName,
      },
      commandHooks: {
        beforeBundling: () => [],
        beforeInstall: () => [],
        afterBundling: (inputDirectory, outputDirectory) => [
          copyDirectory(path.join(inputDirectory, 'sql', 'models'), path.join(outputDirectory, 'models')),
        ],
      },
    });
    // What a call would have followed, the next one follows.
    this.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: interval });
    allowDataApi(this, cluster.clusterArn);
    allowDatabaseUser(this, { ...cluster, user: WAREHOUSE.modelerUser });
  }
}
