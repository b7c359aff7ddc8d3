/** Runs something again and again, as EventBridge Scheduler does, never twice at once. */

/** A schedule that is on. */
export class Schedule {
  private readonly timer: NodeJS.Timeout;
  private running: Promise<void> | undefined;

  /**
   * @param everyMillis between two starts; a start that finds the last run still under way is left out
   * @param task what to run
   * @param onError is told when it rejects; the schedule goes on
   */
  constructor(everyMillis: number, task: () => Promise<void>, onError: (error: unknown) => void) {
    this.timer = setInterval(() => {
      this.running ??= task()
        .catch(onError)
        .finally(() => {
          this.running = undefined;
        });
    }, everyMillis);
  }

  /** Starts nothing more and waits for the run under way. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }
}
