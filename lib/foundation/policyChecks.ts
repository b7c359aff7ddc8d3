/** cdk-nag's AwsSolutions rules, run over the whole app at synthesis. */
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { ANY_ARN } from './acknowledge';

type Report = ReturnType<AwsSolutionsChecks['validateScope']>;
type Violation = Report['violations'][number];

/**
 * The rules as they are, except that an acknowledgement may leave the beginning of an ARN open. cdk-nag names a
 * wildcard by the whole text of its ARN; for a resource of another stack that holds an output name generated at
 * synthesis, which no acknowledgement in code can know.
 */
export class PolicyChecks extends AwsSolutionsChecks {
  override validateScope(scope: IConstruct): Report {
    const violations = super.validateScope(scope).violations.flatMap((violation) => {
      const violatingResources = violation.violatingResources.filter(
        ({ constructPath }) => !isAcknowledged(findConstruct(scope, constructPath), violation),
      );
      return violatingResources.length === 0 ? [] : [{ ...violation, violatingResources }];
    });
    return { success: violations.length === 0, violations };
  }
}

function findConstruct(scope: IConstruct, constructPath: string | undefined): IConstruct | undefined {
  return scope.node.root.node.findAll().find(({ node }) => node.path === constructPath);
}

function isAcknowledged(construct: IConstruct | undefined, { ruleName }: Violation): boolean {
  return (construct?.node.scopes ?? []).some(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.keys(data))
      .some((id) => matches(id.replace(/^annotation::/i, ''), ruleName)),
  );
}

/** Whether "Rule[Resource::…/events/*]" covers "Rule[Resource::<Bucket.Arn>/events/*]". */
function matches(acknowledged: string, ruleName: string): boolean {
  const [start, ending] = acknowledged.split(ANY_ARN);
  return (
    start !== undefined && ending !== undefined && ruleName.startsWith(start) && ruleName.endsWith(ending)
  );
}
