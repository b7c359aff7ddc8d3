import path from 'node:path';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AwsError } from '../../../local/http/awsError';
import { Queue, type QueueSettings } from '../../../local/sqs/queue';
import { startSqsServer } from '../../../local/sqs/server';
import { clientConfig } from '../../support/conformance';
import { tempDirectory } from '../../support/tempDirectory';

const directory = tempDirectory('sqs');
let names = 0;
const newName = () => `queue-${names++}`;
const message = (body: string) => ({ body, attributes: {} });

describe('a queue', () => {
  const time = { millis: Date.parse('2026-03-01T12:00:00Z') };
  const open = (settings: QueueSettings) =>
    new Queue(settings, path.join(directory, `${settings.name}.ndjson`), () => time.millis);
  const give = (queue: Queue, giveUp = () => {}) => queue.receive(10, 30, giveUp).map(({ body }) => body);

  it('has its messages again after it was closed in the middle of a receive', () => {
    const settings = { name: newName() };
    const queue = open(settings);
    for (const body of ['waiting', 'received', 'deleted']) queue.send(message(body));
    const [, , deleted] = queue.receive(3, 30, () => {});
    queue.delete(deleted?.receiptHandle ?? '');
    queue.close();
    const again = open(settings);
    const messages = again.receive(10, 30, () => {});
    expect(messages.map(({ body, receiveCount }) => [body, receiveCount])).toEqual([
      ['waiting', 2],
      ['received', 2],
    ]);
    again.close();
  });

  it('still deletes by a handle it gave before it was closed', () => {
    const settings = { name: newName() };
    const queue = open(settings);
    queue.send(message('a'));
    const [received] = queue.receive(1, 30, () => {});
    queue.close();
    const again = open(settings);
    again.delete(received?.receiptHandle ?? '');
    expect(again.counts()).toEqual({ visible: 0, notVisible: 0, delayed: 0 });
    again.close();
  });

  it('counts receives over restarts, so that a message that kills its reader ends in the dead letters', () => {
    const settings = { name: newName(), redrive: { deadLetterQueueArn: 'arn', maxReceiveCount: 3 } };
    open(settings).send(message('poison'));
    const givenUp: string[] = [];
    for (let run = 0; run < 4; run++) {
      const queue = open(settings);
      queue.receive(1, 30, ({ body }) => givenUp.push(body));
      queue.close();
    }
    expect(givenUp).toEqual(['poison']);
  });

  it('delivers a message once its delay and after each visibility timeout has passed', () => {
    const queue = open({ name: newName(), delaySeconds: 5 });
    queue.send(message('a'));
    expect(give(queue)).toEqual([]);
    expect(queue.millisUntilVisible()).toBe(5_000);
    time.millis += 5_000;
    expect(give(queue)).toEqual(['a']);
    time.millis += 29_999;
    expect(give(queue)).toEqual([]);
    time.millis += 1;
    expect(give(queue)).toEqual(['a']);
    queue.close();
  });

  it('drops messages past their retention', () => {
    const queue = open({ name: newName(), retentionSeconds: 60 });
    queue.send(message('old'));
    time.millis += 40_000;
    queue.send(message('new'));
    time.millis += 40_000;
    expect(give(queue)).toEqual(['new']);
    queue.close();
  });

  it('takes no handle of another queue', () => {
    const [one, other] = [open({ name: newName() }), open({ name: newName() })];
    one.send(message('a'));
    const [received] = one.receive(1, 30, () => {});
    expect(() => other.delete(received?.receiptHandle ?? '')).toThrow(
      expect.objectContaining({ code: 'ReceiptHandleIsInvalid' }),
    );
    one.close();
    other.close();
  });
});

describe('the SQS server', () => {
  it('takes messages in-process by the queue’s ARN, and refuses an ARN it does not know', async () => {
    const server = await startSqsServer({ directory });
    const name = newName();
    server.queues.create({ name });
    server.deliver(`arn:aws:sqs:us-east-1:000000000000:${name}`, 'hello');
    const client = new SQSClient(clientConfig(server.url));
    const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl: server.queueUrl(name) }));
    expect(Messages?.map(({ Body }) => Body)).toEqual(['hello']);
    expect(() => server.deliver(`arn:aws:sqs:eu-west-1:000000000000:${name}`, 'hello')).toThrow(
      'The specified queue does not exist: arn:aws:sqs:eu-west-1:000000000000:',
    );
    client.destroy();
    await server.close();
  });

  it('finds a queue by a URL of an earlier run, whose port was another', async () => {
    const first = await startSqsServer({ directory });
    const name = newName();
    first.queues.create({ name });
    const QueueUrl = first.queueUrl(name);
    first.deliver(first.queues.get(name).arn, 'kept');
    await first.close();

    const second = await startSqsServer({ directory });
    second.queues.create({ name });
    const client = new SQSClient({ ...clientConfig(second.url), useQueueUrlAsEndpoint: false });
    const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages?.map(({ Body }) => Body)).toEqual(['kept']);
    client.destroy();
    await second.close();
  });

  it('ends long polls when it is closed', async () => {
    const arrivals: (() => void)[] = [];
    const arrived = new Promise<void>((resolve) => arrivals.push(resolve));
    const faults = {
      beforeOperation() {
        for (const tell of arrivals) tell();
        return undefined;
      },
    };
    const server = await startSqsServer({ directory, faults });
    const name = newName();
    server.queues.create({ name });
    const client = new SQSClient(clientConfig(server.url));
    const QueueUrl = server.queueUrl(name);
    const waiting = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    await arrived;
    await server.close();
    expect((await waiting).Messages).toBeUndefined();
    client.destroy();
  });

  it('does not hand a message to a client that went away while it waited', async () => {
    const server = await startSqsServer({ directory });
    const queue = server.queues.create({ name: newName() });
    const client = new AbortController();
    const waiting = server.queues.receive(queue, 1, 30, 20, client.signal);
    client.abort();
    expect(await waiting).toEqual([]);
    queue.send(message('a'));
    expect(queue.counts()).toEqual({ visible: 1, notVisible: 0, delayed: 0 });
    await server.close();
  });

  it('makes the SDK retry a throttled request', async () => {
    const errors = [new AwsError('RequestThrottled', 'Rate exceeded', 403)];
    const server = await startSqsServer({
      directory,
      faults: {
        beforeOperation() {
          const error = errors.pop();
          return error ? { error } : undefined;
        },
      },
    });
    const name = newName();
    server.queues.create({ name });
    const client = new SQSClient({ ...clientConfig(server.url), maxAttempts: 2 });
    const { $metadata } = await client.send(
      new SendMessageCommand({ QueueUrl: server.queueUrl(name), MessageBody: 'a' }),
    );
    expect($metadata.attempts).toBe(2);
    client.destroy();
    await server.close();
  });
});
