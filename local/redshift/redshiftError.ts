/** An error as Redshift words it: what DescribeStatement shows after `ERROR: `. */
export class RedshiftError extends Error {
  override readonly name = 'RedshiftError';
  /**
   * @param message Redshift's words, without the leading `ERROR: `
   * @param position 1-based character of the statement at fault, where known
   */
  constructor(
    message: string,
    readonly position?: number,
  ) {
    super(message);
  }

  /** The whole text, as the Data API gives it in `Error`. */
  describe(): string {
    return `ERROR: ${this.message}${this.position === undefined ? '' : `\n  Position: ${this.position}`}`;
  }
}

/**
 * Something Redshift can do and this stand-in cannot. Said outright, so that nobody takes a local refusal for one of
 * Redshift, nor a wrong answer for a right one.
 */
export class NotSupportedLocallyError extends RedshiftError {
  constructor(what: string, hint = '') {
    super(`${what} is not supported by the local warehouse${hint === '' ? '' : ` (${hint})`}`);
  }
}
