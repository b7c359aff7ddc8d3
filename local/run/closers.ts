/** What has to be closed at the end, last started first, also when starting fails half way. */
export class Closers {
  private readonly steps: (() => void | Promise<void>)[] = [];

  /** Remembers a step. */
  add(step: () => void | Promise<void>): void {
    this.steps.push(step);
  }

  /** Remembers to close something, and gives it back. */
  closing<T extends { close(): void | Promise<void> }>(resource: T): T {
    this.add(() => resource.close());
    return resource;
  }

  /**
   * Takes all steps, in reverse order, each of them even when another fails. A second call does nothing.
   * @throws AggregateError of what failed
   */
  async close(): Promise<void> {
    const errors: unknown[] = [];
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) {
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'The local run did not close cleanly');
  }
}
