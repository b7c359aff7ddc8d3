/** What every stack of an environment is given. */
import type { StackProps } from 'aws-cdk-lib';
import type { CapacityPlan } from '../capacity/types';
import type { EnvironmentConfig } from '../config';
import type { DataRemoval } from '../foundation/removal';

/** The environment, what was planned for it, and what becomes of its data. */
export interface ClickstreamStackProps {
  readonly config: EnvironmentConfig;
  readonly plan: CapacityPlan;
  readonly removal: DataRemoval;
}

/** Stacks that can be deleted and deployed again without losing anything. */
export function statelessStackProps({ config }: ClickstreamStackProps, description: string): StackProps {
  return {
    env: { region: config.region },
    description: `${description} (${config.name})`,
  };
}

/** Stacks that hold data: protected from deletion unless the configuration lets data go. */
export function statefulStackProps(props: ClickstreamStackProps, description: string): StackProps {
  return {
    ...statelessStackProps(props, description),
    terminationProtection: !props.removal.destroysData,
  };
}
