/** Calls the transform function for a batch of records, and judges its answer as Firehose does. */

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { messageOf } from '../../lib/contract/words';
import type { DeliveryStreamDefinition, TransformDefinition } from '../template/definitions';
import type { DeliveryFailure, SourceRecord } from './records';

/** What becomes of a record after the transform. */
export type TransformFate =
  | { readonly kind: 'ok'; readonly record: SourceRecord; readonly data: Buffer }
  | { readonly kind: 'dropped'; readonly record: SourceRecord }
  | { readonly kind: 'failed'; readonly record: SourceRecord; readonly failure: DeliveryFailure };

/** Invokes a function by ARN; rejects when the invocation fails. */
export type InvokeFunction = (functionArn: string, event: unknown) => Promise<unknown>;

const answerSchema = z.object({
  records: z.array(
    z.object({
      recordId: z.string(),
      result: z.enum(['Ok', 'Dropped', 'ProcessingFailed']),
      data: z.base64().nullish(),
    }),
  ),
});

const MISSING = {
  code: 'Lambda.MissingRecordId',
  message:
    'One or more record Ids were not returned. Ensure that the Lambda function returns all received record Ids.',
};
const DUPLICATED = {
  code: 'Lambda.DuplicatedRecordId',
  message: 'Multiple records were returned with the same record ID. Ensure that all record IDs are unique.',
};
const PROCESSING_FAILED = {
  code: 'Lambda.ProcessingFailedStatus',
  message: 'The function answered ProcessingFailed for the record.',
};

/**
 * Transforms a batch: one fate for each record, in the order of the batch. A failed invocation is tried again as
 * often as the stream says; then every record of the batch has failed.
 */
export async function transformBatch(
  stream: DeliveryStreamDefinition,
  transform: TransformDefinition,
  records: readonly SourceRecord[],
  invoke: InvokeFunction,
): Promise<TransformFate[]> {
  const withIds = records.map((record, index) => ({ recordId: String(index).padStart(12, '0'), record }));
  let failure = { code: 'Lambda.FunctionError', message: '' };
  const attempts = transform.retries + 1;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      const answer = await invoke(transform.functionArn, event(stream, withIds));
      const parsed = answerSchema.safeParse(answer);
      if (parsed.success) return judge(withIds, parsed.data.records, attempt);
      failure = { code: 'Lambda.FunctionError', message: `Invalid answer: ${parsed.error.message}` };
    } catch (error) {
      failure = {
        code: 'Lambda.FunctionError',
        message: messageOf(error),
      };
    }
  }
  return records.map((record) => ({ kind: 'failed', record, failure: { ...failure, attempts } }));
}

interface WithId {
  readonly recordId: string;
  readonly record: SourceRecord;
}

function event(stream: DeliveryStreamDefinition, records: readonly WithId[]) {
  return {
    invocationId: randomUUID(),
    deliveryStreamArn: stream.arn,
    ...(stream.sourceStreamArn === undefined ? {} : { sourceKinesisStreamArn: stream.sourceStreamArn }),
    region: stream.arn.split(':')[3],
    records: records.map(({ recordId, record }) => ({
      recordId,
      approximateArrivalTimestamp: record.arrivalMillis,
      data: record.data.toString('base64'),
      ...(record.kinesis === undefined
        ? {}
        : {
            kinesisRecordMetadata: {
              ...record.kinesis,
              approximateArrivalTimestamp: record.arrivalMillis,
              subsequenceNumber: '',
            },
          }),
    })),
  };
}

type Answered = z.infer<typeof answerSchema>['records'][number];

function judge(records: readonly WithId[], answers: readonly Answered[], attempts: number): TransformFate[] {
  const byId = new Map<string, Answered[]>();
  for (const answer of answers) byId.set(answer.recordId, [...(byId.get(answer.recordId) ?? []), answer]);
  return records.map(({ recordId, record }) => fateOf(record, byId.get(recordId) ?? [], attempts));
}

function fateOf(record: SourceRecord, answers: readonly Answered[], attempts: number): TransformFate {
  const [answer, ...more] = answers;
  if (answer === undefined) return { kind: 'failed', record, failure: { ...MISSING, attempts } };
  if (more.length > 0) return { kind: 'failed', record, failure: { ...DUPLICATED, attempts } };
  switch (answer.result) {
    case 'Ok':
      return { kind: 'ok', record, data: Buffer.from(answer.data ?? '', 'base64') };
    case 'Dropped':
      return { kind: 'dropped', record };
    case 'ProcessingFailed':
      return { kind: 'failed', record, failure: { ...PROCESSING_FAILED, attempts } };
  }
}
