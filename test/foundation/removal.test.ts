import { RemovalPolicy } from 'aws-cdk-lib';
import { dataRemoval } from '../../lib/foundation/removal';

test.each([
  ['nobody asked', { destroyData: false }],
  ['only the name is repeated', { destroyData: false, confirmDestroyData: 'prod' }],
  ['it is asked once', { destroyData: true }],
  ['another environment is named', { destroyData: true, confirmDestroyData: 'dev' }],
])('data is kept when %s', (_case, removal) => {
  expect(dataRemoval({ name: 'prod', removal })).toEqual({
    policy: RemovalPolicy.RETAIN,
    destroysData: false,
  });
});

test('data is deleted when it is asked for twice', () => {
  expect(dataRemoval({ name: 'dev', removal: { destroyData: true, confirmDestroyData: 'dev' } })).toEqual({
    policy: RemovalPolicy.DESTROY,
    destroysData: true,
  });
});
