/** A parameter of a question is wrong; the message names it, its value, and what would be right. */
export class QuestionError extends Error {
  override readonly name = 'QuestionError';

  /** @param parameter name of the parameter */
  constructor(
    readonly parameter: string,
    message: string,
  ) {
    super(message);
  }
}

/** Says that a value is not what a parameter takes. */
export function wrongValue(parameter: string, value: string, expected: string): QuestionError {
  return new QuestionError(parameter, `--${parameter} is "${value}", it must be ${expected}`);
}
