import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { startSqsServer } from '../../../local/sqs/server';
import {
  clientConfig,
  conformanceTest,
  startFauxqs,
  type Target,
  type TargetName,
} from '../../support/conformance';
import { tempDirectory } from '../../support/tempDirectory';

const directory = tempDirectory('sqs');

const TARGETS: readonly { name: TargetName; start: () => Promise<Target> }[] = [
  { name: 'ours', start: () => startSqsServer({ directory }) },
  { name: 'fauxqs', start: startFauxqs },
];

describe.each(TARGETS)('the SQS API of $name', ({ name, start }) => {
  const check = conformanceTest(name);
  let target: Target;
  let client: SQSClient;
  let queues = 0;

  beforeAll(async () => {
    target = await start();
    client = new SQSClient(clientConfig(target.url));
  });

  afterAll(async () => {
    client.destroy();
    await target.close();
  });

  async function createQueue(Attributes: Record<string, string> = {}): Promise<string> {
    queues += 1;
    const { QueueUrl } = await client.send(
      new CreateQueueCommand({ QueueName: `queue-${queues}`, Attributes }),
    );
    return QueueUrl ?? '';
  }

  const send = (QueueUrl: string, MessageBody: string) =>
    client.send(new SendMessageCommand({ QueueUrl, MessageBody }));

  async function receive(
    QueueUrl: string,
    input: Partial<ReceiveMessageCommandInput> = {},
  ): Promise<Message[]> {
    const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...input });
    return (await client.send(command)).Messages ?? [];
  }

  const bodies = (messages: Message[]) => messages.map(({ Body }) => Body).sort();
  const handle = (message: Message | undefined) => message?.ReceiptHandle ?? '';

  async function attributes(QueueUrl: string): Promise<Record<string, string>> {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
    return (await client.send(command)).Attributes ?? {};
  }

  check('delivers what was sent, whatever characters it holds', async () => {
    const queue = await createQueue();
    const body = '{"key":"a+b%20ü€"}\n<tag>&amp;\t"';
    const sent = await send(queue, body);
    const [message] = await receive(queue);
    // The SDK itself has compared MD5OfBody with the body.
    expect(message).toMatchObject({
      Body: body,
      MessageId: sent.MessageId,
      MD5OfBody: sent.MD5OfMessageBody,
    });
  });

  check('hides a received message until it is deleted', async () => {
    const queue = await createQueue();
    await send(queue, 'a');
    const [message] = await receive(queue);
    expect(await receive(queue)).toEqual([]);
    expect(await attributes(queue)).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '1',
    });
    await client.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: handle(message) }));
    expect(await attributes(queue)).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '0' });
  });

  check('delivers a message again when its visibility timeout is set to 0, and counts receives', async () => {
    const queue = await createQueue();
    await send(queue, 'a');
    const [first] = await receive(queue, { MessageSystemAttributeNames: ['All'] });
    const change = { QueueUrl: queue, ReceiptHandle: handle(first), VisibilityTimeout: 0 };
    await client.send(new ChangeMessageVisibilityCommand(change));
    const [second] = await receive(queue, { MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
    expect(first?.Attributes).toMatchObject({
      ApproximateReceiveCount: '1',
      SentTimestamp: expect.stringMatching(/^\d{13}$/),
      ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
    });
    expect(second?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
    expect(handle(second)).not.toBe(handle(first));
  });

  check('does not delete a message by the handle of an earlier receive', async () => {
    const queue = await createQueue();
    await send(queue, 'a');
    const [first] = await receive(queue, { VisibilityTimeout: 0 });
    const [second] = await receive(queue, { VisibilityTimeout: 0 });
    await client.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: handle(first) }));
    expect(bodies(await receive(queue, { VisibilityTimeout: 0 }))).toEqual(['a']);
    expect(handle(second)).not.toBe('');
  });

  check('deletes a message twice without an error', async () => {
    const queue = await createQueue();
    await send(queue, 'a');
    const [message] = await receive(queue);
    const command = () => new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: handle(message) });
    await client.send(command());
    await client.send(command());
    expect(await attributes(queue)).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '0' });
  });

  check(
    'refuses a receipt handle that is none',
    async () => {
      const QueueUrl = await createQueue();
      const command = new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'nonsense' });
      await expect(client.send(command)).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
    },
    { fauxqs: { fails: 'it takes any handle for one of a deleted message' } },
  );

  check('refuses to change the visibility of a message that is not in flight', async () => {
    const queue = await createQueue();
    await send(queue, 'a');
    const [message] = await receive(queue);
    await client.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: handle(message) }));
    const change = { QueueUrl: queue, ReceiptHandle: handle(message), VisibilityTimeout: 10 };
    await expect(client.send(new ChangeMessageVisibilityCommand(change))).rejects.toMatchObject({
      name: 'MessageNotInflight',
    });
  });

  check('delivers a message again after its visibility timeout', async () => {
    const queue = await createQueue({ VisibilityTimeout: '1' });
    await send(queue, 'a');
    await receive(queue);
    expect(bodies(await receive(queue, { WaitTimeSeconds: 10 }))).toEqual(['a']);
  });

  check('ends a long poll when a message comes', async () => {
    const queue = await createQueue();
    const waiting = receive(queue, { WaitTimeSeconds: 20 });
    await sleep(50);
    await send(queue, 'a');
    expect(bodies(await waiting)).toEqual(['a']);
  });

  check('gives at most as many messages as asked for, each to one receiver only', async () => {
    const queue = await createQueue();
    const Entries = Array.from({ length: 10 }, (_, i) => ({ Id: `${i}`, MessageBody: `m${i}` }));
    await client.send(new SendMessageBatchCommand({ QueueUrl: queue, Entries }));
    const batches = await Promise.all([3, 3, 3, 3].map((n) => receive(queue, { MaxNumberOfMessages: n })));
    expect(batches.map((batch) => batch.length).sort()).toEqual([1, 3, 3, 3]);
    expect(bodies(batches.flat())).toEqual(Entries.map(({ MessageBody }) => MessageBody));
  });

  check('moves a message to the dead-letter queue when it was received too often', async () => {
    const deadLetters = await createQueue();
    const { QueueArn } = await attributes(deadLetters);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: QueueArn, maxReceiveCount: 2 });
    const queue = await createQueue({ RedrivePolicy });
    const { MessageId } = await send(queue, 'poison');
    expect(await receive(queue, { VisibilityTimeout: 0 })).toHaveLength(1);
    expect(await receive(queue, { VisibilityTimeout: 0 })).toHaveLength(1);
    expect(await receive(queue, { VisibilityTimeout: 0 })).toEqual([]);
    const [dead] = await receive(deadLetters);
    expect(dead).toMatchObject({ Body: 'poison', MessageId });
  });

  check('carries a batch out entry by entry', async () => {
    const queue = await createQueue();
    const Entries = [
      { Id: 'good', MessageBody: 'a' },
      { Id: 'bad', MessageBody: 'a\u0001b' },
    ];
    const sent = await client.send(new SendMessageBatchCommand({ QueueUrl: queue, Entries: [...Entries] }));
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(sent.Failed?.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault])).toEqual([
      ['bad', 'InvalidMessageContents', true],
    ]);
  });

  check('deletes and hides in batches', async () => {
    const queue = await createQueue();
    for (const body of ['a', 'b']) await send(queue, body);
    const messages = await receive(queue);
    const entries = messages.map((message, i) => ({ Id: `${i}`, ReceiptHandle: handle(message) }));
    const [first, second] = entries;
    const hidden = await client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: queue,
        Entries: entries.slice(0, 1).map((entry) => ({ ...entry, VisibilityTimeout: 0 })),
      }),
    );
    const deleted = await client.send(
      new DeleteMessageBatchCommand({ QueueUrl: queue, Entries: entries.slice(1) }),
    );
    expect(hidden.Successful).toEqual([{ Id: first?.Id }]);
    expect(deleted.Successful).toEqual([{ Id: second?.Id }]);
    expect(bodies(await receive(queue))).toEqual([messages[0]?.Body]);
  });

  check('refuses a batch that is empty, too long or has an id twice', async () => {
    const QueueUrl = await createQueue();
    const refuse = (Entries: { Id: string; MessageBody: string }[]) =>
      client.send(new SendMessageBatchCommand({ QueueUrl, Entries })).then(
        () => 'sent',
        (error) => error.name,
      );
    const entry = (Id: string) => ({ Id, MessageBody: 'x' });
    expect(await refuse([])).toBe('EmptyBatchRequest');
    expect(await refuse(Array.from({ length: 11 }, (_, i) => entry(`${i}`)))).toBe(
      'TooManyEntriesInBatchRequest',
    );
    expect(await refuse([entry('a'), entry('a')])).toBe('BatchEntryIdsNotDistinct');
    expect(await receive(QueueUrl)).toEqual([]);
  });

  check(
    'refuses a message over 1 MiB',
    async () => {
      const QueueUrl = await createQueue();
      const command = new SendMessageCommand({ QueueUrl, MessageBody: 'x'.repeat(1024 * 1024 + 1) });
      await expect(client.send(command)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    },
    { fauxqs: { fails: 'it prefixes the code for the old protocol, so the SDK names the error otherwise' } },
  );

  check('carries message attributes, on request', async () => {
    const queue = await createQueue();
    const MessageAttributes = {
      site: { DataType: 'String', StringValue: 'shop' },
      blob: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]) },
    };
    const sent = await client.send(
      new SendMessageCommand({ QueueUrl: queue, MessageBody: 'a', MessageAttributes }),
    );
    const [message] = await receive(queue, { MessageAttributeNames: ['All'], VisibilityTimeout: 0 });
    expect(message?.MessageAttributes?.site).toMatchObject(MessageAttributes.site);
    expect(Buffer.from(message?.MessageAttributes?.blob?.BinaryValue ?? []).toString('hex')).toBe('00ff');
    // Computed from SQS's documented algorithm, by hand, with another language's MD5.
    expect(sent.MD5OfMessageAttributes).toBe(ATTRIBUTES_MD5);
  });

  check(
    'leaves message attributes out that were not asked for',
    async () => {
      const queue = await createQueue();
      const MessageAttributes = { site: { DataType: 'String', StringValue: 'shop' } };
      await client.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: 'a', MessageAttributes }));
      expect((await receive(queue))[0]?.MessageAttributes).toBeUndefined();
    },
    { fauxqs: { fails: 'it sends all attributes always' } },
  );

  check(
    'takes characters of every plane',
    async () => {
      const queue = await createQueue();
      await send(queue, '\u{1F600}');
      expect(bodies(await receive(queue))).toEqual(['\u{1F600}']);
    },
    { fauxqs: { fails: 'it refuses what is above U+FFFF' } },
  );

  check('delays a message', async () => {
    const queue = await createQueue();
    await client.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: 'a', DelaySeconds: 900 }));
    expect(await receive(queue)).toEqual([]);
    expect(await attributes(queue)).toMatchObject({ ApproximateNumberOfMessagesDelayed: '1' });
  });

  check('finds, lists, purges and deletes queues', async () => {
    const queue = await createQueue({ VisibilityTimeout: '77' });
    const QueueName = queue.split('/').at(-1);
    expect((await client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl).toBe(queue);
    expect((await client.send(new ListQueuesCommand({ QueueNamePrefix: QueueName }))).QueueUrls).toContain(
      queue,
    );
    expect(await attributes(queue)).toMatchObject({
      VisibilityTimeout: '77',
      QueueArn: `arn:aws:sqs:us-east-1:000000000000:${QueueName}`,
      MessageRetentionPeriod: '345600',
    });
    await send(queue, 'a');
    await client.send(new PurgeQueueCommand({ QueueUrl: queue }));
    expect(await receive(queue)).toEqual([]);
    await client.send(new DeleteQueueCommand({ QueueUrl: queue }));
    await expect(receive(queue)).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });

  check('says as AWS does, in both protocols, that a queue does not exist', async () => {
    const command = new GetQueueUrlCommand({ QueueName: 'no-such-queue' });
    await expect(client.send(command)).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
      $metadata: { httpStatusCode: 400 },
    });
  });

  check(
    'refuses numbers out of bounds',
    async () => {
      const QueueUrl = await createQueue();
      for (const wrong of [
        { MaxNumberOfMessages: 11 },
        { WaitTimeSeconds: 21 },
        { VisibilityTimeout: 43_201 },
      ]) {
        await expect(receive(QueueUrl, wrong)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
      }
    },
    { fauxqs: { fails: 'it prefixes the code for the old protocol, so the SDK names the error otherwise' } },
  );
});

const ATTRIBUTES_MD5 = '210f30cff24e4e9dccd0fa79b0f67f2c';
