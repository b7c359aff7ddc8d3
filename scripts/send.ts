/** `npm run send`: sends files of events or access logs to a stream. */
import { runSend } from './send/cli';

// Says on every run that a later SDK will want a later Node: nothing that somebody who sends files can act on.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

runSend(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
