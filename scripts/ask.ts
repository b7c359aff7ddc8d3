/** `npm run ask`: ready questions about visits, answered by the warehouse. */
import { runAsk } from './ask/cli';

// Says on every run that a later SDK will want a later Node: nothing that somebody with a question can act on.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

void runAsk(process.argv.slice(2), {
  // Undefined when the output goes into a file or another program.
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  nowMillis: Date.now,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
