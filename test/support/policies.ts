/** Reads IAM policies out of templates. */
import type { Template } from 'aws-cdk-lib/assertions';
import { resourcesOf } from './testApp';

/** A statement of an identity policy, with its lists made explicit. */
export interface Statement {
  /** Logical id of the role or policy it is in. */
  readonly where: string;
  readonly actions: readonly string[];
  /** ARNs as text: references are shown as JSON. */
  readonly resources: readonly string[];
  readonly condition: unknown;
}

interface RawStatement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: RawStatement[] };
}

/** What roles may do: the Allow statements of all roles and policies of a template. */
export function allowedBy(template: Template): Statement[] {
  const inline = Object.entries(resourcesOf(template, 'AWS::IAM::Role')).flatMap(([where, { Properties }]) =>
    ((Properties.Policies ?? []) as Policy[]).flatMap((policy) => statementsOf(where, policy)),
  );
  const attached = Object.entries(resourcesOf(template, 'AWS::IAM::Policy')).flatMap(
    ([where, { Properties }]) => statementsOf(where, Properties as unknown as Policy),
  );
  return [...inline, ...attached];
}

function statementsOf(where: string, { PolicyDocument }: Policy): Statement[] {
  return PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Allow').map((statement) => ({
    where,
    actions: [statement.Action].flat(),
    resources: [statement.Resource].flat().map(asText),
    condition: statement.Condition,
  }));
}

/** An ARN as text; of a join the literal parts are joined and references become `{...}`. */
function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  const join = (value as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'];
  if (join === undefined) return JSON.stringify(value);
  return join[1].map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(join[0]);
}
