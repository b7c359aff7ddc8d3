/** Tells which requests and statements belong to a load. */
import { LOAD_STATEMENT_PREFIX } from '../../../lambda/loader/load';
import { MANIFESTS_PREFIX } from '../../../lib/contract/lakeLayout';

/** Whether a statement is a load, by its name. */
export function isLoad(statementName: unknown): boolean {
  return String(statementName).startsWith(LOAD_STATEMENT_PREFIX);
}

/** Whether a request submits a load. */
export function submitsLoad(operation: string, input: unknown): boolean {
  return operation === 'BatchExecuteStatement' && isLoad(Object(input).StatementName);
}

/** Whether a request to S3 writes the manifest of a load. */
export function writesManifest(operation: string, input: unknown): boolean {
  return operation === 'PutObject' && String(Object(input).key).startsWith(MANIFESTS_PREFIX);
}
