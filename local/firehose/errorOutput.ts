/** The JSON lines Firehose writes for records it could not deliver. */
import type { DeliveryStreamDefinition } from '../template/definitions';
import type { DeliveryFailure, ErrorOutputType, SourceRecord } from './records';

/**
 * The line of one failed record, with its line end. `rawData` is the record as the source gave it.
 * @param nowMillis when the last attempt ended
 */
export function errorLine(
  stream: DeliveryStreamDefinition,
  type: ErrorOutputType,
  record: SourceRecord,
  { code, message, attempts }: DeliveryFailure,
  nowMillis: number,
): string {
  const common = {
    attemptEndingTimestamp: nowMillis,
    rawData: record.data.toString('base64'),
  };
  const line =
    type === 'processing-failed'
      ? {
          attemptsMade: attempts,
          arrivalTimestamp: record.arrivalMillis,
          errorCode: code,
          errorMessage: message,
          ...common,
          lambdaARN: stream.transform?.functionArn,
        }
      : {
          attemptsMade: attempts,
          arrivalTimestamp: record.arrivalMillis,
          lastErrorCode: code,
          lastErrorMessage: message,
          ...common,
          sequenceNumber: record.kinesis?.sequenceNumber ?? null,
          subSequenceNumber: null,
          dataCatalogTable: {
            catalogId: null,
            databaseName: stream.conversion?.table.databaseName,
            tableName: stream.conversion?.table.name,
            region: stream.arn.split(':')[3],
            versionId: 'LATEST',
            catalogArn: null,
          },
        };
  return `${JSON.stringify(line)}\n`;
}
