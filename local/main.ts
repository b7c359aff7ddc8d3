/** `npm start`: the whole pipeline on this machine. */
import { runOnProcess } from '../scripts/terminal/terminal';
import { EXIT, runStart } from './run/command';

runOnProcess(async (args, terminal) => {
  const exitCode = await runStart(args, terminal);
  // A send that was cut short would go on trying to reach a stream that is gone.
  if (exitCode === EXIT.interrupted) process.exit(exitCode);
  return exitCode;
});
