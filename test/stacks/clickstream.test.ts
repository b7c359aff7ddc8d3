import { ENVIRONMENT_NAMES } from '../../lib/config';
import { allowedBy } from '../support/policies';
import { doneBefore } from '../support/templateOrder';
import {
  type SynthesizedEnvironment,
  snapshotOf,
  synthesize,
  type TemplateResource,
} from '../support/testApp';

const environments: Record<string, SynthesizedEnvironment> = Object.fromEntries(
  ENVIRONMENT_NAMES.map((name) => [name, synthesize(name)]),
);

/** Types whose resources hold data, or are needed to read it. */
const STATEFUL = [
  'AWS::Kinesis::Stream',
  'AWS::KMS::Key',
  'AWS::Redshift::Cluster',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
];

/** Types CloudFormation cannot tag, or that are no resources of their own. */
const WITHOUT_TAGS = [
  'AWS::CloudWatch::Dashboard',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::Glue::Database',
  'AWS::Glue::Table',
  'AWS::IAM::Policy',
  'AWS::KMS::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Logs::LogStream',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
];

test('there are the three environments the documentation names', () => {
  expect(ENVIRONMENT_NAMES).toEqual(['dev', 'prod', 'reference']);
});

describe.each(Object.entries(environments))('environment %s', (name, { templates, stacks, findings }) => {
  const resources = Object.values(templates).flatMap(
    (template) => Object.entries(template.toJSON().Resources) as [string, TemplateResource][],
  );

  test.each(Object.entries(templates))('the %s stack is the one that was reviewed', (_stage, template) => {
    expect(snapshotOf(template)).toMatchSnapshot();
  });

  test('every finding of the policy checks is acknowledged where it is, with a reason', () => {
    expect(findings).toEqual([]);
  });

  test('no role has a wildcard action, and only its own Data API statements and metrics have no resource', () => {
    const statements = Object.values(templates).flatMap(allowedBy);
    expect(statements.filter(({ actions }) => actions.some((action) => action.includes('*')))).toEqual([]);
    const unrestricted = statements.filter(
      ({ resources, actions }) =>
        resources.includes('*') &&
        // CloudWatch knows no resources when metrics are read.
        !(actions.length === 1 && actions[0] === 'cloudwatch:GetMetricData'),
    );
    for (const statement of unrestricted) {
      expect(statement).toMatchObject({
        actions: [
          'redshift-data:CancelStatement',
          'redshift-data:DescribeStatement',
          'redshift-data:GetStatementResult',
          'redshift-data:ListStatements',
        ],
        condition: { StringEquals: { 'redshift-data:statement-owner-iam-userid': `\${aws:userid}` } },
      });
    }
  });

  test('a reference to another stack names an output which that stack has', () => {
    const byName = new Map(Object.values(stacks).map((stack) => [stack.stackName, stack]));
    const text = JSON.stringify(Object.values(templates).map((template) => template.toJSON()));
    const references = [...text.matchAll(/"Fn::GetStackOutput":(\{[^}]*\})/g)].map(([, body]) =>
      JSON.parse(body ?? ''),
    );
    expect(references.length).toBeGreaterThan(20);
    for (const { StackName, OutputName } of references) {
      const stage = Object.entries(stacks).find(([, stack]) => stack === byName.get(StackName))?.[0];
      const template = templates[stage as keyof typeof templates];
      expect(template.toJSON().Outputs).toHaveProperty(OutputName);
    }
  });

  test('a new column is rolled out to whoever reads it before whoever writes it', () => {
    const { warehouse, loading, delivery } = stacks;
    expect(loading.dependencies).toContain(warehouse);
    expect(delivery.dependencies).toContain(loading);
    const { delivery: template } = templates;
    const only = (type: string, part: string) => {
      const [id, ...others] = Object.keys(template.findResources(type)).filter((one) => one.startsWith(part));
      if (id === undefined || others.length > 0) throw new Error(`There must be one ${part}... ${type}`);
      return id;
    };
    const table = only('AWS::Glue::Table', 'Table');
    const transform = only('AWS::Lambda::Function', 'Transform');
    const deliveryStream = only('AWS::KinesisFirehose::DeliveryStream', 'Events');
    expect(doneBefore(template, transform)).toContain(table);
    expect(doneBefore(template, deliveryStream)).toContain(table);
    expect(doneBefore(template, deliveryStream)).toContain(transform);
    // Firehose takes the newest version of the table by itself, so nothing else may make a table for it.
    expect(resources.filter(([, { Type }]) => Type === 'AWS::Glue::Table')).toHaveLength(1);
  });

  test('stacks are named and tagged by environment and stage, and so is every resource that can be', () => {
    expect(Object.values(stacks).map(({ stackName }) => stackName)).toEqual(
      ['stream', 'lake', 'warehouse', 'loading', 'delivery', 'monitoring'].map(
        (stage) => `clickstream-${name}-${stage}`,
      ),
    );
    for (const [stage, stack] of Object.entries(stacks)) {
      expect(stack.tags.tagValues()).toEqual({ project: 'clickstream', environment: name, stage });
    }
    const isTagged = (tags: unknown) =>
      // Most types take a list of tags, parameters take a map.
      [`"Key":"environment","Value":"${name}"`, `"environment":"${name}"`].some((tag) =>
        JSON.stringify(tags ?? []).includes(tag),
      );
    const untagged = resources.filter(
      ([id, { Type, Properties }]) =>
        !id.startsWith('Custom') &&
        !Type.startsWith('Custom::') &&
        !WITHOUT_TAGS.includes(Type) &&
        !isTagged(Properties.Tags),
    );
    expect(untagged.map(([id, { Type }]) => `${Type} ${id}`)).toEqual([]);
  });

  test(name === 'dev' ? 'data goes with the stacks' : 'data is kept, and its stacks are protected', () => {
    const policies = new Set(
      resources
        .filter(([, { Type }]) => STATEFUL.includes(Type))
        .filter(([id]) => !/^\w*ScheduleDeadLetters/.test(id))
        .map(([, { DeletionPolicy, UpdateReplacePolicy }]) => `${DeletionPolicy}/${UpdateReplacePolicy}`),
    );
    expect([...policies]).toEqual([name === 'dev' ? 'Delete/Delete' : 'Retain/Retain']);
    const isProtected = name !== 'dev';
    const { stream, lake, warehouse } = stacks;
    expect([stream, lake, warehouse].map((stack) => stack.terminationProtection)).toEqual([
      isProtected,
      isProtected,
      isProtected,
    ]);
  });
});
