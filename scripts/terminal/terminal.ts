/** Where commands write, and the process they usually do it in. */

export interface Terminal {
  /** What was asked for. */
  out(text: string): void;
  /**
   * Writes as `out` does, and waits until it has gone on: for what is too much to wait in memory for a slow reader.
   * @returns whether anybody still reads. @default `out`
   */
  readonly outInTime?: (text: string) => Promise<boolean>;
  /** Progress and everything else that is for people. */
  err(text: string): void;
  /** Characters of a line of `out`; undefined when it goes into a file or another program. */
  readonly columns?: number | undefined;
  /** Where a progress bar can be drawn; undefined when nobody watches. */
  readonly bars?: NodeJS.WritableStream | undefined;
}

/** Runs a command with the arguments and streams of this process; its exit code becomes that of the process. */
export function runOnProcess(
  run: (args: readonly string[], terminal: Terminal) => number | Promise<number>,
): void {
  // The SDK says on every run that a later one will want a later Node: nothing that whoever runs a command can act on.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  for (const stream of [process.stdout, process.stderr]) stream.on('error', forgiveClosedPipe);
  const terminal: Terminal = {
    out: (text) => process.stdout.write(text),
    outInTime: (text) =>
      new Promise((resolve) => {
        process.stdout.write(text, (error) => resolve(!error));
      }),
    err: (text) => process.stderr.write(text),
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
    bars: process.stderr.isTTY ? process.stderr : undefined,
  };
  void Promise.resolve(run(process.argv.slice(2), terminal)).then((exitCode) => {
    process.exitCode = exitCode;
  });
}

/** `| head` stops reading when it has enough: no reason to stop what is being done. */
function forgiveClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
