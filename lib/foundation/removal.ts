/** What happens to data when a stack is deleted. */
import { RemovalPolicy } from 'aws-cdk-lib';
import type { EnvironmentConfig } from '../config';

/** Whether deleting a stack deletes its data. */
export interface DataRemoval {
  /** For buckets, keys, streams and the cluster. */
  readonly policy: RemovalPolicy;
  /** True when data goes with the stack: buckets are emptied first, and termination protection is off. */
  readonly destroysData: boolean;
}

/** Data is kept unless the configuration says otherwise twice: `destroyData`, and the environment's name again. */
export function dataRemoval({ name, removal }: Pick<EnvironmentConfig, 'name' | 'removal'>): DataRemoval {
  const destroysData = removal.destroyData && removal.confirmDestroyData === name;
  return { policy: destroysData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN, destroysData };
}
