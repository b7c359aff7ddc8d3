/** Acknowledges findings of the policy checks, with the reason, at the narrowest construct that shows them. */
import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Stands for the beginning of an ARN, in the acknowledgement of a wildcard at its end. */
export const ANY_ARN = '…';

/**
 * @param construct where the finding is; children are covered too
 * @param rule such as "AwsSolutions-S1", or with the finding: "AwsSolutions-IAM5[Resource::*]"
 * @param reason why it is right as it is, for whoever reviews the deployment
 */
export function acknowledge(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: rule, reason });
}

/**
 * Acknowledges ARNs of a policy that end with a wildcard, such as "/events/*". The beginning is left open because it
 * is a generated reference when the resource is in another stack; `PolicyChecks` knows what that means.
 * @throws Error when the ending would let any resource through
 */
export function acknowledgeArnsEndingWith(
  construct: IConstruct,
  endings: readonly string[],
  reason: string,
): void {
  for (const ending of endings) {
    if (!/^[/:].*\*$/.test(ending)) {
      throw new Error(`ending: "${ending}" must start with "/" or ":" and end with "*", such as "/events/*"`);
    }
    acknowledge(construct, `AwsSolutions-IAM5[Resource::${ANY_ARN}${ending}]`, reason);
  }
}
