import { gunzipSync } from 'node:zlib';
import type { SourceRecord } from '../../../local/firehose/records';
import { ARRIVAL, type Harness, harness, record } from '../../support/deliveryStreams';

const transform = { functionArn: 'arn:fn', bufferBytes: 100, bufferMillis: 3_600_000, retries: 3 };

interface Request {
  readonly invocationId: string;
  readonly records: { readonly recordId: string; readonly data: string }[];
}

/** A function that answers each record as told, by the record's text. */
function answering(answer: (text: string, recordId: string) => object | undefined) {
  const requests: Request[] = [];
  const invoke = async (_arn: string, event: unknown) => {
    const request = event as Request;
    requests.push(request);
    return {
      records: request.records.flatMap(({ recordId, data }) => {
        const one = answer(Buffer.from(data, 'base64').toString(), recordId);
        return one === undefined ? [] : [{ recordId, ...one }];
      }),
    };
  };
  return { requests, invoke };
}

const upperCase = (text: string) => ({
  result: 'Ok',
  data: Buffer.from(text.toUpperCase()).toString('base64'),
});

describe('a delivery stream', () => {
  let delivery: Harness;
  afterEach(() => delivery.close());

  it('concatenates records byte by byte, with nothing between them', async () => {
    delivery = await harness();
    await delivery.stream.put([record('a'), record(Buffer.from([0xff, 0x0a])), record('b\n')]);
    await delivery.stream.flush();
    expect([...delivery.objects.values()]).toEqual([Buffer.from([0x61, 0xff, 0x0a, 0x62, 0x0a])]);
  });

  it('names an object after the arrival of its oldest record', async () => {
    delivery = await harness();
    await delivery.stream.put([record('late', ARRIVAL + 60_000), record('early', ARRIVAL)]);
    await delivery.stream.flush();
    expect([...delivery.objects.keys()]).toEqual([
      expect.stringMatching(/^events\/day=01\/hour=23\/clicks-1-2026-11-01-23-59-58-[0-9a-f-]{36}$/),
    ]);
  });

  it('compresses and says so in the key when the template asks for GZIP', async () => {
    delivery = await harness({ compression: 'GZIP' });
    await delivery.stream.put([record('one\n'), record('two\n')]);
    await delivery.stream.flush();
    const [[key, body] = ['', Buffer.alloc(0)]] = [...delivery.objects];
    expect(key).toMatch(/\.gz$/);
    expect(gunzipSync(body).toString()).toBe('one\ntwo\n');
  });

  it('writes an object when the size hint is reached, and another for the rest', async () => {
    delivery = await harness({ bufferBytes: 10 });
    await delivery.stream.put(['12345', '67890', 'rest'].map((text) => record(text)));
    await delivery.stream.flush();
    expect([...delivery.objects.values()].map(String)).toEqual(['1234567890', 'rest']);
  });

  it('writes an object when the time hint has passed since its first record', async () => {
    delivery = await harness({ bufferMillis: 20 });
    await delivery.stream.put([record('a'), record('b')]);
    while (delivery.objects.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect([...delivery.objects.values()].map(String)).toEqual(['ab']);
  });

  it('reports a delivery that fails, and goes on with the next', async () => {
    delivery = await harness();
    jest.spyOn(delivery.objects, 'set').mockImplementationOnce(() => {
      throw new Error('S3 is down');
    });
    await delivery.stream.put([record('a')]);
    await delivery.stream.flush();
    await delivery.stream.put([record('b')]);
    await delivery.stream.flush();
    expect(delivery.errors).toEqual([new Error('S3 is down')]);
    expect([...delivery.objects.values()].map(String)).toEqual(['b']);
    expect(delivery.stream.counts).toMatchObject({ recordsIn: 2, rowsDelivered: 1 });
  });

  it('is refused at the start when a prefix is not understood', async () => {
    delivery = await harness();
    await expect(harness({ prefix: '!{unknown:x}' })).rejects.toThrow(/unknown:x/);
    await expect(harness({ errorPrefix: 'errors/!{firehose:kind}/' })).rejects.toThrow(/firehose:kind/);
  });
});

describe('the transform of a delivery stream', () => {
  let delivery: Harness;
  afterEach(() => delivery.close());

  const bodies = () =>
    [...delivery.objects].filter(([key]) => key.startsWith('events/')).map(([, body]) => body.toString());

  it('gets batches no larger than its size hint, and its answers are delivered in order', async () => {
    const { requests, invoke } = answering(upperCase);
    delivery = await harness({ transform }, invoke);
    await delivery.stream.put(['a', 'b', 'c', 'd', 'e'].map((letter) => record(letter.repeat(40))));
    await delivery.stream.flush();
    expect(requests.map(({ records }) => records.length)).toEqual([2, 2, 1]);
    expect(bodies()).toEqual([
      'A'.repeat(40) + 'B'.repeat(40) + 'C'.repeat(40) + 'D'.repeat(40) + 'E'.repeat(40),
    ]);
  });

  it('gets records with ids, arrival and where in Kinesis they came from', async () => {
    const { requests, invoke } = answering(upperCase);
    delivery = await harness({ transform, sourceStreamArn: 'arn:stream' }, invoke);
    const kinesis = { shardId: 'shardId-000000000000', partitionKey: 'k', sequenceNumber: '49' };
    await delivery.stream.put([{ ...record('x'), kinesis } satisfies SourceRecord]);
    await delivery.stream.flush();
    expect(requests).toEqual([
      {
        invocationId: expect.any(String),
        deliveryStreamArn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/clicks',
        sourceKinesisStreamArn: 'arn:stream',
        region: 'us-east-1',
        records: [
          {
            recordId: expect.any(String),
            approximateArrivalTimestamp: ARRIVAL,
            data: 'eA==',
            kinesisRecordMetadata: {
              ...kinesis,
              approximateArrivalTimestamp: ARRIVAL,
              subsequenceNumber: '',
            },
          },
        ],
      },
    ]);
  });

  it('decides each record’s fate: Ok, Dropped, ProcessingFailed, forgotten', async () => {
    const { invoke } = answering((text) => {
      if (text === 'forget') return undefined;
      if (text === 'drop') return { result: 'Dropped' };
      if (text === 'fail') return { result: 'ProcessingFailed', data: '' };
      return upperCase(text);
    });
    delivery = await harness({ transform }, invoke);
    await delivery.stream.put(['ok', 'drop', 'fail', 'forget', 'fine'].map((text) => record(text)));
    await delivery.stream.flush();
    expect(bodies()).toEqual(['OKFINE']);
    expect(delivery.stream.counts).toMatchObject({
      recordsIn: 5,
      recordsDropped: 1,
      rowsDelivered: 2,
      recordsFailed: { 'processing-failed': 2, 'format-conversion-failed': 0 },
    });
    expect(delivery.errorLines()).toEqual([
      expect.objectContaining({
        attemptsMade: 1,
        arrivalTimestamp: ARRIVAL,
        errorCode: 'Lambda.ProcessingFailedStatus',
        rawData: Buffer.from('fail').toString('base64'),
        lambdaARN: 'arn:fn',
      }),
      expect.objectContaining({
        errorCode: 'Lambda.MissingRecordId',
        rawData: Buffer.from('forget').toString('base64'),
      }),
    ]);
  });

  it('fails a record whose id is answered twice', async () => {
    delivery = await harness({ transform }, async (_arn, event) => {
      const { records } = event as Request;
      return { records: [...records, ...records].map((one) => ({ ...one, result: 'Ok' })) };
    });
    await delivery.stream.put([record('x')]);
    await delivery.stream.flush();
    expect(delivery.errorLines()).toEqual([
      expect.objectContaining({ errorCode: 'Lambda.DuplicatedRecordId' }),
    ]);
  });

  it('is tried again after a failure, and goes on when it recovers', async () => {
    let failures = 2;
    const { requests, invoke } = answering(upperCase);
    delivery = await harness({ transform }, (arn, event) =>
      failures-- > 0 ? Promise.reject(new Error('throttled')) : invoke(arn, event),
    );
    await delivery.stream.put([record('x')]);
    await delivery.stream.flush();
    expect(bodies()).toEqual(['X']);
    expect(requests).toHaveLength(1);
    expect(delivery.errorLines()).toEqual([]);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('out of memory'))],
    ['answers nonsense', () => Promise.resolve({ records: [{ recordId: 1 }] })],
    ['answers an unknown result', () => Promise.resolve({ records: [{ recordId: '0', result: 'Fine' }] })],
    ['answers nothing', () => Promise.resolve(null)],
  ])('that %s each time fails every record of the batch after its retries', async (_what, invoke) => {
    let attempts = 0;
    delivery = await harness({ transform }, () => {
      attempts++;
      return invoke();
    });
    await delivery.stream.put([record('one'), record('two')]);
    await delivery.stream.flush();
    expect(attempts).toBe(4);
    expect(delivery.errorLines()).toEqual(
      ['one', 'two'].map((text) =>
        expect.objectContaining({
          attemptsMade: 4,
          errorCode: 'Lambda.FunctionError',
          rawData: Buffer.from(text).toString('base64'),
        }),
      ),
    );
  });
});
