/** An error as AWS would answer it. Whatever else is thrown in an operation is a bug and answers 500. */
export class AwsError extends Error {
  /**
   * @param code AWS's error code, such as ResourceNotFoundException; the SDK's `error.name`
   * @param message says what was wrong, with the value
   * @param status HTTP status; 400 unless AWS documents another
   * @param details further members (JSON) or elements (XML) of the answer
   * @param headers further headers of the answer
   */
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    readonly details: Readonly<Record<string, string>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = code;
  }
}

/** The answer to a defect of the server itself: retried by the SDK, and its message names the defect. */
export function internalFailure(cause: unknown): AwsError {
  const message = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return new AwsError('InternalFailure', message, 500);
}
