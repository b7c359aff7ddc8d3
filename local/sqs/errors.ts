import { AwsError } from '../http/awsError';

/**
 * An SQS error. The header repeats it under its name in SQS's old protocol, which SDKs show as `error.Code`.
 * @param oldCode when it differs from the code
 */
export function sqsError(code: string, message: string, oldCode = code): AwsError {
  return new AwsError(code, message, 400, {}, { 'x-amzn-query-error': `${oldCode};Sender` });
}

/** A value out of its bounds. */
export function invalidParameter(name: string, value: unknown, rule: string): AwsError {
  return sqsError(
    'InvalidParameterValue',
    `Value ${value} for parameter ${name} is invalid. Reason: ${rule}.`,
  );
}
