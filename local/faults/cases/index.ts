/** All cases, in the order of the way of an event. */
import type { FaultCase } from '../faultCase';
import { FIREHOSE_CASES } from './firehose';
import { KINESIS_CASES } from './kinesis';
import { LOADER_CASES } from './loader';
import { OBJECT_CASES } from './objects';
import { SQS_CASES } from './sqs';
import { TRANSFORM_CASES } from './transform';
import { WAREHOUSE_CASES } from './warehouse';

export const FAULT_CASES: readonly FaultCase[] = [
  ...KINESIS_CASES,
  ...FIREHOSE_CASES,
  ...TRANSFORM_CASES,
  ...SQS_CASES,
  ...LOADER_CASES,
  ...WAREHOUSE_CASES,
  ...OBJECT_CASES,
];
