import { TRANSFORM_ENV } from '../../../lib/contract/names';

const ENVIRONMENT: Record<string, string> = {
  [TRANSFORM_ENV.streamName]: 'clicks',
  [TRANSFORM_ENV.rejectedDeliveryStreamName]: 'clicks-rejected',
  [TRANSFORM_ENV.countsDeliveryStreamName]: 'clicks-counts',
  [TRANSFORM_ENV.maxExpandedBytes]: '1048576',
  [TRANSFORM_ENV.environmentName]: 'test',
  AWS_REGION: 'us-east-1',
};

const saved = { ...process.env };

beforeEach(() => {
  jest.resetModules();
  Object.assign(process.env, ENVIRONMENT);
});

afterAll(() => {
  process.env = saved;
});

describe('the transform function', () => {
  test('answers an empty batch as it is deployed', async () => {
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const { handler } = await import('../../../lambda/transform/handler');
    const event = { invocationId: 'i', deliveryStreamArn: 'arn', region: 'us-east-1', records: [] };
    expect(await handler(event)).toEqual({ records: [] });
    jest.restoreAllMocks();
  });

  test('does not start without its environment, and says what is missing', async () => {
    delete process.env[TRANSFORM_ENV.streamName];
    await expect(import('../../../lambda/transform/handler')).rejects.toThrow(TRANSFORM_ENV.streamName);
  });
});
