import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { acknowledgeArnsEndingWith } from '../../lib/foundation/acknowledge';
import { PolicyChecks } from '../../lib/foundation/policyChecks';
import { testApp } from '../support/testApp';

/** A role that may read two prefixes of a bucket in another stack; `endings` of them are acknowledged. */
function findingsWith(endings: readonly string[]): string[] {
  const app = testApp();
  const bucket = new Bucket(new Stack(app, 'producer'), 'Bucket', { bucketName: 'lake' });
  const role = new Role(new Stack(app, 'consumer'), 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['s3:GetObject'],
      resources: [bucket.arnForObjects('events/*'), bucket.arnForObjects('errors/*')],
    }),
  );
  acknowledgeArnsEndingWith(role, endings, 'because the test says so');
  app.synth();
  return new PolicyChecks(app)
    .validateScope(app)
    .violations.filter(({ violatingResources }) =>
      violatingResources.some(({ constructPath }) => constructPath?.startsWith('consumer/')),
    )
    .map(({ ruleName }) => ruleName.replace(/::.*\}/, '::'));
}

test('a wildcard nobody acknowledged is found', () => {
  expect(findingsWith([])).toEqual([
    'AwsSolutions-IAM5[Resource::/errors/*]',
    'AwsSolutions-IAM5[Resource::/events/*]',
  ]);
});

test('acknowledging one ending leaves the others to be found', () => {
  expect(findingsWith(['/events/*'])).toEqual(['AwsSolutions-IAM5[Resource::/errors/*]']);
  expect(findingsWith(['/events/*', '/errors/*'])).toEqual([]);
});

test.each(['*', 'events/*', '/events/'])(
  'the ending "%s" is refused: it would cover too much, or nothing',
  (ending) => {
    expect(() => findingsWith([ending])).toThrow(
      `ending: "${ending}" must start with "/" or ":" and end with "*", such as "/events/*"`,
    );
  },
);
