/** `npm run send`: sends files of events or access logs to a stream. */
import { runSend } from './send/cli';

runSend(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
