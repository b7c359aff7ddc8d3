/** The order in which CloudFormation makes and updates the resources of a template. */
import type { Template } from 'aws-cdk-lib/assertions';

/** Logical ids of the resources that are done before a resource is begun: by reference or by DependsOn, and theirs. */
export function doneBefore(template: Template, logicalId: string): Set<string> {
  const resources: Record<string, { DependsOn?: string | string[] }> = template.toJSON().Resources;
  const done = new Set<string>();
  const visit = (id: string) => {
    for (const other of directDependencies(resources[id])) {
      if (!(other in resources) || done.has(other)) continue;
      done.add(other);
      visit(other);
    }
  };
  visit(logicalId);
  return done;
}

function directDependencies(resource: { DependsOn?: string | string[] } | undefined): string[] {
  const text = JSON.stringify(resource ?? {});
  const references = [...text.matchAll(/\{"(?:Ref":|Fn::GetAtt":\[)"([^"]+)"/g)].map(([, id]) => id ?? '');
  return [...references, ...[resource?.DependsOn ?? []].flat()];
}
