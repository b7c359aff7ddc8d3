/** Ctrl-C as a signal for whatever runs elsewhere and has to be stopped there. */

/**
 * Aborts when somebody wants the command to end. Asked a second time, the process ends at once, as ever.
 * @returns the signal; its reason is an error for the person at the terminal
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort(new Error('Cancelled.'));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  return controller.signal;
}
