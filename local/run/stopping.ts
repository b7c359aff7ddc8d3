/** Ctrl-C: once to stop cleanly, twice to stop at once. */
export class Stopping {
  /** Resolves at the first Ctrl-C. */
  readonly asked: Promise<'stop'>;
  private times = 0;
  private readonly onSignal: () => void;

  /** @param atOnce called at every further Ctrl-C */
  constructor(say: (message: string) => void, atOnce: () => void) {
    let ask: (stop: 'stop') => void = () => {};
    this.asked = new Promise((resolve) => {
      ask = resolve;
    });
    this.onSignal = () => {
      if (++this.times > 1) return atOnce();
      say('\nStopping. Ctrl-C again stops at once; what is in the lake is loaded by the next run.');
      ask('stop');
    };
    process.on('SIGINT', this.onSignal).on('SIGTERM', this.onSignal);
  }

  /** Leaves signals to whoever else wants them. */
  forget(): void {
    process.off('SIGINT', this.onSignal).off('SIGTERM', this.onSignal);
  }
}
